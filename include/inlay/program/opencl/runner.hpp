// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/build_options.hpp>
#include <inlay/program/opencl/kernels.hpp>

#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace inlay::opencl {

/// Bytes in the arena.
struct arena_place {
  std::size_t offset = 0;
  std::size_t bytes = 0;
};

/// An OpenCL program without its types.
struct program_view {
  std::string_view source{};
  std::span<const launch> launches{};
  std::size_t arena_bytes = 0;
  std::size_t parameters_bytes = 0;
  arena_place input{};
  std::span<const arena_place> outputs{};
  /// Of the source and what it was made for.
  std::uint64_t hash = 0;
  /// Writes `parameters_bytes` bytes: the packed constants.
  void (*prepare)(unsigned char* parameters) noexcept = nullptr;
};

/// How a session is made.
struct session_options {
  /// Where binaries are kept; empty: nowhere.
  std::filesystem::path cache_folder = default_cache_folder();
  /// Keep none for a driver that does so itself (see device::keeps_kernels).
  bool leave_to_driver = true;
  /// How bytes are multiplied; without it, in the best way that the device has.
  std::optional<opencl::dot> dot{};
  /// OpenCL C that is compiled before the source.
  std::string prelude{};
};

/// When one launch ran, in µs since the first one began.
struct kernel_time {
  std::string_view kernel{};
  int step = 0;
  double begin = 0;
  double end = 0;
};

/// A program in a context: its kernels, arena and parameters. Made once; inferences allocate
/// nothing. One thread at a time may use it.
class runner {
public:
  using events = std::vector<cl::Event>;

  /// @param queue in order; its context and device are the runner's
  static result<std::unique_ptr<runner>>
  make(const cl::CommandQueue& queue, const program_view& program, const session_options& options) {
    std::unique_ptr<runner> made(new runner(queue, program));
    if (error failed = made->open(options)) {
      return failed;
    }
    return made;
  }

  runner(const runner&) = delete;
  runner& operator=(const runner&) = delete;
  ~runner() {
    for (unsigned char*& each : mapped_outputs_) {
      static_cast<void>(unmap(each));
    }
    static_cast<void>(unmap(mapped_input_));
    queue_.finish(); // it may still write to the caller's memory
  }

  [[nodiscard]] const opencl::device& device() const noexcept { return device_; }
  [[nodiscard]] const cl::CommandQueue& queue() const noexcept { return queue_; }
  [[nodiscard]] opencl::dot dot() const noexcept { return dot_; }
  [[nodiscard]] const opencl::origin& origin() const noexcept { return kernels_.origin; }

  /// The input's place in the device's memory, for the host to write to until the next inference.
  result<unsigned char*> map_input() {
    for (unsigned char*& each : mapped_outputs_) { // they may share bytes with the input
      if (error failed = unmap(each)) {
        return failed;
      }
    }
    if (mapped_input_ == nullptr) {
      cl_int code = CL_SUCCESS;
      void* at = queue_.enqueueMapBuffer(arena_, CL_TRUE, CL_MAP_WRITE, program_.input.offset,
                                         program_.input.bytes, nullptr, nullptr, &code);
      if (error failed = error_of("clEnqueueMapBuffer", code)) {
        return failed;
      }
      mapped_input_ = static_cast<unsigned char*>(at);
    }
    return mapped_input_;
  }

  /// Where output `index` is mapped, after an inference that was asked to map outputs.
  [[nodiscard]] const unsigned char* mapped_output(std::size_t index) const noexcept {
    return mapped_outputs_[index];
  }

  /// Enqueues an inference and returns.
  /// @param image the input's bytes, until the inference has ended; null: what was written to
  ///   map_input()
  /// @param outputs where each output is written to; null: it is mapped
  /// @param after what has to end before
  error enqueue(const unsigned char* image, unsigned char* const* outputs,
                const events* after = nullptr) noexcept {
    error failed = enqueue_all(image, outputs, after);
    pending_ = !failed;
    if (failed) {
      queue_.finish(); // as wait does
    }
    return failed;
  }

  /// The end of the last inference that was enqueued.
  [[nodiscard]] const cl::Event& done() const noexcept { return done_; }

  /// Blocks until the last inference that was enqueued has ended.
  error wait() noexcept {
    if (!pending_) {
      return {};
    }
    pending_ = false;
    error failed = error_of("clWaitForEvents", done_.wait());
    if (failed) {
      queue_.finish(); // the caller's memory is the caller's again, whatever happened
    }
    return failed;
  }

  /// Runs an inference and says when each launch ran. The queue must have been made for profiling.
  result<std::vector<kernel_time>> profile(const unsigned char* image) {
    if (error failed = give_input(image, nullptr)) {
      return failed;
    }
    events ended(launches_.size());
    for (std::size_t i = 0; i < launches_.size(); ++i) {
      if (error failed = enqueue_kernel(launches_[i], &ended[i])) {
        return failed;
      }
    }
    if (error failed = error_of("clFinish", queue_.finish())) {
      return failed;
    }
    return times_of(ended);
  }

