// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "npu_network.hpp"

#include <inlay/kernels/ethos_u/transfer_planner.hpp>
#include <inlay/program/ethos_u_bound.hpp>

namespace inspect {

/// Chooses copies of constants for tensors that have their places, and adds up what everything
/// takes.
class npu_timing {
public:
  /// @param network outlives this
  explicit npu_timing(const npu_network& network) : network_(network) {}

  /// As search_cascades compares plans: with blocks that are good rather than the best.
  [[nodiscard]] std::int64_t cycles_with_copies(const npu_plan& made) const {
    const auto costs = std::make_unique<inlay::ethos_u::node_costs<capacity>>();
    each_node(made, [&](int node) {
      (*costs)[at(node)] = network_.choose(made, node, inlay::ethos_u::choose_blocks_roughly).cost;
    });
    return plan_copies(made, *costs).cycles;
  }

  /// Fills in what follows from turns and places.
  void complete(npu_plan& made) const {
    const auto costs = std::make_unique<inlay::ethos_u::node_costs<capacity>>();
    std::vector<npu_network::choice> choices(at(made.stream.count));
    each_node(made, [&](int node) {
      choices[at(node)] = network_.choose(made, node, inlay::ethos_u::choose_blocks);
      (*costs)[at(node)] = choices[at(node)].cost;
    });
    if (network_.is_copying()) {
      made.copies = plan_copies(made, *costs);
    }
    made.costs.resize(choices.size());
    made.blocks.resize(choices.size());
    each_node(made, [&](int node) {
      made.blocks[at(node)] =
          made.copies.of(node) < 0 ? choices[at(node)].outside : choices[at(node)].copied;
    });
    add_cycles(made);
    made.least_cycles = least_cycles(network_.graph, network_.work, made.stream, network_.on,
                                     network_.memory, made.arena_bytes());
  }

private:
  static std::size_t at(int index) { return npu_network::at(index); }

  /// Calls visit(node) for each node of the NPU.
  template <class Visit>
  void each_node(const npu_plan& made, const Visit& visit) const {
    for (int node = 1; node < made.stream.count; ++node) {
      if (network_.is_on_npu(node)) {
        visit(node);
      }
    }
  }

  [[nodiscard]] inlay::ethos_u::transfer_plan<capacity>
  plan_copies(const npu_plan& made, const inlay::ethos_u::node_costs<capacity>& costs) const {
    return inlay::ethos_u::plan_transfers<capacity>(
        network_.on, network_.memory, made.rows, made.cuts, costs, made.nodes,
        network_.arena_for_copies(made.rows.arena_bytes));
  }

  void add_cycles(npu_plan& made) const {
    inlay::ethos_u::timeline time(network_.on, network_.memory);
    int started = 0;
    for (int i = 0; i < static_cast<int>(made.turns.size()); ++i) {
      npu_turn& turn = made.turns[at(i)];
      turn.begin = time.cycles();
      if (!network_.is_on_npu(turn.node)) {
        continue;
      }
      const int index = i - made.npu_begin;
      for (; started < made.copies.count && made.copies[started].start == index; ++started) {
        const auto& copy = made.copies[started];
        time.start(copy.bytes, index == 0 || !touches(made, made.operation(index - 1).node, copy));
      }
      for (int k = 0; k < started; ++k) {
        if (made.copies[k].use == index) {
          time.wait(started - 1 - k);
        }
      }
      turn.cost = cost_of(made, turn);
      time.run(turn.cost);
      turn.cost.cycles = time.cycles() - turn.begin;
      made.total += turn.cost;
      made.costs[at(turn.node)] += turn.cost;
    }
  }

  /// Whether a node's operations read or write bytes that a copy writes.
  static bool touches(const npu_plan& made, int node,
                      const inlay::ethos_u::planned_transfer& copy) {
    const auto holds = [&](std::int64_t offset, std::int64_t bytes) {
      return offset < copy.offset + copy.bytes && copy.offset < offset + bytes;
    };
    const auto is_in = [&](int tensor) {
      return holds(made.rows[tensor].offset, made.rows[tensor].bytes);
    };
    const inlay::row_node& what = made.stream[node];
    bool found = is_in(node);
    for (int k = 0; k < what.input_count; ++k) {
      found = found || is_in(what.inputs[at(k)].node);
    }
    const int own = made.copies.of(node);
    return found || (own >= 0 && holds(made.copies[own].offset, made.copies[own].bytes));
  }

  [[nodiscard]] inlay::ethos_u::operation_cost cost_of(const npu_plan& made,
                                                       const npu_turn& turn) const {
    using inlay::ethos_u::constants_place;
    const inlay::ethos_u::step_operation what = network_.operation_of(turn.node);
    const std::int32_t rows = network_.band_rows(made, turn.node);
    const std::int32_t left = what.made().output.height - turn.band * rows;
    return estimate(network_.on, what.request(std::min(rows, left)), made.blocks[at(turn.node)],
                    network_.memory,
                    made.copies.of(turn.node) < 0 ? constants_place::outside
                                                  : constants_place::arena);
  }

  const npu_network& network_;
};

} // namespace inspect
