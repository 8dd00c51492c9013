// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/kernel.hpp>
#include <inlay/lower/lower.hpp>

namespace inlay::targets {

/// What all targets have that run by OpenCL; opencl_program makes the source from it.
/// @tparam Traits has `device`, the numbers of a GPU
template <class Traits>
struct opencl_device {
  static constexpr kernels::opencl::device device = Traits::device;
  static constexpr std::string_view name = device.name;
  static constexpr std::int64_t alignment = 64;
  static constexpr inlay::lowering lowering{.fuses = [](const step::inverted_residual& block) {
    return kernels::opencl::fuses(block, Traits::device);
  }};

  template <auto Step>
  static constexpr std::size_t packed_bytes = [] {
    constexpr auto step = Step;
    return kernels::opencl::packed_bytes_of(step, device);
  }();
  template <auto Step>
  static constexpr std::size_t scratch_bytes = 0;
  template <auto Step>
  static constexpr std::int32_t units = 1;

  template <auto Step>
  static constexpr void pack(kernels::layers constants, unsigned char* out) noexcept {
    constexpr auto step = Step;
    kernels::opencl::pack_step(step, device, constants, out);
  }

  /// The kernel that a step gets, for reports.
  static constexpr std::string_view kernel_of(const step::any& /*what*/) { return name; }
};

} // namespace inlay::targets
