// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/node_cost.hpp>
#include <inlay/plan/stream_plan.hpp>

// Which constants are copied into the arena ahead of use, where to, and when.

namespace inlay::ethos_u {

/// The constants of the nodes [first, last), which lie one after the other, in one transfer.
struct planned_transfer {
  int first = 0;
  int last = 0;
  /// Of a node whose channels several operations make, those that one of them makes; else none.
  channel_range channels{};
  std::int64_t bytes = 0;
  /// In the arena, in the segments [begin, end].
  std::int64_t offset = 0;
  int begin = 0;
  int end = 0;
  /// The operation before which it starts, and the first one that reads what it has copied.
  int start = 0;
  int use = 0;
};

/// What one operation makes of a node whose channels several operations make.
struct node_part {
  int node = 0;
  channel_range channels{};
  /// The transfer that copies its constants; -1: none does.
  int transfer = -1;
};

/// The parts [first, last).
struct part_range {
  int first = 0;
  int last = 0;

  [[nodiscard]] constexpr int count() const { return last - first; }
};

/// Transfers, in the order in which they start.
template <graph_size Size>
struct transfer_plan {
  /// So many parts of nodes are copied at most; before and behind each may be one that is not.
  static constexpr int most_copied_parts = 64;
  static constexpr std::size_t most_transfers = Size.operators + 1 + most_copied_parts;

  std::array<planned_transfer, most_transfers> transfers{};
  int count = 0;
  /// In the order of nodes and of channels; without the nodes that one operation makes.
  std::array<node_part, std::size_t{3} * most_copied_parts> parts{};
  int part_count = 0;
  /// Of all operations and transfers together.
  std::int64_t cycles = 0;

  [[nodiscard]] constexpr const planned_transfer& operator[](int index) const {
    return transfers[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] constexpr const node_part& part(int index) const {
    return parts[static_cast<std::size_t>(index)];
  }
  /// The parts of a node, if it is divided.
  [[nodiscard]] constexpr part_range parts_of(int node) const {
    part_range found;
    while (found.first < part_count && part(found.first).node < node) {
      ++found.first;
    }
    found.last = found.first;
    while (found.last < part_count && part(found.last).node == node) {
      ++found.last;
    }
    return found;
  }
  /// Calls visit(part) for each operation that makes a band of a node: which part it makes, or -1
  /// for one that makes all channels.
  template <class Visit>
  constexpr void each_operation_of(int node, const Visit& visit) const {
    const part_range own = parts_of(node);
    for (int index = own.first; index < own.last; ++index) {
      visit(index);
    }
    if (own.count() == 0) {
      visit(-1);
    }
  }
  /// The transfer that copies the constants of a node that is not divided; -1: none does.
  [[nodiscard]] constexpr int of(int node) const {
    for (int i = 0; i < count; ++i) {
      if ((*this)[i].first <= node && node < (*this)[i].last && (*this)[i].channels.count == 0) {
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