  /// Runs an inference launch by launch.
  /// @param tap called as tap(launch, arena) after each, with the arena's bytes
  template <class Tap>
  error observe(const unsigned char* image, Tap&& tap) {
    if (error failed = give_input(image, nullptr)) {
      return failed;
    }
    std::vector<unsigned char> arena(program_.arena_bytes);
    for (std::size_t i = 0; i < launches_.size(); ++i) {
      if (error failed = enqueue_kernel(launches_[i], nullptr)) {
        return failed;
      }
      const cl_int code = queue_.enqueueReadBuffer(arena_, CL_TRUE, 0, arena.size(), arena.data());
      if (error failed = error_of("clEnqueueReadBuffer", code)) {
        return failed;
      }
      tap(program_.launches[i], std::span<const unsigned char>(arena));
    }
    return {};
  }

private:
  /// A launch as the queue takes it.
  struct prepared {
    cl::Kernel kernel;
    cl::NDRange global;
    cl::NDRange local;
  };

  runner(const cl::CommandQueue& queue, const program_view& program)
      : queue_(queue), program_(program), mapped_outputs_(program.outputs.size()) {}

  error open(const session_options& options);
  result<kernels> build(const cl::Context& context, const session_options& options) const;
  error make_buffers(const cl::Context& context);
  error make_launches();
  result<std::vector<kernel_time>> times_of(const events& ended) const;

  error enqueue_all(const unsigned char* image, unsigned char* const* outputs,
                    const events* after) noexcept {
    if (error failed = give_input(image, after)) {
      return failed;
    }
    for (const prepared& each : launches_) {
      if (error failed = enqueue_kernel(each, nullptr)) {
        return failed;
      }
    }
    if (error failed = take_outputs(outputs)) {
      return failed;
    }
    return error_of("clFlush", queue_.flush());
  }

  error enqueue_kernel(const prepared& each, cl::Event* ended) noexcept {
    return error_of("clEnqueueNDRangeKernel",
                    queue_.enqueueNDRangeKernel(each.kernel, cl::NullRange, each.global, each.local,
                                                nullptr, ended));
  }

  error give_input(const unsigned char* image, const events* after) noexcept {
    for (unsigned char*& each : mapped_outputs_) {
      if (error failed = unmap(each)) {
        return failed;
      }
    }
    if (image == nullptr) {
      if (after != nullptr && !after->empty()) {
        const cl_int code = queue_.enqueueBarrierWithWaitList(after);
        if (error failed = error_of("clEnqueueBarrierWithWaitList", code)) {
          return failed;
        }
      }
      return unmap(mapped_input_);
    }
    if (error failed = unmap(mapped_input_)) {
      return failed;
    }
    return error_of("clEnqueueWriteBuffer",
                    queue_.enqueueWriteBuffer(arena_, CL_FALSE, program_.input.offset,
                                              program_.input.bytes, image, after));
  }

  error take_outputs(unsigned char* const* outputs) noexcept {
    for (std::size_t i = 0; i < program_.outputs.size(); ++i) {
      const arena_place& from = program_.outputs[i];
      cl_int code = CL_SUCCESS;
      if (outputs != nullptr) {
        code = queue_.enqueueReadBuffer(arena_, CL_FALSE, from.offset, from.bytes, outputs[i],
                                        nullptr, &done_);
      } else {
        mapped_outputs_[i] = static_cast<unsigned char*>(queue_.enqueueMapBuffer(
            arena_, CL_FALSE, CL_MAP_READ, from.offset, from.bytes, nullptr, &done_, &code));
      }
      if (error failed =
              error_of(outputs != nullptr ? "clEnqueueReadBuffer" : "clEnqueueMapBuffer", code)) {
        return failed;
      }
    }
    return {};
  }

  error unmap(unsigned char*& mapped) noexcept {
    if (mapped == nullptr) {
      return {};
    }
    return error_of("clEnqueueUnmapMemObject",
                    queue_.enqueueUnmapMemObject(arena_, std::exchange(mapped, nullptr)));
  }

  cl::CommandQueue queue_;
  program_view program_;
  opencl::device device_{};
  opencl::dot dot_ = dot::plain;
  kernels kernels_{};
  cl::Buffer arena_{};
  cl::Buffer parameters_{};
  std::vector<prepared> launches_{};
  cl::Event done_{};
  unsigned char* mapped_input_ = nullptr;
  std::vector<unsigned char*> mapped_outputs_;
  bool pending_ = false;
};

