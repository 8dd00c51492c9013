// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/ethos_u_cascades.hpp>

namespace inlay::detail {

/// The steps made whole, one by one, in their places.
template <class Steps>
struct ethos_u_whole {
  static constexpr graph_size size = Steps::size;
  static constexpr image_source image = Steps::image;
  static constexpr std::int64_t row_alignment = Steps::row_alignment;
  static constexpr const scratch_sizes<size>& scratch_of_nodes = Steps::scratch_of_nodes;
  static constexpr row_stream<size> stream =
      divided_stream<size>(Steps::graph, Steps::schedule, Steps::undivided, Steps::row_granule);
  static constexpr row_readers<size> readers{stream};
  static constexpr row_cuts<size> cuts = [] {
    row_cuts<size> one_by_one;
    for (int node = 1; node < stream.count; ++node) {
      one_by_one.segments[static_cast<std::size_t>(one_by_one.count++)] = {node, node + 1};
    }
    return one_by_one;
  }();
  using placed = placed_stream<ethos_u_whole>;
};

/// A network's steps as nodes that an NPU or the processor makes, in the arena.
template <class Network, class Target, ethos_u_options Options>
struct ethos_u_schedule : ethos_u_steps<Network, Target, Options> {
  using steps = ethos_u_steps<Network, Target, Options>;
  using steps::graph;
  using steps::schedule;
  using steps::size;

  static constexpr auto choose() {
    if constexpr (Options.cascades && steps::found.ok()) {
      return typename ethos_u_cascades<steps, Options.constants_in>::template best<Options>{};
    } else {
      return ethos_u_whole<steps>{};
    }
  }
  using chosen = decltype(choose());
  using placed = typename chosen::placed;
  static constexpr const row_stream<size>& stream = chosen::stream;
  static constexpr const row_readers<size>& readers = chosen::readers;
  static constexpr const row_cuts<size>& cuts = chosen::cuts;

  /// Whether the NPU makes a node.
  static constexpr bool is_on_npu(int node) {
    return node > 0 && ethos_u::is_for_npu(schedule[stream[node].step].what);
  }

  static constexpr diagnosis limit_found = [] {
    diagnosis complaints("layer");
    expect_within(Options.arena_limit, placed::plan.arena_bytes, complaints);
    return complaints;
  }();
};

} // namespace inlay::detail
