// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/build_options.hpp>
#include <inlay/program/opencl/device_memory.hpp>
#include <inlay/program/opencl/kernel_time.hpp>
#include <inlay/program/opencl/kernels.hpp>
#include <inlay/program/opencl/prepared_launch.hpp>

#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace inlay::opencl {

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
    memory_.release();
    queue_.finish(); // it may still write to the caller's memory
  }

  [[nodiscard]] const opencl::device& device() const noexcept { return device_; }
  [[nodiscard]] const cl::CommandQueue& queue() const noexcept { return queue_; }
  [[nodiscard]] opencl::dot dot() const noexcept { return dot_; }
  [[nodiscard]] const opencl::origin& origin() const noexcept { return kernels_.origin; }

  /// The input's place in the device's memory, for the host to write to until the next inference.
  result<unsigned char*> map_input() { return memory_.map_input(); }

  /// Where output `index` is mapped, after an inference that was asked to map outputs.
  [[nodiscard]] const unsigned char* mapped_output(std::size_t index) const noexcept {
    return memory_.mapped_output(index);
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
    if (error failed = memory_.give_input(image, nullptr)) {
      return failed;
    }
    events ended(launches_.size());
    for (std::size_t i = 0; i < launches_.size(); ++i) {
      if (error failed = launches_[i].enqueue(queue_, &ended[i])) {
        return failed;
      }
    }
    if (error failed = error_of("clFinish", queue_.finish())) {
      return failed;
    }
    return times_of(program_.launches, ended);
  }

  /// Runs an inference launch by launch.
  /// @param tap called as tap(launch, arena) after each, with the arena's bytes
  template <class Tap>
  error observe(const unsigned char* image, Tap&& tap) {
    if (error failed = memory_.give_input(image, nullptr)) {
      return failed;
    }
    std::vector<unsigned char> arena(program_.arena_bytes);
    for (std::size_t i = 0; i < launches_.size(); ++i) {
      if (error failed = launches_[i].enqueue(queue_, nullptr)) {
        return failed;
      }
      const cl_int code =
          queue_.enqueueReadBuffer(memory_.arena(), CL_TRUE, 0, arena.size(), arena.data());
      if (error failed = error_of("clEnqueueReadBuffer", code)) {
        return failed;
      }
      tap(program_.launches[i], std::span<const unsigned char>(arena));
    }
    return {};
  }

private:
  runner(const cl::CommandQueue& queue, const program_view& program)
      : queue_(queue), program_(program), memory_(queue, program) {}

  error open(const session_options& options);
  result<kernels> build(const cl::Context& context, const session_options& options) const;

  error enqueue_all(const unsigned char* image, unsigned char* const* outputs,
                    const events* after) noexcept {
    if (error failed = memory_.give_input(image, after)) {
      return failed;
    }
    for (const prepared_launch& each : launches_) {
      if (error failed = each.enqueue(queue_, nullptr)) {
        return failed;
      }
    }
    if (error failed = memory_.take_outputs(outputs, done_)) {
      return failed;
    }
    return error_of("clFlush", queue_.flush());
  }

  cl::CommandQueue queue_;
  program_view program_;
  opencl::device device_{};
  opencl::dot dot_ = dot::plain;
  kernels kernels_{};
  device_memory memory_;
  std::vector<prepared_launch> launches_{};
  cl::Event done_{};
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
  if (error failed = memory_.allocate(context, device_.shares_memory)) {
    return failed;
  }
  result<std::vector<prepared_launch>> launches =
      prepare_launches(program_.launches, kernels_, memory_.arena(), memory_.parameters());
  if (!launches) {
    return launches.failed();
  }
  launches_ = std::move(*launches);
  return {};
}

inline result<kernels> runner::build(const cl::Context& context,
                                     const session_options& options) const {
  return build_kernels(context, device_, options.prelude + std::string(program_.source),
                       program_.hash, program_.launches, std::string(opencl::build_options(dot_)),
                       options.leave_to_driver && device_.keeps_kernels ? std::filesystem::path()
                                                                        : options.cache_folder);
}

} // namespace inlay::opencl
