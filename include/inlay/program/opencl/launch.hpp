// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace inlay::opencl {

/// One launch of a kernel, whose signature is
/// `(global uchar* arena, global const uchar* parameters, int a0, ..., int an-1)`.
struct launch {
  /// The kernel's name in the source.
  std::string_view kernel{};
  /// Work items, and how many of them are one group.
  std::array<std::uint32_t, 3> global{};
  std::array<std::uint32_t, 3> local{};
  /// a0 to an-1: offsets in bytes, mostly.
  std::array<std::int32_t, 6> arguments{};
  int argument_count = 0;
  /// The step of the schedule that it belongs to, for profiles.
  int step = 0;
};

} // namespace inlay::opencl
