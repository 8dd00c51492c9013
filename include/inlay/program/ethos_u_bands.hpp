// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/band_cost.hpp>
#include <inlay/kernels/ethos_u/block_search.hpp>
#include <inlay/plan/cascade.hpp>
#include <inlay/program/ethos_u_steps.hpp>

// What the compiler and the inspector do alike to make cascades of a network's nodes.

namespace inlay::detail {

/// The nodes [first, last) that are the NPU's.
struct npu_nodes {
  int first = 1;
  int last = 1;
};
template <graph_size Size>
constexpr npu_nodes nodes_of_npu(const schedule<Size>& work, const row_stream<Size>& stream) {
  const auto is_on_npu = [&](int node) {
    return ethos_u::is_for_npu(work[stream[node].step].what);
  };
  npu_nodes found{1, stream.count};
  while (!is_on_npu(found.first)) {
    ++found.first;
  }
  while (!is_on_npu(found.last - 1)) {
    --found.last;
  }
  return found;
}

/// Gives the nodes [begin, end) the bands of a division.
/// @param whole the nodes, and `windows` nodes_under_windows of them
template <graph_size Size>
constexpr void divide(row_division<Size>& bands, const row_stream<Size>& whole,
                      const std::array<bool, Size.operators + 1>& windows, cascade_division by,
                      int begin, int end) {
  for (int node = begin; node < end; ++node) {
    bands.bands[static_cast<std::size_t>(whole[node].step)] =
        by.band_of(whole[node].height, windows[static_cast<std::size_t>(node)]);
  }
}

/// Gives all nodes of the NPU the bands that a plan has chosen.
template <graph_size Size>
constexpr void divide(row_division<Size>& bands, const row_stream<Size>& whole,
                      const std::array<bool, Size.operators + 1>& windows,
                      const cascade_plan<Size>& plan, npu_nodes on_npu) {
  for (int i = 0; i < plan.cuts.count; ++i) {
    const row_segment some = plan.cuts[i];
    if (some.begin >= on_npu.first && some.end <= on_npu.last) {
      divide(bands, whole, windows, plan.divisions[static_cast<std::size_t>(i)], some.begin,
             some.end);
    }
  }
}

/// What each node of the NPU takes to a planner, copies left out.
template <graph_size Size>
constexpr std::array<std::int64_t, Size.operators + 1>
cycles_in_bands(const graph<Size>& network, const schedule<Size>& work,
                const row_stream<Size>& stream, npu_nodes on_npu, const ethos_u::npu& on,
                const ethos_u::memory_speed& memory) {
  std::array<std::int64_t, Size.operators + 1> cycles{};
  for (int node = on_npu.first; node < on_npu.last; ++node) {
    const row_node& made = stream[node];
    const ethos_u::step_operation what = step_operation_of(network, work[made.step]);
    const ethos_u::block_choice blocks = choose_blocks_roughly(on, what.request(made.band), memory,
                                                               ethos_u::constants_place::outside);
    cycles[static_cast<std::size_t>(node)] =
        cost_of_bands(on, what, made.band, blocks.output, memory).cycles +
        made.rows * ethos_u::cycles_of_an_operation;
  }
  return cycles;
}

/// What search_cascades may do: `cycles_of_whole` as cycles_in_bands has them.
constexpr cascade_wishes wishes_of(const ethos_u_options& options, std::int64_t cycles_of_whole) {
  constexpr std::int64_t usual_stream_bytes = std::int64_t{100} * 1024;
  return {.cycles_of_whole = cycles_of_whole,
          .operations_limit = options.stream_limit / ethos_u::bytes_of_commands,
          .usual_operations = usual_stream_bytes / ethos_u::bytes_of_commands,
          .arena_limit = options.arena_limit,
          .copies = options.constants_in == constants_memory::flash};
}

/// Complains about an arena above its limit.
constexpr void expect_within(std::int64_t arena_limit, std::int64_t smallest, diagnosis& found) {
  found.expect(smallest <= arena_limit, "the arena may have ", arena_limit,
               " bytes; the smallest that was found has ", smallest);
}

} // namespace inlay::detail
