// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/block_dependency.hpp>

namespace inlay::ethos_u {

/// A copy of constants into the arena, which runs beside operations (DMA).
struct transfer {
  /// In the constants, and in the arena; multiples of 16.
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t bytes = 0;
};

namespace detail {

/// Whether an operation reads or writes bytes of the arena.
constexpr bool touches(const operation& what, const address_range& bytes) {
  const std::array<address_range, 2> some{bytes, {}};
  if (meet(ranges_of(what.input, 0, what.input.height), some) ||
      meet(ranges_of(what.output, 0, what.output.height), some) ||
      (what.kind == operation_kind::add &&
       meet(ranges_of(what.second, 0, what.second.height), some))) {
    return true;
  }
  if (what.constants_in != region::arena) {
    return false;
  }
  for (const packed_range& core : what.weights.cores) {
    if (address_range{core.weights, core.end()}.meets(bytes)) {
      return true;
    }
  }
  return false;
}

} // namespace detail

/// How many operations may still be running when a transfer starts; an NPU has at most two at once.
/// @param before, last the operations before it
inline constexpr int most_running_operations = 2;
constexpr int operations_beside(const transfer& what, const operation& before,
                                const operation& last) {
  const detail::address_range to{what.to, what.to + what.bytes};
  return detail::touches(last, to) ? 0 : detail::touches(before, to) ? 1 : most_running_operations;
}

/// The same constants where a transfer has put them.
constexpr packed_layer moved_by(const transfer& what, const packed_layer& layer) {
  packed_layer made = layer;
  for (packed_range& core : made.cores) {
    if (core.weights_bytes > 0) {
      core.weights += what.to - what.from;
      core.scales += what.to - what.from;
    }
  }
  return made;
}

} // namespace inlay::ethos_u
