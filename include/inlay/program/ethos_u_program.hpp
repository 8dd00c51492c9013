// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/emitter.hpp>
#include <inlay/kernels/ethos_u/payload.hpp>
#include <inlay/program/ethos_u_layers.hpp>
#include <inlay/program/ethos_u_places.hpp>

namespace inlay {

/// A copy of constants into the arena: before which operation it starts, and which one reads first
/// what it has copied.
struct ethos_u_copy {
  ethos_u::transfer what{};
  int start = 0;
  int use = 0;
};

namespace detail {

/// The command stream of a network, made piece by piece, because compilers limit evaluations.
template <class Network, class Target, ethos_u_options Options, class Weights>
struct ethos_u_program : ethos_u_layers<Network, Target, Options> {
  using planned = ethos_u_layers<Network, Target, Options>;
  using planned::graph;
  using planned::npu;
  using planned::npu_begin;
  using planned::operation_count;
  using planned::schedule;
  using planned::stream;
  using planned::transfers;
  using planned::turns;
  using placed = typename planned::placed;
  static constexpr graph_size size = planned::size;

  // Weights.

  template <std::size_t Index>
  static constexpr ethos_u::layer_weights weights_of() {
    constexpr typename planned::layer which = planned::layers_in_order[Index];
    constexpr const scheduled_step& step = schedule[stream[which.node].step];
    if constexpr (which.part < 0) {
      return weights_in_blocks(npu, step, planned::template blocks<which.node>.output.depth);
    } else {
      return ethos_u::weights_of(
          weights_in_blocks(npu, step, planned::template blocks_of_part<which.part>.output.depth),
          transfers.part(which.part).channels);
    }
  }
  template <std::size_t... Index>
  static constexpr auto make_layers(std::index_sequence<Index...>) {
    return std::array<ethos_u::layer_weights, sizeof...(Index)>{weights_of<Index>()...};
  }
  /// The constants of all operations with weights.
  static constexpr auto layers =
      make_layers(std::make_index_sequence<planned::layers_in_order.size()>{});
  static constexpr const auto& table = Weights::template table<layers>;

  static constexpr const ethos_u::packed_layer& packed_layer_of(int node, int part) {
    return table.layers[planned::layer_of(node, part)];
  }

  // Transfers.

  static constexpr ethos_u::transfer transfer_of(int index) {
    const ethos_u::planned_transfer& plan = transfers[index];
    ethos_u::transfer made{.from = table.bytes, .to = plan.offset};
    std::int64_t end = 0;
    const auto add = [&](const ethos_u::packed_layer& layer) {
      made.from = layer.cores[0].weights < made.from ? layer.cores[0].weights : made.from;
      end = layer.end() > end ? layer.end() : end;
    };
    for (int i = 0; i < transfers.part_count; ++i) {
      if (transfers.part(i).transfer == index) {
        add(packed_layer_of(plan.first, i));
      }
    }
    for (int node = plan.first; plan.channels.count == 0 && node < plan.last; ++node) {
      if (planned::has_weights(node)) {
        add(packed_layer_of(node, -1));
      }
    }
    made.bytes = end - made.from;
    return made;
  }
  template <std::size_t... Index>
  static constexpr auto make_copies(std::index_sequence<Index...>) {
    return std::array<ethos_u_copy, sizeof...(Index)>{
        ethos_u_copy{transfer_of(static_cast<int>(Index)), transfers.transfers[Index].start,
                     transfers.transfers[Index].use}...};
  }
  /// In the order in which they start.
  static constexpr auto copies = make_copies(std::make_index_sequence<transfers.count>{});
  /// Constants are planned as they are uncompressed, and stay where they are should they be larger.
  static constexpr bool is_copied(int index) {
    return copies[static_cast<std::size_t>(index)].what.bytes <= transfers[index].bytes;
  }

  // Operations.

  static constexpr npu_places<size> places{stream, placed::plan, planned::blocked};

