// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/estimate.hpp>
#include <inlay/plan/stream_plan.hpp>

// Which constants are copied into the arena ahead of use, where to, and when.

namespace inlay::ethos_u {

/// What a node's operations take, a band each.
struct node_cost {
  /// Of its weights and scales; 0: it has none.
  std::int64_t constants = 0;
  std::int32_t bands = 1;
  operation_cost outside{};
  operation_cost copied{};

  /// Cycles that copied constants save in all bands.
  [[nodiscard]] constexpr std::int64_t saved() const {
    return (outside.cycles - copied.cycles) * bands;
  }
  /// Bytes that the constants' memory need not give again: other constants may come instead.
  [[nodiscard]] constexpr std::int64_t saved_bytes() const {
    const std::int64_t bytes = (outside.outside_bytes - copied.outside_bytes) * bands - constants;
    return constants > 0 && bytes > 0 ? bytes : 0;
  }
  /// What is gained if the constants are copied: cycles, and a quarter of those in which their
  /// memory, of `rate` bytes a cycle, can give something else.
  [[nodiscard]] constexpr std::int64_t gain(std::int32_t rate) const {
    return saved() + detail::divided_up(saved_bytes(), rate) / 4;
  }
};
template <graph_size Size>
using node_costs = std::array<node_cost, Size.operators + 1>;

/// The constants of the nodes [first, last), which lie one after the other, in one transfer.
struct planned_transfer {
  int first = 0;
  int last = 0;
  std::int64_t bytes = 0;
  /// In the arena, in the segments [begin, end].
  std::int64_t offset = 0;
  int begin = 0;
  int end = 0;
  /// The turn before which it starts, and the first one that reads what it has copied.
  int start = 0;
  int use = 0;
};

/// Transfers, in the order in which they start.
template <graph_size Size>
struct transfer_plan {
  std::array<planned_transfer, Size.operators + 1> transfers{};
  int count = 0;
  /// Of all operations and transfers together.
  std::int64_t cycles = 0;

  [[nodiscard]] constexpr const planned_transfer& operator[](int index) const {
    return transfers[static_cast<std::size_t>(index)];
  }
  /// The transfer that copies a node's constants; -1: none does.
  [[nodiscard]] constexpr int of(int node) const {
    for (int i = 0; i < count; ++i) {
      if ((*this)[i].first <= node && node < (*this)[i].last) {
        return i;
      }
    }
    return -1;
  }
  /// Where the last of them ends in the arena.
  [[nodiscard]] constexpr std::int64_t arena_bytes() const {
    std::int64_t bytes = 0;
    for (int i = 0; i < count; ++i) {
      const std::int64_t end = (*this)[i].offset + (*this)[i].bytes;
      bytes = end > bytes ? end : bytes;
    }
    return bytes;
  }
};

/// Whether no transfer writes bytes that rows or other transfers have while it needs them, and all
/// lie inside the arena and aligned. It knows nothing of how the places were chosen.
template <graph_size Size>
constexpr bool is_sound(const transfer_plan<Size>& plan, const row_plan<Size>& rows,
                        std::int64_t arena_bytes) {
  for (int i = 0; i < plan.count; ++i) {
    const planned_transfer& one = plan[i];
    const std::int64_t end = one.offset + one.bytes;
    if (one.offset < 0 || one.offset % rows.alignment != 0 || end > arena_bytes ||
        one.start > one.use || one.begin > one.end) {
      return false;
    }
    for (int node = 0; node < rows.count; ++node) {
      const row_buffer& held = rows[node];
      if (held.bytes > 0 && held.first <= one.end && one.begin <= held.last && held.offset < end &&
          one.offset < held.offset + held.bytes) {
        return false;
      }
    }
    for (int k = 0; k < i; ++k) {
      const planned_transfer& other = plan[k];
      if (other.begin <= one.end && one.begin <= other.end && other.offset < end &&
          one.offset < other.offset + other.bytes) {
        return false;
      }
    }
  }
  return true;
}

} // namespace inlay::ethos_u
