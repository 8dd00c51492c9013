// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/block_search.hpp>
#include <inlay/program/ethos_u_steps.hpp>

#include <algorithm>

namespace inlay {

/// The least that a node's operations take.
struct ethos_u_least_cost {
  /// Its constants at hand; 0: the processor's node.
  std::int64_t cycles = 0;
  /// Bytes that come out of the constants' memory.
  std::int64_t bytes = 0;
};

namespace detail {

/// What each node takes that is made whole, in its best blocks.
template <graph_size Size>
constexpr std::array<ethos_u_least_cost, Size.operators + 1>
least_costs(const graph<Size>& network, const schedule<Size>& work, const row_stream<Size>& stream,
            const ethos_u::npu& on, const ethos_u::memory_speed& memory) {
  using ethos_u::constants_place;
  std::array<ethos_u_least_cost, Size.operators + 1> made{};
  for (int node = 1; node < stream.count; ++node) {
    const scheduled_step& step = work[stream[node].step];
    if (!ethos_u::is_for_npu(step.what)) {
      continue;
    }
    const ethos_u::step_operation what = step_operation_of(network, step);
    const ethos_u::block_request request = what.request(what.made().output.height);
    const auto cost_of = [&](constants_place constants) {
      return estimate(on, request, choose_blocks(on, request, memory, constants).output, memory,
                      constants);
    };
    const ethos_u::operation_cost outside = cost_of(constants_place::outside);
    const ethos_u::operation_cost copied = cost_of(constants_place::arena);
    // Read once, not for each block.
    const std::int64_t pixels = std::int64_t{request.output.height} * request.output.width;
    const std::int64_t constants =
        outside.constant_bytes > 0
            ? outside.multiply_accumulates / pixels +
                  std::int64_t{request.output.depth} * ethos_u::scale_record_bytes
            : 0;
    made[static_cast<std::size_t>(node)] = {std::min(outside.cycles, copied.cycles),
                                            constants + ethos_u::bytes_of_commands};
  }
  return made;
}

/// See least_cycles.
template <graph_size Size>
class cycle_bound {
public:
  constexpr cycle_bound(const row_stream<Size>& stream,
                        const std::array<ethos_u_least_cost, Size.operators + 1>& costs,
                        const ethos_u::memory_speed& memory, std::int64_t arena_bytes)
      : stream_(stream), costs_(costs), rate_(memory.constants), arena_bytes_(arena_bytes) {}

  [[nodiscard]] constexpr std::int64_t get() const {
    ethos_u_least_cost all;
    for (int node = 1; node < stream_.count; ++node) {
      all.cycles += costs_[at(node)].cycles;
      all.bytes += costs_[at(node)].bytes;
    }
    std::int64_t least = std::max(all.cycles, all.bytes / rate_);
    for (int node = 1; node < stream_.count; ++node) {
      least = costs_[at(node)].cycles > 0 ? std::max(least, after(node)) : least;
    }
    return least;
  }

private:
  using nodes = std::array<bool, Size.operators + 1>;

  static constexpr std::size_t at(int node) { return static_cast<std::size_t>(node); }
  [[nodiscard]] constexpr const row_input& input(int node, int index) const {
    return stream_[node].inputs[at(index)];
  }

  /// What it takes at least if node `last` is divided from all that depends on it.
  [[nodiscard]] constexpr std::int64_t after(int last) const {
    nodes before{};
    before[at(last)] = true;
    std::int64_t cycles = 0;
    for (int node = last; node > 0; --node) {
      cycles += before[at(node)] ? costs_[at(node)].cycles : 0;
      for (int k = 0; before[at(node)] && k < stream_[node].input_count; ++k) {
        before[at(input(node, k).node)] = true;
      }
    }
    nodes behind{};
    behind[at(last)] = true;
    std::int64_t bytes = 0;
    for (int node = last + 1; node < stream_.count; ++node) {
      for (int k = 0; k < stream_[node].input_count; ++k) {
        behind[at(node)] = behind[at(node)] || behind[at(input(node, k).node)];
      }
      bytes += behind[at(node)] ? costs_[at(node)].bytes : 0;
    }
    const std::int64_t room = arena_bytes_ - rows_between(before, behind, last);
    return cycles + (bytes - std::clamp(room, std::int64_t{0}, bytes)) / rate_;
  }

  /// Bytes of the rows that nodes behind `last` have still to read when it is done.
  [[nodiscard]] constexpr std::int64_t rows_between(const nodes& before, const nodes& behind,
                                                    int last) const {
    std::array<std::int64_t, Size.operators + 1> rows{};
    std::int64_t sum = 0;
    for (int node = last + 1; node < stream_.count; ++node) {
      for (int k = 0; behind[at(node)] && k < stream_[node].input_count; ++k) {
        const row_input& read = input(node, k);
        if (before[at(read.node)]) {
          const std::int32_t top =
              read.whole ? 0 : (read.out_height - 1) * read.stride - read.before;
          const std::int64_t bytes =
              (read.height - std::max<std::int32_t>(0, top)) * stream_[read.node].row_pitch;
          sum += std::max<std::int64_t>(bytes - rows[at(read.node)], 0);
          rows[at(read.node)] = std::max(bytes, rows[at(read.node)]);
        }
      }
    }
    return sum;
  }

  const row_stream<Size>& stream_;
  const std::array<ethos_u_least_cost, Size.operators + 1>& costs_;
  std::int64_t rate_;
  std::int64_t arena_bytes_;
};

} // namespace detail

/// Cycles that no program takes less than, by the estimate, in an arena of so many bytes: with
/// bands of any height in any order, and any copies of constants that are not compressed.
///
/// When the last operation of a node is done, each node that depends on it has one still to do, for
/// which its constants are read then, or lie in the arena beside the rows that are still to be
/// read. So a program takes at least the cycles of that node and all that it depends on, and after
/// them the constants of all that depends on it, but for what the arena holds of them, at their
/// memory's rate. The most of this over all nodes is the bound, or all cycles, or all constants.
///
/// Taken for granted is that nothing is made in fewer cycles than whole, in its best blocks, and
/// that the last row of a tensor is needed by all that depends on it.
template <graph_size Size>
constexpr std::int64_t least_cycles(const graph<Size>& network, const schedule<Size>& work,
                                    const row_stream<Size>& stream, const ethos_u::npu& on,
                                    const ethos_u::memory_speed& memory, std::int64_t arena_bytes) {
  const auto costs = detail::least_costs(network, work, stream, on, memory);
  return detail::cycle_bound<Size>(stream, costs, memory, arena_bytes).get();
}

} // namespace inlay
