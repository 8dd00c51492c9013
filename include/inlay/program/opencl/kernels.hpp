// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/binary_cache.hpp>
#include <inlay/program/opencl/device.hpp>
#include <inlay/program/opencl/launch.hpp>

#include <span>

namespace inlay::opencl {

/// Where a session's kernels come from.
struct origin {
  /// Whether the binary was taken from the cache; else the source was compiled.
  bool from_cache = false;
  /// What was found in the cache.
  binary_cache::state cache = binary_cache::state::off;
  /// The cache's entry; empty where there is no cache.
  std::string file{};
  /// Why the entry was not used or not written, if that is not because there was none.
  std::string note{};
};

/// A program that is built, with one kernel for each launch: kernels keep their arguments, so that
/// an inference sets none.
struct kernels {
  cl::Program program{};
  std::vector<cl::Kernel> of_launch{};
  opencl::origin origin{};
};

namespace detail {

/// Builds kernels from a binary or from source.
class kernel_builder {
public:
  kernel_builder(const cl::Context& context, const device& on, std::span<const launch> launches,
                 const std::string& options)
      : context_(context), device_(on), launches_(launches), options_(options) {}

  result<kernels> from_source(const std::string& source) const {
    cl_int code = CL_SUCCESS;
    kernels made;
    made.program = cl::Program(context_, source, false, &code);
    if (error failed = error_of("clCreateProgramWithSource", code)) {
      return failed;
    }
    if (error failed = finish(made)) {
      return failed;
    }
    return made;
  }

  result<kernels> from_binary(const std::vector<unsigned char>& binary) const {
    cl_int code = CL_SUCCESS;
    kernels made;
    made.program = cl::Program(context_, {device_.handle}, {binary}, nullptr, &code);
    if (error failed = error_of("clCreateProgramWithBinary", code)) {
      return failed;
    }
    if (error failed = finish(made)) {
      return failed;
    }
    made.origin.from_cache = true;
    return made;
  }

private:
  error finish(kernels& made) const {
    const cl_int built = made.program.build({device_.handle}, options_.c_str());
    if (error failed = error_of("clBuildProgram", built)) {
      if (failed.kind == failure::call_failed) {
        failed.kind = failure::build_failed;
      }
      made.program.getBuildInfo(device_.handle, CL_PROGRAM_BUILD_LOG, &failed.log);
      return failed;
    }
    for (const launch& each : launches_) {
      cl_int code = CL_SUCCESS;
      const std::string name(each.kernel);
      made.of_launch.emplace_back(made.program, name.c_str(), &code);
      if (error failed = error_of("clCreateKernel", code)) {
        failed.log = "kernel " + name;
        return failed;
      }
      if (error failed = check_size(made.of_launch.back(), each)) {
        return failed;
      }
    }
    return {};
  }

  /// Work-groups can be too large for a device, or for what a kernel leaves of its registers.
  error check_size(const cl::Kernel& kernel, const launch& each) const {
    std::size_t most = 0;
    const cl_int code = kernel.getWorkGroupInfo(device_.handle, CL_KERNEL_WORK_GROUP_SIZE, &most);
    if (error failed = error_of("clGetKernelWorkGroupInfo", code)) {
      return failed;
    }
    std::size_t wanted = 1;
    for (const std::uint32_t extent : each.local) {
      wanted *= extent > 0 ? extent : 1;
    }
    if (wanted > most) {
      return {failure::device_too_small,
              {},
              CL_SUCCESS,
              "kernel " + std::string(each.kernel) + ": expected work-groups of " +
                  std::to_string(wanted) + " items, found " + device_.name + ", which runs " +
                  std::to_string(most) + " of it"};
    }
    return {};
  }

  const cl::Context& context_;
  const device& device_;
  std::span<const launch> launches_;
  const std::string& options_;
};

/// The binary for a program's only device.
inline result<std::string> binary_of(const cl::Program& program) {
  std::vector<std::vector<unsigned char>> binaries;
  const cl_int code = program.getInfo(CL_PROGRAM_BINARIES, &binaries);
  if (error failed = error_of("clGetProgramInfo", code)) {
    return failed;
  }
  std::string binary;
  for (const std::vector<unsigned char>& each : binaries) {
    binary.assign(each.begin(), each.end());
  }
  return binary;
}

} // namespace detail

/// Builds one kernel for each launch: from the cache's binary, where it is there, sound and made
/// for this device and driver, else from source, whose binary is then kept.
/// @param hash of the source and what it was made for
/// @param folder of the cache; empty: none
inline result<kernels> build_kernels(const cl::Context& context, const device& on,
                                     const std::string& source, std::uint64_t hash,
                                     std::span<const launch> launches, const std::string& options,
                                     const std::filesystem::path& folder) {
  std::string key = std::to_string(hash) + "\n" + std::to_string(hash_of(source));
  for (const std::string* each :
       {&options, &on.platform, &on.vendor, &on.name, &on.version, &on.driver}) {
    key.append("\n").append(*each);
  }
  const binary_cache cache(folder, std::move(key));
  const detail::kernel_builder builder(context, on, launches, options);
  std::vector<unsigned char> binary;
  origin from;
  from.file = cache.file().string();
  from.cache = cache.read(binary);
  if (from.cache == binary_cache::state::found) {
    if (result<kernels> made = builder.from_binary(binary)) {
      from.from_cache = true;
      made->origin = std::move(from);
      return made;
    } else {
      from.note = "the driver refuses the cache's binary: " + made.failed().message();
    }
  }
  result<kernels> made = builder.from_source(source);
  if (!made) {
    return made;
  }
  // Only now, because drivers such as Mali's compile when a kernel is made.
  if (from.cache != binary_cache::state::off) {
    if (const result<std::string> fresh = detail::binary_of(made->program)) {
      from.note += cache.write(*fresh);
    } else {
      from.note += "the driver gives no binary: " + fresh.failed().message();
    }
  }
  made->origin = std::move(from);
  return made;
}

} // namespace inlay::opencl
