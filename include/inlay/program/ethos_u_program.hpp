// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/band_operation.hpp>
#include <inlay/kernels/ethos_u/block_dependency.hpp>
#include <inlay/kernels/ethos_u/emitter.hpp>
#include <inlay/kernels/ethos_u/payload.hpp>
#include <inlay/program/ethos_u_schedule.hpp>

namespace inlay {

/// One call of a kernel: the NPU's or the processor's.
struct ethos_u_turn {
  int node = 0;
  /// Which band of the node's rows it makes.
  std::int32_t band = 0;
};

namespace detail {

/// Where a node's tensor lies as the NPU sees it, whole, and how many of its rows are kept.
struct placed_map {
  ethos_u::feature_map map{};
  std::int32_t ring_rows = 1;
};

/// The command stream of a network, made piece by piece, because compilers limit evaluations.
template <class Network, class Target, ethos_u_options Options, class Weights>
struct ethos_u_program : ethos_u_schedule<Network, Target, Options> {
  using planned = ethos_u_schedule<Network, Target, Options>;
  using planned::graph;
  using planned::npu;
  using planned::schedule;
  using planned::stream;
  using placed = typename planned::placed;
  static constexpr graph_size size = planned::size;

  // Blocks and weights.

  template <int Node>
  static constexpr ethos_u::step_operation step_of = step_operation_of(graph,
                                                                       schedule[stream[Node].step]);

  static constexpr std::int32_t band_rows(int node) {
    const step::any& what = schedule[stream[node].step].what;
    const std::int32_t height =
        ethos_u::output_of(what, graph.at(stream[node].tensor).type.shape).height;
    return stream[node].rows > 1 ? stream[node].band : height;
  }

  template <ethos_u::block_request Request>
  static constexpr ethos_u::block_choice best_blocks = choose_blocks(npu, Request);
  template <int Node>
  static constexpr ethos_u::block_request request = step_of<Node>.request(band_rows(Node));
  template <int Node>
  static constexpr ethos_u::block_choice blocks = best_blocks<request<Node>>;

  static constexpr bool has_weights(int node) {
    if (!planned::is_on_npu(node)) {
      return false;
    }
    const step::any& what = schedule[stream[node].step].what;
    return what.is<step::convolution>() || what.is<step::depthwise_convolution>() ||
           what.is<step::mean>();
  }
  static constexpr int layer_count = [] {
    int count = 0;
    for (int node = 1; node < stream.count; ++node) {
      count += has_weights(node) ? 1 : 0;
    }
    return count;
  }();
  /// The node of layer `Layer`.
  static constexpr int node_of_layer(int layer) {
    int node = 0;
    for (int left = layer + 1; left > 0;) {
      left -= has_weights(++node) ? 1 : 0;
    }
    return node;
  }
  static constexpr int layer_of_node(int node) {
    int layer = 0;
    for (int before = 1; before < node; ++before) {
      layer += has_weights(before) ? 1 : 0;
    }
    return layer;
  }

  template <int Node>
  static constexpr ethos_u::layer_weights weights_of() {
    constexpr const scheduled_step& step = schedule[stream[Node].step];
    ethos_u::layer_weights made;
    if constexpr (step.what.template is<step::convolution>()) {
      made = ethos_u::layer_weights_of(step.what.template as<step::convolution>(), step.layers[0],
                                       step_of<Node>.made().part_kernel_first
                                           ? ethos_u::traversal::part_kernel
                                           : ethos_u::traversal::depth_first);
    } else if constexpr (step.what.template is<step::depthwise_convolution>()) {
      made = ethos_u::layer_weights_of(step.what.template as<step::depthwise_convolution>(),
                                       step.layers[0]);
    } else {
      made = ethos_u::layer_weights_of(step.what.template as<step::mean>());
    }
    made.layout.block_depth = blocks<Node>.output.depth;
    made.layout.micro_outputs = npu.micro_block.depth;
    made.layout.cores = npu.cores;
    return made;
  }
  template <int... Layer>
  static constexpr auto make_layers(std::integer_sequence<int, Layer...>) {
    return std::array<ethos_u::layer_weights, sizeof...(Layer)>{
        weights_of<node_of_layer(Layer)>()...};
  }
  /// The constants of all operations with weights.
  static constexpr auto layers = make_layers(std::make_integer_sequence<int, layer_count>{});
  static constexpr const auto& table = Weights::template table<layers>;

  // Operations.

  /// Where `node` lies, for an operation that sees it as `seen`.
  static constexpr placed_map place_of(int node, ethos_u::feature_map seen) {
    const row_node& what = stream[node];
    const row_buffer& buffer = placed::plan[node];
    seen.base = buffer.offset;
    seen.is_blocked = what.step >= 0 && planned::blocked[static_cast<std::size_t>(what.step)];
    const std::int64_t pixel = seen.is_blocked ? (seen.depth + 15) / 16 * 16 : seen.depth;
    const bool has_rows = what.height == seen.height && what.height > 1;
    seen.row_stride = has_rows ? what.row_pitch : pixel * seen.width;
    return {seen, buffer.ring == what.rows ? seen.height : buffer.ring * what.band};
  }

