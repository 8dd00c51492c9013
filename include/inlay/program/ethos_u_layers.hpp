// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/band_cost.hpp>
#include <inlay/kernels/ethos_u/block_search.hpp>
#include <inlay/kernels/ethos_u/transfer_planner.hpp>
#include <inlay/kernels/ethos_u/weight_stream.hpp>
#include <inlay/program/ethos_u_schedule.hpp>

namespace inlay {

/// One call of a kernel: the NPU's or the processor's.
struct ethos_u_turn {
  int node = 0;
  /// Which band of the node's rows it makes.
  std::int32_t band = 0;
  /// Which output channels, by the parts of the plan of transfers; -1: all.
  int part = -1;
};

namespace detail {

/// In which order a network's operations are done, in which blocks, and which constants are copied
/// into the arena ahead of use.
template <class Network, class Target, ethos_u_options Options>
struct ethos_u_layers : ethos_u_schedule<Network, Target, Options> {
  using planned = ethos_u_schedule<Network, Target, Options>;
  using planned::graph;
  using planned::npu;
  using planned::schedule;
  using planned::stream;
  using placed = typename planned::placed;
  static constexpr graph_size size = planned::size;

  // Blocks.

  template <int Node>
  static constexpr ethos_u::step_operation step_of = step_operation_of(graph,
                                                                       schedule[stream[Node].step]);

  static constexpr std::int32_t band_rows(int node) {
    const step::any& what = schedule[stream[node].step].what;
    const std::int32_t height =
        ethos_u::output_of(what, graph.at(stream[node].tensor).type.shape).height;
    return stream[node].rows > 1 ? stream[node].band : height;
  }

  static constexpr ethos_u::memory_speed memory = ethos_u_memory(npu, Options.constants_in);

  template <ethos_u::block_request Request, ethos_u::constants_place Constants>
  static constexpr ethos_u::block_choice best_blocks = choose_blocks(npu, Request, memory,
                                                                     Constants);
  template <int Node>
  static constexpr ethos_u::block_request request = step_of<Node>.request(band_rows(Node));

  static constexpr bool has_weights(int node) {
    if (!planned::is_on_npu(node)) {
      return false;
    }
    const step::any& what = schedule[stream[node].step].what;
    return what.is<step::convolution>() || what.is<step::depthwise_convolution>();
  }
  // Bands, in the order in which they are made.

  static constexpr int band_count = [] {
    int count = 0;
    for (int node = 1; node < stream.count; ++node) {
      count += stream[node].rows;
    }
    return count;
  }();
  static constexpr std::array<ethos_u_turn, static_cast<std::size_t>(band_count)> bands = [] {
    std::array<ethos_u_turn, static_cast<std::size_t>(band_count)> made{};
    std::size_t at = 0;
    for (int i = 0; i < planned::cuts.count; ++i) {
      row_order<size> order(stream, placed::readers, planned::cuts[i]);
      order.play([&](int node, std::int32_t band) { made[at++] = {.node = node, .band = band}; });
    }
    return made;
  }();
  /// Turns of the processor before and after the NPU's.
  static constexpr int npu_begin = [] {
    int at = 0;
    while (!planned::is_on_npu(bands[static_cast<std::size_t>(at)].node)) {
      ++at;
    }
    return at;
  }();
  static constexpr int processor_turns_after = [] {
    int count = 0;
    while (!planned::is_on_npu(bands[static_cast<std::size_t>(band_count - 1 - count)].node)) {
      ++count;
    }
    return count;
  }();

  // Transfers.

  static constexpr bool is_copying = Options.constants_in == constants_memory::flash;

  template <int Node>
  static constexpr ethos_u::node_cost cost_of() {
    if constexpr (planned::is_on_npu(Node)) {
      using ethos_u::constants_place;
      constexpr constants_place copied =
          is_copying && has_weights(Node) ? constants_place::arena : constants_place::outside;
      return node_cost_of(npu, memory, schedule[stream[Node].step], step_of<Node>, band_rows(Node),
                          best_blocks<request<Node>, constants_place::outside>.output,
                          best_blocks<request<Node>, copied>.output);
    } else {
      return {};
    }
  }
  template <int... Node>
  static constexpr ethos_u::node_costs<size> costs_of(std::integer_sequence<int, Node...>) {
    return {ethos_u::node_cost{}, cost_of<Node + 1>()...};
  }
  static constexpr ethos_u::node_costs<size> costs =
      costs_of(std::make_integer_sequence<int, stream.count - 1>{});

