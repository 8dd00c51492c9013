// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/error.hpp>
#include <inlay/program/opencl/program_view.hpp>

#include <utility>
#include <vector>

namespace inlay::opencl {

/// A program's arena and packed constants in a device's memory, and how inputs and outputs pass
/// between them and the host.
class device_memory {
public:
  device_memory(const cl::CommandQueue& queue, const program_view& program)
      : queue_(queue), program_(program), mapped_outputs_(program.outputs.size()) {}

  /// Makes both buffers and packs the constants.
  /// @param shares_memory whether the device and the host have one memory
  error allocate(const cl::Context& context, bool shares_memory);

  [[nodiscard]] const cl::Buffer& arena() const noexcept { return arena_; }
  [[nodiscard]] const cl::Buffer& parameters() const noexcept { return parameters_; }

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

  /// Enqueues what an inference begins with.
  /// @param image the input's bytes; null: what was written to map_input()
  /// @param after what has to end before; may be null
  error give_input(const unsigned char* image, const std::vector<cl::Event>* after) noexcept {
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

  /// Enqueues what an inference ends with.
  /// @param outputs where each output is written to; null: it is mapped
  /// @param done the end of the last of them
  error take_outputs(unsigned char* const* outputs, cl::Event& done) noexcept {
    for (std::size_t i = 0; i < program_.outputs.size(); ++i) {
      const arena_place& from = program_.outputs[i];
      cl_int code = CL_SUCCESS;
      if (outputs != nullptr) {
        code = queue_.enqueueReadBuffer(arena_, CL_FALSE, from.offset, from.bytes, outputs[i],
                                        nullptr, &done);
      } else {
        mapped_outputs_[i] = static_cast<unsigned char*>(queue_.enqueueMapBuffer(
            arena_, CL_FALSE, CL_MAP_READ, from.offset, from.bytes, nullptr, &done, &code));
      }
      if (error failed =
              error_of(outputs != nullptr ? "clEnqueueReadBuffer" : "clEnqueueMapBuffer", code)) {
        return failed;
      }
    }
    return {};
  }

  /// Unmaps all, at the end.
  void release() noexcept {
    for (unsigned char*& each : mapped_outputs_) {
      static_cast<void>(unmap(each));
    }
    static_cast<void>(unmap(mapped_input_));
  }

private:
  error unmap(unsigned char*& mapped) noexcept {
    if (mapped == nullptr) {
      return {};
    }
    return error_of("clEnqueueUnmapMemObject",
                    queue_.enqueueUnmapMemObject(arena_, std::exchange(mapped, nullptr)));
  }

  cl::CommandQueue queue_;
  program_view program_;
  cl::Buffer arena_{};
  cl::Buffer parameters_{};
  unsigned char* mapped_input_ = nullptr;
  std::vector<unsigned char*> mapped_outputs_;
};

inline error device_memory::allocate(const cl::Context& context, bool shares_memory) {
  cl_int code = CL_SUCCESS;
  // Memory that the driver allocates where the host can read it costs nothing where it is shared.
  const cl_mem_flags place = shares_memory ? CL_MEM_ALLOC_HOST_PTR : 0;
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

} // namespace inlay::opencl
