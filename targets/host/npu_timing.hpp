// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "npu_network.hpp"

#include <inlay/kernels/ethos_u/transfer.hpp>
#include <inlay/kernels/ethos_u/transfer_planner.hpp>
#include <inlay/program/ethos_u_bound.hpp>
#include <inlay/program/ethos_u_places.hpp>

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
    for (int i = 0; i < made.copies.count; ++i) {
      made.copied.push_back(made.copies[i].bytes);
    }
    for (int i = 0; i < made.copies.part_count; ++i) {
      const inlay::ethos_u::node_part& part = made.copies.part(i);
      made.part_blocks.push_back(network_.blocks_of_part(made, part));
      if (part.transfer >= 0) {
        made.copied[at(part.transfer)] = network_.constants_of_part(part, made.part_blocks.back());
      }
    }
    divide_turns(made);
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

  /// Some bands are made by several operations.
  static void divide_turns(npu_plan& made) {
    std::vector<npu_turn> turns;
    for (const npu_turn& band : made.turns) {
      made.copies.each_operation_of(band.node, [&](int part) {
        turns.push_back({.node = band.node, .band = band.band, .part = part});
      });
    }
    made.turns = std::move(turns);
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
        time.start(made.copied[at(started)],
                   index == 0 || operations_beside(made, copy, index) > 0);
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

  /// How many operations may still be running when a copy starts before operation `index`.
  [[nodiscard]] int operations_beside(const npu_plan& made,
                                      const inlay::ethos_u::planned_transfer& copy,
                                      int index) const {
    const auto before = [&](int distance) {
      return operation_of(made, made.operation(std::max(index - distance, 0)));
    };
    return inlay::ethos_u::operations_beside({.to = copy.offset, .bytes = copy.bytes}, before(2),
                                             before(1));
  }

  [[nodiscard]] inlay::ethos_u::operation operation_of(const npu_plan& made,
                                                       const npu_turn& turn) const {
    const int node = turn.node;
    const inlay::detail::npu_places<capacity> places{made.stream, made.rows,
                                                     network_.undivided.blocked};
    inlay::ethos_u::npu_node all =
        places.node_of(node, network_.operation_of(node).made(), {made.blocks[at(node)], {}},
                       network_.band_rows(made, node));
    if (turn.part >= 0) {
      all.whole.output = channels_of(all.whole.output, made.copies.part(turn.part).channels);
      all.whole.blocks.output = made.part_blocks[at(turn.part)];
    }
    if (const int own = made.copy_of(turn); own >= 0) {
      all.whole.constants_in = inlay::ethos_u::region::arena;
      all.whole.weights.cores[0] = {made.copies[own].offset, made.copies[own].bytes,
                                    made.copies[own].offset + made.copies[own].bytes, 0};
    }
    const std::int32_t first = turn.band * all.band;
    return band_operation(network_.on, all, first,
                          std::min(all.band, all.whole.output.height - first));
  }

  [[nodiscard]] inlay::ethos_u::operation_cost cost_of(const npu_plan& made,
                                                       const npu_turn& turn) const {
    using inlay::ethos_u::constants_place;
    const inlay::ethos_u::operation what = operation_of(made, turn);
    return estimate(network_.on, request_of(what), what.blocks.output, network_.memory,
                    what.constants_in == inlay::ethos_u::region::arena ? constants_place::arena
                                                                       : constants_place::outside);
  }

  const npu_network& network_;
};

} // namespace inspect
