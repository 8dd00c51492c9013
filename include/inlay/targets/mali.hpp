// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/opencl_device.hpp>

namespace inlay::targets {

/// Arm's GPUs that multiply four bytes by four in one instruction. Bifrost: G31, G52, G76;
/// Valhall: G57, G77, G610.
enum class mali_gpu : std::uint8_t { g31, g52, g76, g57, g77, g610 };

namespace detail {

/// Cores are those of common chips, and threads those of Arm's published architectures.
/// With 64 registers or fewer a Bifrost core runs half of its threads, with 32 all of them; a tile
/// of 4 x 4 takes 64, which loads less for each product.
constexpr kernels::opencl::device mali_device(mali_gpu gpu) {
  kernels::opencl::device device{.registers = 64,
                                 .vector_bytes = 16,
                                 .group = 64,
                                 .local_bytes = 32768,
                                 .bytes_per_cycle = 16,
                                 .launch_cycles = 16000,
                                 .wide_sums = false};
  const auto set = [&](std::string_view name, std::int32_t cores, std::int32_t threads,
                       std::int32_t macs) {
    device.name = name;
    device.cores = cores;
    device.threads_per_core = threads;
    device.macs_per_cycle = macs;
  };
  switch (gpu) {
  case mali_gpu::g31:
    set("Mali-G31", 2, 128, 32);
    break;
  case mali_gpu::g52:
    set("Mali-G52", 2, 256, 96);
    break;
  case mali_gpu::g76:
    set("Mali-G76", 10, 256, 96);
    break;
  case mali_gpu::g57:
    set("Mali-G57", 3, 512, 128);
    break;
  case mali_gpu::g77:
    set("Mali-G77", 9, 512, 128);
    break;
  case mali_gpu::g610:
    set("Mali-G610", 4, 512, 256);
    break;
  }
  return device;
}

template <mali_gpu Gpu>
struct mali_traits {
  static constexpr kernels::opencl::device device = mali_device(Gpu);
};

} // namespace detail

/// One of Arm's Mali GPUs, by OpenCL. Sums, weights and inputs of a tile stay in registers, four
/// bytes at a time are multiplied by the driver's dot product, and depthwise convolutions take as
/// many channels as a load has bytes.
template <mali_gpu Gpu>
struct mali : opencl_device<detail::mali_traits<Gpu>> {};

} // namespace inlay::targets