  static constexpr auto nodes_of_bands = [] {
    std::array<int, static_cast<std::size_t>(band_count - npu_begin - processor_turns_after)>
        nodes{};
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      nodes[i] = bands[npu_begin + i].node;
    }
    return nodes;
  }();
  static constexpr bool has_arena_limit =
      Options.arena_limit < std::numeric_limits<std::int64_t>::max();
  static constexpr ethos_u::transfer_plan<size> transfers = [] {
    ethos_u::transfer_plan<size> none;
    return is_copying ? ethos_u::plan_transfers<size>(
                            npu, memory, placed::plan, planned::cuts, costs, nodes_of_bands,
                            has_arena_limit ? Options.arena_limit : placed::plan.arena_bytes)
                      : none;
  }();
  static constexpr std::int64_t arena_bytes = transfers.arena_bytes() > placed::plan.arena_bytes
                                                  ? transfers.arena_bytes()
                                                  : placed::plan.arena_bytes;

  // Turns: the bands, some of them made by several operations.

  static constexpr int divided_nodes = [] {
    int count = 0;
    for (int i = 0; i < transfers.part_count; ++i) {
      count += i == 0 || transfers.part(i).node != transfers.part(i - 1).node ? 1 : 0;
    }
    return count;
  }();
  static constexpr int turn_count = band_count + transfers.part_count - divided_nodes;
  static constexpr std::array<ethos_u_turn, static_cast<std::size_t>(turn_count)> turns = [] {
    std::array<ethos_u_turn, static_cast<std::size_t>(turn_count)> made{};
    std::size_t at = 0;
    for (const ethos_u_turn& band : bands) {
      transfers.each_operation_of(band.node, [&](int part) {
        made[at++] = {band.node, band.band, part};
      });
    }
    return made;
  }();
  static constexpr int npu_end = turn_count - processor_turns_after;
  static constexpr int operation_count = npu_end - npu_begin;

  template <int Node>
  static constexpr ethos_u::block_choice blocks =
      best_blocks<request<Node>, transfers.of(Node) < 0 ? ethos_u::constants_place::outside
                                                        : ethos_u::constants_place::arena>;
  template <int Part>
  static constexpr ethos_u::block_request request_of_part = [] {
    constexpr ethos_u::node_part part = transfers.part(Part);
    ethos_u::block_request some = request<part.node>;
    some.output.depth = part.channels.count;
    return some;
  }();
  template <int Part>
  static constexpr ethos_u::constants_place place_of_part = transfers.part(Part).transfer < 0
                                                                ? ethos_u::constants_place::outside
                                                                : ethos_u::constants_place::arena;
  template <int Part>
  static constexpr ethos_u::block_choice blocks_of_part =
      best_blocks<request_of_part<Part>, place_of_part<Part>>;

  // Layers: the constants of one operation, or of all bands of a node.

  struct layer {
    int node = 0;
    int part = -1;
  };
  static constexpr int layer_count = [] {
    int count = transfers.part_count - divided_nodes;
    for (int node = 1; node < stream.count; ++node) {
      count += has_weights(node) ? 1 : 0;
    }
    return count;
  }();
  static constexpr std::array<layer, static_cast<std::size_t>(layer_count)> layers_in_order = [] {
    std::array<layer, static_cast<std::size_t>(layer_count)> made{};
    std::size_t at = 0;
    for (int node = 1; node < stream.count; ++node) {
      if (has_weights(node)) {
        transfers.each_operation_of(node, [&](int part) { made[at++] = {node, part}; });
      }
    }
    return made;
  }();
  static constexpr std::size_t layer_of(int node, int part) {
    std::size_t index = 0;
    while (layers_in_order[index].node != node || layers_in_order[index].part != part) {
      ++index;
    }
    return index;
  }
};

} // namespace detail
} // namespace inlay