  template <int Node>
  static constexpr ethos_u::npu_node node_of = [] {
    constexpr row_node what = stream[Node];
    ethos_u::npu_node made;
    made.whole = step_of<Node>.made();
    made.whole.blocks = blocks<Node>;
    made.band = band_rows(Node);
    const placed_map first = place_of(what.inputs[0].node, made.whole.input);
    made.whole.input = first.map;
    made.input_rings[0] = first.ring_rows;
    if (what.input_count > 1) {
      const placed_map second = place_of(what.inputs[1].node, made.whole.second);
      made.whole.second = second.map;
      made.input_rings[1] = second.ring_rows;
    }
    const placed_map output = place_of(Node, made.whole.output);
    made.whole.output = output.map;
    made.output_ring = output.ring_rows;
    if (has_weights(Node)) {
      made.whole.weights = table.layers[static_cast<std::size_t>(layer_of_node(Node))];
    }
    return made;
  }();

  // Turns, in the order in which rows are made.

  static constexpr int turn_count = [] {
    int count = 0;
    for (int node = 1; node < stream.count; ++node) {
      count += stream[node].rows;
    }
    return count;
  }();
  static constexpr std::array<ethos_u_turn, static_cast<std::size_t>(turn_count)> turns = [] {
    std::array<ethos_u_turn, static_cast<std::size_t>(turn_count)> made{};
    std::size_t at = 0;
    for (int i = 0; i < planned::cuts.count; ++i) {
      row_order<size> order(stream, placed::readers, planned::cuts[i]);
      order.play([&](int node, std::int32_t band) { made[at++] = {node, band}; });
    }
    return made;
  }();
  /// Turns of the processor before and after the NPU's.
  static constexpr int npu_begin = [] {
    int at = 0;
    while (!planned::is_on_npu(turns[static_cast<std::size_t>(at)].node)) {
      ++at;
    }
    return at;
  }();
  static constexpr int npu_end = [] {
    int at = turn_count;
    while (!planned::is_on_npu(turns[static_cast<std::size_t>(at - 1)].node)) {
      --at;
    }
    return at;
  }();
  static constexpr int operation_count = npu_end - npu_begin;

  // Words.

  template <int... Node>
  static constexpr auto nodes_of(std::integer_sequence<int, Node...>) {
    std::array<ethos_u::npu_node, sizeof...(Node) + 1> made{};
    const auto take = [&]<int N>(std::integral_constant<int, N>) {
      if constexpr (planned::is_on_npu(N)) {
        made[static_cast<std::size_t>(N)] = node_of<N>;
      }
    };
    (take(std::integral_constant<int, Node + 1>{}), ...);
    return made;
  }
  static constexpr auto nodes = nodes_of(std::make_integer_sequence<int, stream.count - 1>{});

  static constexpr ethos_u::operation lone_operation(int index) {
    const ethos_u_turn turn = turns[static_cast<std::size_t>(npu_begin + index)];
    const ethos_u::npu_node& node = nodes[static_cast<std::size_t>(turn.node)];
    const std::int32_t first = turn.band * node.band;
    const std::int32_t left = node.whole.output.height - first;
    return band_operation(npu, node, first, left < node.band ? left : node.band);
  }
  static constexpr ethos_u::operation operation_at(int index) {
    ethos_u::operation made = lone_operation(index);
    if (index > 0) {
      made.block_dependency = block_dependency(lone_operation(index - 1), made);
    }
    return made;
  }

  static constexpr int operations_a_piece = 32;
  static constexpr std::size_t most_words_a_piece = std::size_t{operations_a_piece} * 100;
  /// The words of some operations, and what the registers hold after them.
  struct piece {
    std::array<std::uint32_t, most_words_a_piece> words{};
    std::size_t count = 0;
    ethos_u::register_file registers{};
  };
  template <int Index>
  static constexpr piece make_piece() {
    piece made;
    if constexpr (Index > 0) {
      made.registers = piece_at<Index - 1>.registers;
    }
    const auto sink = [&](std::uint32_t word) { made.words[made.count++] = word; };
    ethos_u::emitter emit(npu, made.registers, sink);
    if constexpr (Index == 0) {
      emit.begin();
    }
    constexpr int first = Index * operations_a_piece;
    constexpr int last =
        first + operations_a_piece < operation_count ? first + operations_a_piece : operation_count;
    for (int i = first; i < last; ++i) {
      emit.run(operation_at(i));
    }
    if constexpr (last == operation_count) {
      emit.end();
    }
    return made;
  }
  template <int Index>
  static constexpr piece piece_at = make_piece<Index>();

  static constexpr int piece_count =
      (operation_count + operations_a_piece - 1) / operations_a_piece;
  static constexpr auto every_piece = std::make_integer_sequence<int, piece_count>{};
  template <int... Index>
  static constexpr std::size_t count_words(std::integer_sequence<int, Index...>) {
    return (piece_at<Index>.count + ... + 0);
  }
  static constexpr std::size_t stream_words = count_words(every_piece);

  template <int... Index>
  static constexpr auto make_payload(std::integer_sequence<int, Index...>) {
    std::array<std::uint32_t, ethos_u::payload_head_words + stream_words> words{};
    std::size_t at = 0;
    for (const std::uint32_t word : ethos_u::payload_head(npu, stream_words)) {
      words[at++] = word;
    }
    const auto append = [&](const piece& some) {
      for (std::size_t i = 0; i < some.count; ++i) {
        words[at++] = some.words[i];
      }
    };
    (append(piece_at<Index>), ...);
    return words;
  }
};

} // namespace detail
} // namespace inlay
