// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/recomputed_schedule.hpp>

namespace inlay::detail {

/// How many steps the smallest arena recomputes, at least `Round`.
template <class Rows, class Target, streamed_options Options, int Round>
constexpr int best_round() {
  using round = recompute_round<Rows, Target, Options, Round>;
  if constexpr (Options.recomputation == 0) {
    return 0;
  } else if constexpr (round::next.next < 0) {
    return Round;
  } else {
    constexpr int later = best_round<Rows, Target, Options, Round + 1>();
    using best = recompute_round<Rows, Target, Options, later>;
    const bool is_less =
        placed_stream<best>::plan.arena_bytes < placed_stream<round>::plan.arena_bytes;
    return is_less ? later : Round;
  }
}

template <class Network, class Target, streamed_options Options>
using chosen_round =
    recompute_round<row_schedule<Network, Target, Options>, Target, Options,
                    best_round<row_schedule<Network, Target, Options>, Target, Options, 0>()>;

/// A network's steps for one target as nodes that make rows, cut into segments, with everything in
/// its place. Each part is an evaluation of its own, because compilers limit their steps.
template <class Network, class Target, streamed_options Options>
struct streamed_schedule : row_schedule<Network, Target, Options>,
                           placed_stream<chosen_round<Network, Target, Options>> {
  using rows = row_schedule<Network, Target, Options>;
  using chosen = chosen_round<Network, Target, Options>;
  using placed = placed_stream<chosen>;
  static constexpr graph_size size = rows::size;
  using placed::cuts;
  using placed::needs;
  using placed::readers;
  using placed::stream;
  using rows::schedule;

  /// From how many places in a segment's program the rows of a node are asked for.
  template <int Node, int Segment>
  static constexpr int callers = [] {
    row_order<size> order(stream, readers, cuts[Segment]);
    int count = needs[Node].has_rest ? 1 : 0;
    count += order.is_read_inside(Node) ? 0 : 1;
    for (int i = readers.first[Node]; i >= 0; i = readers.edges[static_cast<std::size_t>(i)].next) {
      count += order.contains(readers.edges[static_cast<std::size_t>(i)].reader) ? 1 : 0;
    }
    return count;
  }();

  /// The node that makes a tensor.
  static constexpr int node_of(int tensor) {
    int node = 0;
    while (stream[node].tensor != schedule.storage_of(tensor)) {
      ++node;
    }
    return node;
  }
};

} // namespace inlay::detail
