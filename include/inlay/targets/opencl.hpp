// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/opencl_device.hpp>

namespace inlay::targets {

struct opencl_traits {
  static constexpr kernels::opencl::device device{.name = "OpenCL",
                                                  .cores = 2,
                                                  .threads_per_core = 8,
                                                  .registers = 64,
                                                  .vector_bytes = 16,
                                                  .group = 64,
                                                  .local_bytes = 32768,
                                                  .macs_per_cycle = 8,
                                                  .bytes_per_cycle = 16,
                                                  .launch_cycles = 20000,
                                                  .wide_sums = true};
};

/// Any OpenCL device, as if it were a processor with wide vectors: PoCL, for one.
struct opencl : opencl_device<opencl_traits> {};

} // namespace inlay::targets