inline error runner::open(const session_options& options) {
  cl::Context context;
  cl::Device handle;
  cl_command_queue_properties properties = 0;
  for (const cl_int code :
       {queue_.getInfo(CL_QUEUE_CONTEXT, &context), queue_.getInfo(CL_QUEUE_DEVICE, &handle),
        queue_.getInfo(CL_QUEUE_PROPERTIES, &properties)}) {
    if (error failed = error_of("clGetCommandQueueInfo", code)) {
      failed.kind = failure::wrong_queue;
      return failed;
    }
  }
  if ((properties & CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE) != 0) {
    return {failure::wrong_queue,
            {},
            CL_SUCCESS,
            "expected a queue that runs commands in order, found one that runs them out of order"};
  }
  result<opencl::device> found = describe(handle);
  if (!found) {
    return found.failed();
  }
  device_ = std::move(*found);
  dot_ = options.dot.value_or(dot_of(device_.extensions));
  result<kernels> built = build(context, options);
  if (!built && built.failed().kind == failure::build_failed && !options.dot &&
      dot_ != dot::plain) {
    // An extension may be there without each of its functions.
    const std::string why = built.failed().message();
    dot_ = dot::plain;
    built = build(context, options);
    if (built) {
      built->origin.note += "built without the device's dot product: " + why;
    }
  }
  if (!built) {
    return built.failed();
  }
  kernels_ = std::move(*built);
  if (error failed = make_buffers(context)) {
    return failed;
  }
  return make_launches();
}

inline result<kernels> runner::build(const cl::Context& context,
                                     const session_options& options) const {
  return build_kernels(context, device_, options.prelude + std::string(program_.source),
                       program_.hash, program_.launches, std::string(opencl::build_options(dot_)),
                       options.leave_to_driver && device_.keeps_kernels ? std::filesystem::path()
                                                                        : options.cache_folder);
}

inline error runner::make_buffers(const cl::Context& context) {
  cl_int code = CL_SUCCESS;
  // Memory that the driver allocates where the host can read it costs nothing where it is shared.
  const cl_mem_flags place = device_.shares_memory ? CL_MEM_ALLOC_HOST_PTR : 0;
  const auto size = [](std::size_t bytes) { return bytes > 0 ? bytes : 1; };
  arena_ =
      cl::Buffer(context, CL_MEM_READ_WRITE | place, size(program_.arena_bytes), nullptr, &code);
  if (error failed = error_of("clCreateBuffer", code)) {
    return failed;
  }
  parameters_ = cl::Buffer(context, CL_MEM_READ_ONLY | place, size(program_.parameters_bytes),
                           nullptr, &code);
  if (error failed = error_of("clCreateBuffer", code)) {
    return failed;
  }
  if (program_.parameters_bytes == 0) {
    return {};
  }
  void* at = queue_.enqueueMapBuffer(parameters_, CL_TRUE, CL_MAP_WRITE, 0,
                                     program_.parameters_bytes, nullptr, nullptr, &code);
  if (error failed = error_of("clEnqueueMapBuffer", code)) {
    return failed;
  }
  program_.prepare(static_cast<unsigned char*>(at));
  return error_of("clEnqueueUnmapMemObject", queue_.enqueueUnmapMemObject(parameters_, at));
}

inline error runner::make_launches() {
  for (std::size_t i = 0; i < program_.launches.size(); ++i) {
    const launch& from = program_.launches[i];
    cl::Kernel& kernel = kernels_.of_launch[i];
    cl_int code = kernel.setArg(0, arena_);
    code = code == CL_SUCCESS ? kernel.setArg(1, parameters_) : code;
    for (int a = 0; a < from.argument_count && code == CL_SUCCESS; ++a) {
      code = kernel.setArg(static_cast<cl_uint>(a + 2),
                           cl_int{from.arguments[static_cast<std::size_t>(a)]});
    }
    if (error failed = error_of("clSetKernelArg", code)) {
      failed.log = "kernel " + std::string(from.kernel);
      return failed;
    }
    const bool grouped = from.local[0] > 0;
    launches_.push_back(
        {kernel, cl::NDRange(from.global[0], from.global[1], from.global[2]),
         grouped ? cl::NDRange(from.local[0], from.local[1], from.local[2]) : cl::NullRange});
  }
  return {};
}

inline result<std::vector<kernel_time>> runner::times_of(const events& ended) const {
  std::vector<kernel_time> times;
  cl_ulong first = 0;
  for (std::size_t i = 0; i < ended.size(); ++i) {
    cl_ulong begin = 0;
    cl_ulong end = 0;
    cl_int code = ended[i].getProfilingInfo(CL_PROFILING_COMMAND_START, &begin);
    code = code == CL_SUCCESS ? ended[i].getProfilingInfo(CL_PROFILING_COMMAND_END, &end) : code;
    if (error failed = error_of("clGetEventProfilingInfo", code)) {
      failed.log = code == CL_PROFILING_INFO_NOT_AVAILABLE
                       ? "expected a queue made with CL_QUEUE_PROFILING_ENABLE"
                       : "";
      return failed;
    }
    first = i == 0 ? begin : first;
    times.push_back({program_.launches[i].kernel, program_.launches[i].step,
                     static_cast<double>(begin - first) / 1e3,
                     static_cast<double>(end - first) / 1e3});
  }
  return times;
}

} // namespace inlay::opencl
