// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/error.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace inlay::opencl {

/// A device and what a program for it depends on.
struct device {
  cl::Device handle{};
  std::string name{};
  std::string vendor{};
  /// The version of OpenCL that it has, and that of its driver.
  std::string version{};
  std::string driver{};
  std::string platform{};
  std::string extensions{};
  bool is_gpu = false;
  /// Whether device and host read the same memory, so that mapping copies nothing.
  bool shares_memory = false;
  /// Whether the driver keeps what it compiles in files of its own. PoCL does; it compiles at a
  /// kernel's first launch, so its binaries hold little, and it compiles everything once more to
  /// make them.
  bool keeps_kernels = false;
  std::uint64_t memory_bytes = 0;
  std::uint32_t compute_units = 0;
};

namespace detail {

/// Asks for one property after the other, and keeps the first failure.
class device_reader {
public:
  explicit device_reader(const cl::Device& device) : device_(device) {}

  std::string words(cl_device_info what) {
    std::string text;
    keep(device_.getInfo(what, &text));
    while (!text.empty() && text.back() == '\0') {
      text.pop_back();
    }
    return text;
  }
  template <class Number>
  Number number(cl_device_info what) {
    Number value = 0;
    keep(device_.getInfo(what, &value));
    return value;
  }
  [[nodiscard]] error failed() const { return error_of("clGetDeviceInfo", code_); }

private:
  void keep(cl_int code) { code_ = code_ == CL_SUCCESS ? code : code_; }

  const cl::Device& device_;
  cl_int code_ = CL_SUCCESS;
};

} // namespace detail

/// What a device says about itself.
inline result<device> describe(const cl::Device& handle) {
  detail::device_reader read(handle);
  device found;
  found.handle = handle;
  found.name = read.words(CL_DEVICE_NAME);
  found.vendor = read.words(CL_DEVICE_VENDOR);
  found.version = read.words(CL_DEVICE_VERSION);
  found.driver = read.words(CL_DRIVER_VERSION);
  found.extensions = read.words(CL_DEVICE_EXTENSIONS);
  found.is_gpu = (read.number<cl_device_type>(CL_DEVICE_TYPE) & CL_DEVICE_TYPE_GPU) != 0;
  found.shares_memory = read.number<cl_bool>(CL_DEVICE_HOST_UNIFIED_MEMORY) != 0;
  found.memory_bytes = read.number<cl_ulong>(CL_DEVICE_GLOBAL_MEM_SIZE);
  found.compute_units = read.number<cl_uint>(CL_DEVICE_MAX_COMPUTE_UNITS);
  cl_platform_id platform = nullptr;
  const cl_int code = handle.getInfo(CL_DEVICE_PLATFORM, &platform);
  if (error failed = error_of("clGetDeviceInfo", code)) {
    return failed;
  }
  if (error failed = read.failed()) {
    return failed;
  }
  const cl_int named = cl::Platform(platform).getInfo(CL_PLATFORM_NAME, &found.platform);
  if (error failed = error_of("clGetPlatformInfo", named)) {
    return failed;
  }
  found.keeps_kernels = found.platform == "Portable Computing Language";
  return found;
}

/// All devices of all drivers, in the order in which OpenCL names them: at least one, or the error
/// `no_platform` or `no_device`.
inline result<std::vector<device>> devices() {
  std::vector<cl::Platform> platforms;
  const cl_int code = cl::Platform::get(&platforms);
  if (error failed = error_of("clGetPlatformIDs", code)) {
    return failed;
  }
  if (platforms.empty()) {
    return error{failure::no_platform, {}, CL_SUCCESS, {}};
  }
  std::vector<device> all;
  for (const cl::Platform& platform : platforms) {
    std::vector<cl::Device> handles;
    const cl_int found = platform.getDevices(CL_DEVICE_TYPE_ALL, &handles);
    if (found == CL_DEVICE_NOT_FOUND) {
      continue;
    }
    if (error failed = error_of("clGetDeviceIDs", found)) {
      return failed;
    }
    for (const cl::Device& handle : handles) {
      result<device> one = describe(handle);
      if (!one) {
        return one.failed();
      }
      all.push_back(std::move(*one));
    }
  }
  if (all.empty()) {
    return error_of("clGetDeviceIDs", CL_DEVICE_NOT_FOUND);
  }
  return all;
}

/// @param number of `devices()`; negative: the first GPU, or else the first device
inline result<device> choose_device(int number = -1) {
  result<std::vector<device>> all = devices();
  if (!all) {
    return all.failed();
  }
  if (number >= 0) {
    if (static_cast<std::size_t>(number) >= all->size()) {
      return error{failure::no_device,
                   {},
                   CL_SUCCESS,
                   "expected a device from 0 to " + std::to_string(all->size() - 1) + ", found " +
                       std::to_string(number)};
    }
    return (*all)[static_cast<std::size_t>(number)];
  }
  for (const device& one : *all) {
    if (one.is_gpu) {
      return one;
    }
  }
  return all->front();
}

/// A context and an in-order queue of one's own.
/// @param profiling whether its events know when they began and ended
inline result<cl::CommandQueue> make_queue(const device& on, bool profiling = false) {
  cl_int code = CL_SUCCESS;
  const cl::Context context(on.handle, nullptr, nullptr, nullptr, &code);
  if (error failed = error_of("clCreateContext", code)) {
    return failed;
  }
  const cl_command_queue_properties wishes = profiling ? CL_QUEUE_PROFILING_ENABLE : 0;
  const cl::CommandQueue queue(context, on.handle, wishes, &code);
  if (error failed = error_of("clCreateCommandQueue", code)) {
    return failed;
  }
  return queue;
}

} // namespace inlay::opencl