  /// Fills in where an operation reads its constants.
  static constexpr void set_constants(ethos_u::operation& made, const ethos_u::packed_layer& lying,
                                      int copy) {
    made.weights = lying;
    if (copy >= 0 && is_copied(copy)) {
      made.weights = moved_by(copies[static_cast<std::size_t>(copy)].what, lying);
      made.constants_in = ethos_u::region::arena;
    }
  }
  template <int Node>
  static constexpr ethos_u::npu_node node_of = [] {
    ethos_u::npu_node made =
        places.node_of(Node, planned::template step_of<Node>.made(), planned::template blocks<Node>,
                       planned::band_rows(Node));
    if (planned::has_weights(Node) && transfers.parts_of(Node).count() == 0) {
      set_constants(made.whole, packed_layer_of(Node, -1), transfers.of(Node));
    }
    return made;
  }();
  template <int Part>
  static constexpr ethos_u::npu_node node_of_part = [] {
    constexpr ethos_u::node_part part = transfers.part(Part);
    ethos_u::npu_node made = node_of<part.node>;
    made.whole.output = channels_of(made.whole.output, part.channels);
    made.whole.blocks = planned::template blocks_of_part<Part>;
    set_constants(made.whole, packed_layer_of(part.node, Part), part.transfer);
    return made;
  }();

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
  template <int... Part>
  static constexpr auto parts_of(std::integer_sequence<int, Part...>) {
    return std::array<ethos_u::npu_node, sizeof...(Part)>{node_of_part<Part>...};
  }
  static constexpr auto parts = parts_of(std::make_integer_sequence<int, transfers.part_count>{});

  static constexpr ethos_u::operation lone_operation(int index) {
    const ethos_u_turn turn = turns[static_cast<std::size_t>(npu_begin + index)];
    const ethos_u::npu_node& node = turn.part < 0 ? nodes[static_cast<std::size_t>(turn.node)]
                                                  : parts[static_cast<std::size_t>(turn.part)];
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

  /// How many operations may still be running when a transfer starts.
  static constexpr int operations_beside(int transfer) {
    const ethos_u_copy& copy = copies[static_cast<std::size_t>(transfer)];
    const int at = copy.start;
    return at == 0 ? ethos_u::most_running_operations
                   : ethos_u::operations_beside(copy.what, lone_operation(at > 1 ? at - 2 : 0),
                                                lone_operation(at - 1));
  }

  /// Starts the transfers that are due before an operation, and waits for the one that it reads.
  /// @param running how many operations may be running
  template <class Emitter>
  static constexpr void emit_transfers(Emitter& emit, int index, int& running) {
    for (int i = 0; i < transfers.count; ++i) {
      if (!is_copied(i)) {
        continue;
      }
      if (transfers[i].start == index) {
        if (const int beside = operations_beside(i); beside < running) {
          emit.wait_for_operations(beside);
          running = beside;
        }
        emit.start(copies[static_cast<std::size_t>(i)].what);
      }
    }
    for (int i = 0; i < transfers.count; ++i) {
      if (transfers[i].use == index && is_copied(i)) {
        int behind = 0;
        for (int k = i + 1; k < transfers.count && transfers[k].start <= index; ++k) {
          behind += is_copied(k) ? 1 : 0;
        }
        if (behind < npu.most_transfers()) {
          emit.wait_for_transfers(behind);
        }
      }
    }
  }

  static constexpr int operations_a_piece = 32;
  static constexpr std::size_t most_words_a_piece = std::size_t{operations_a_piece} * 100;
  /// The words of some operations, what the registers hold after them, and how many operations may
  /// then be running.
  struct piece {
    std::array<std::uint32_t, most_words_a_piece> words{};
    std::size_t count = 0;
    ethos_u::register_file registers{};
    int running = 0;
  };
  template <int Index>
  static constexpr piece make_piece() {
    piece made;
    if constexpr (Index > 0) {
      made.registers = piece_at<Index - 1>.registers;
      made.running = piece_at<Index - 1>.running;
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
      emit_transfers(emit, i, made.running);
      emit.run(operation_at(i));
      made.running += made.running < ethos_u::most_running_operations ? 1 : 0;
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
