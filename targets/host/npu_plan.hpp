// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inspection.hpp"

#include <inlay/kernels/ethos_u/transfer_plan.hpp>
#include <inlay/plan/stream_plan.hpp>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace inspect {

/// The NPUs that --npu can name.
struct named_npu {
  std::string_view name;
  inlay::ethos_u::npu npu;
};
inline constexpr std::array<named_npu, 6> npus{{{"ethos-u55-32", inlay::ethos_u::u55(32)},
                                                {"ethos-u55-64", inlay::ethos_u::u55(64)},
                                                {"ethos-u55-128", inlay::ethos_u::u55(128)},
                                                {"ethos-u55-256", inlay::ethos_u::u55(256)},
                                                {"ethos-u65-256", inlay::ethos_u::u65(256)},
                                                {"ethos-u65-512", inlay::ethos_u::u65(512)}}};

/// One operation of an NPU, or one step of the processor beside it.
struct npu_turn {
  int node = 0;
  std::int32_t band = 0;
  /// Of a node whose channels several operations make, which of the copies' parts; -1: all.
  int part = -1;
  /// Cycles before it.
  std::int64_t begin = 0;
  /// Its cycles are those from `begin` on: with waiting for copies.
  inlay::ethos_u::operation_cost cost{};
};

/// A network as operations of an NPU, in the order and the places that an ethos_u_engine gives
/// them.
struct npu_plan {
  inlay::row_stream<capacity> stream{};
  inlay::row_cuts<capacity> cuts{};
  inlay::row_plan<capacity> rows{};
  inlay::ethos_u::transfer_plan<capacity> copies{};
  /// What each of them copies; planned were as many bytes or a few more.
  std::vector<std::int64_t> copied;
  /// Before copies are planned, one a band; then one an operation.
  std::vector<npu_turn> turns;
  /// The node of each of the NPU's bands.
  std::vector<int> nodes;
  /// Where in `turns` the NPU begins.
  int npu_begin = 0;
  /// For each node, of all of its operations.
  std::vector<inlay::ethos_u::operation_cost> costs;
  std::vector<inlay::ethos_u::block> blocks;
  /// The same for each part of a node.
  std::vector<inlay::ethos_u::block> part_blocks;
  inlay::ethos_u::operation_cost total{};
  /// That no program takes less than in such an arena.
  std::int64_t least_cycles = 0;

  [[nodiscard]] int operations() const {
    return static_cast<int>(std::count_if(turns.begin(), turns.end(), [&](const npu_turn& turn) {
      return costs[static_cast<std::size_t>(turn.node)].cycles > 0;
    }));
  }
  [[nodiscard]] std::int64_t arena_bytes() const {
    return std::max(rows.arena_bytes, copies.arena_bytes());
  }
  [[nodiscard]] std::int64_t copied_bytes() const {
    return std::accumulate(copied.begin(), copied.end(), std::int64_t{0});
  }
  /// The copy by which an operation has its constants in the arena; -1: none.
  [[nodiscard]] int copy_of(const npu_turn& turn) const {
    return turn.part < 0 ? copies.of(turn.node) : copies.part(turn.part).transfer;
  }
  /// The copies of a node's constants, as "3" or "3 5 6"; "-": none.
  [[nodiscard]] std::string copies_of(int node) const {
    const inlay::ethos_u::part_range parts = copies.parts_of(node);
    std::string names;
    for (int i = parts.first; i < parts.last; ++i) {
      if (const int copy = copies.part(i).transfer; copy >= 0) {
        names += (names.empty() ? "" : " ") + std::to_string(copy);
      }
    }
    if (const int whole = copies.of(node); whole >= 0) {
      names = std::to_string(whole);
    }
    return names.empty() ? "-" : names;
  }
  /// The NPU's operation `index`.
  [[nodiscard]] const npu_turn& operation(int index) const {
    const int turn = npu_begin + index;
    return turns[static_cast<std::size_t>(turn)];
  }
};

} // namespace inspect
