// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace inlay::kernels::opencl {

/// What a kernel's text depends on: numbers of a GPU, or of a guess at one.
struct device {
  std::string_view name = "OpenCL";
  std::int32_t cores = 1;
  /// Work-items that a core needs to hide the latency of memory.
  std::int32_t threads_per_core = 1;
  /// 32-bit registers of a work-item that leave enough of them running.
  std::int32_t registers = 64;
  /// Bytes of the widest load.
  std::int32_t vector_bytes = 16;
  /// Work-items of a work-group, at most.
  std::int32_t group = 64;
  /// Bytes of local memory that a work-group may take.
  std::int32_t local_bytes = 16384;
  // For the choice of what to fuse; estimates, of which only ratios count.
  /// Products of bytes that a core adds up in a cycle.
  std::int32_t macs_per_cycle = 8;
  /// Bytes that all cores together read or write in a cycle.
  std::int32_t bytes_per_cycle = 16;
  /// Cycles between the end of one kernel and the beginning of the next.
  std::int32_t launch_cycles = 20000;
  /// Without a dot product: products of four channels by four inputs lie in one vector of 16 and
  /// are added at the end, which suits processors with wide vectors; else one vector of four sums.
  bool wide_sums = false;
};

} // namespace inlay::kernels::opencl
