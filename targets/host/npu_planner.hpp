// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "npu_plan.hpp"

#include <inlay/kernels/ethos_u/band_cost.hpp>
#include <inlay/kernels/ethos_u/block_search.hpp>
#include <inlay/kernels/ethos_u/transfer_planner.hpp>
#include <inlay/plan/cascade.hpp>
#include <inlay/program/ethos_u_steps.hpp>

#include <limits>
#include <memory>

namespace inspect {

/// Plans a network at run time as ethos_u_engine does it in the compiler.
class npu_planner {
public:
  /// @param work outlives the planner
  npu_planner(const inspect::graph& network, const inspect::schedule& work,
              const inlay::ethos_u::npu& on)
      : graph_(network), work_(work), npu_(on), memory_(inlay::ethos_u::flash_beside(on)),
        image_(inlay::ethos_u::is_for_npu(work[first_step(work)].what)
                   ? inlay::image_source::arena
                   : inlay::image_source::caller) {
    undivided_.blocked = inlay::detail::blocked_outputs(graph_, work_);
    for (int i = 0; i < work_.step_count; ++i) {
      undivided_.bands[at(i)] = graph_.at(work_[i].output).type.shape.height();
    }
    whole_ = divide(undivided_);
    readers_ = std::make_unique<readers>(*whole_);
    windows_ = inlay::detail::nodes_under_windows(*whole_);
    for (last_ = whole_->count; !is_on_npu(last_ - 1); --last_) {
    }
    for (first_ = 1; !is_on_npu(first_); ++first_) {
    }
  }

  [[nodiscard]] bool is_on_npu(int node) const {
    return node > 0 && inlay::ethos_u::is_for_npu(work_[(*whole_)[node].step].what);
  }

  /// Everything whole.
  std::unique_ptr<npu_plan> plain() const {
    const auto cuts = std::make_unique<cascades>();
    for (int node = 1; node < whole_->count; ++node) {
      cuts->cuts.segments[at(cuts->cuts.count++)] = {node, node + 1};
    }
    return place(*cuts);
  }

  /// The smallest arena within 100 KiB of commands and a tenth more cycles.
  std::unique_ptr<npu_plan> cascaded() {
    measure();
    constexpr std::int64_t most_operations =
        std::int64_t{100} * 1024 / inlay::ethos_u::bytes_of_commands;
    const auto within = [&](std::int64_t limit) {
      return std::make_unique<cascades>(
          inlay::choose_cascades<capacity>(pointers_, first_, last_, whole_->count, limit));
    };
    const std::int64_t whole = options_[0]->cycles[at(last_)];
    std::int64_t low = 0;
    std::int64_t high = within(std::numeric_limits<std::int64_t>::max())->bytes;
    while (high - low > 4096) {
      const std::int64_t middle = (low + high) / 2;
      const auto found = within(middle);
      const bool is_cheap = found->found && found->operations <= most_operations &&
                            found->cycles <= whole + whole / 10;
      (is_cheap ? high : low) = is_cheap ? found->bytes : middle;
    }
    auto best = place(*within(high));
    if (auto other = place(*within(high + high / 32)); other->arena_bytes() < best->arena_bytes()) {
      best = std::move(other);
    }
    return best;
  }

private:
  using cascades = inlay::cascade_plan<capacity>;
  using option = inlay::cascade_option<capacity>;
  using readers = inlay::detail::row_readers<capacity>;
  using division = inlay::row_division<capacity>;
  using stream = inlay::row_stream<capacity>;

  static std::size_t at(int index) { return static_cast<std::size_t>(index); }

  static int first_step(const inspect::schedule& work) {
    int i = 0;
    while (i + 1 < work.step_count && work[i].what.is<inlay::step::alias>()) {
      ++i;
    }
    return i;
  }

  [[nodiscard]] std::unique_ptr<stream> divide(const division& bands) const {
    return std::make_unique<stream>(inlay::divided_stream(graph_, work_, bands, 1));
  }

  void divide(division& bands, inlay::cascade_division by, int begin, int end) const {
    for (int node = begin; node < end; ++node) {
      bands.bands[at((*whole_)[node].step)] =
          by.band_of((*whole_)[node].height, windows_[at(node)]);
    }
  }

  [[nodiscard]] inlay::ethos_u::step_operation operation_of(int node) const {
    return inlay::detail::step_operation_of(graph_, work_[(*whole_)[node].step]);
  }

  void measure() {
    for (std::size_t i = 0; i < options_.size(); ++i) {
      const inlay::cascade_division by = inlay::cascade_divisions[i];
      const auto bands = std::make_unique<division>(undivided_);
      divide(*bands, by, first_, last_);
      const auto nodes = divide(*bands);
      const auto cycles = std::make_unique<std::array<std::int64_t, capacity.operators + 1>>();
      for (int node = first_; node < last_; ++node) {
        const inlay::ethos_u::step_operation what = operation_of(node);
        const inlay::row_node& made = (*nodes)[node];
        const auto blocks = choose_blocks_roughly(npu_, what.request(made.band), memory_,
                                                  inlay::ethos_u::constants_place::outside);
        (*cycles)[at(node)] = cost_of_bands(npu_, what, made.band, blocks.output, memory_).cycles +
                              made.rows * inlay::ethos_u::cycles_of_an_operation;
      }
      options_[i] = std::make_unique<option>(
          measure_cascades(*nodes, *readers_, inlay::detail::rings_of(*nodes, *readers_, first_),
                           first_, last_, by, *cycles));
      pointers_[i] = options_[i].get();
    }
  }

  [[nodiscard]] std::unique_ptr<npu_plan> place(const cascades& chosen) const {
    const auto bands = std::make_unique<division>(undivided_);
    for (int i = 0; i < chosen.cuts.count; ++i) {
      if (chosen.cuts[i].begin >= first_ && chosen.cuts[i].end <= last_) {
        divide(*bands, chosen.divisions[at(i)], chosen.cuts[i].begin, chosen.cuts[i].end);
      }
    }
    auto made = std::make_unique<npu_plan>();
    made->stream = *divide(*bands);
    made->cuts = chosen.cuts;
    const auto needs = std::make_unique<inlay::detail::row_needs<capacity>>();
    for (int i = 0; i < made->cuts.count; ++i) {
      const auto some = std::make_unique<inlay::detail::needs_of_segment<capacity>>(
          made->stream, *readers_, made->cuts[i], image_ == inlay::image_source::arena);
      std::copy(some->nodes.begin() + made->cuts[i].begin, some->nodes.begin() + made->cuts[i].end,
                needs->begin() + made->cuts[i].begin);
    }
    const inlay::detail::scratch_sizes<capacity> no_scratch{};
    for (const auto order : {inlay::placing_order::by_size, inlay::placing_order::by_time,
                             inlay::placing_order::by_end}) {
      const auto placed = std::make_unique<inlay::row_plan<capacity>>(
          place_rows(made->stream, *readers_, made->cuts, *needs, no_scratch, image_,
                     inlay::ethos_u::address_alignment, order));
      if (made->rows.count == 0 || placed->arena_bytes < made->rows.arena_bytes) {
        made->rows = *placed;
      }
    }
    add_turns(*made);
    return made;
  }

  void add_turns(npu_plan& made) const {
    std::vector<int> nodes;
    for (int i = 0; i < made.cuts.count; ++i) {
      inlay::row_order<capacity> order(made.stream, *readers_, made.cuts[i]);
      order.play([&](int node, std::int32_t band) {
        made.turns.push_back({node, band, 0, {}});
        if (is_on_npu(node)) {
          made.npu_begin = nodes.empty() ? static_cast<int>(made.turns.size()) - 1 : made.npu_begin;
          nodes.push_back(node);
        }
      });
    }
    made.operations = static_cast<int>(nodes.size());
    add_copies(made, nodes);
    add_cycles(made);
  }

  /// Chooses what is copied, and with that the blocks.
  void add_copies(npu_plan& made, const std::vector<int>& nodes) const {
    using inlay::ethos_u::constants_place;
    const auto costs = std::make_unique<inlay::ethos_u::node_costs<capacity>>();
    std::vector<inlay::ethos_u::block> copied(at(made.stream.count));
    made.costs.resize(copied.size());
    made.blocks.resize(copied.size());
    for (int node = first_; node < last_; ++node) {
      if (is_on_npu(node)) {
        const inlay::ethos_u::step_operation what = operation_of(node);
        const inlay::ethos_u::block_request request = what.request(band_rows(made, node));
        made.blocks[at(node)] =
            choose_blocks(npu_, request, memory_, constants_place::outside).output;
        copied[at(node)] = choose_blocks(npu_, request, memory_, constants_place::arena).output;
        (*costs)[at(node)] = inlay::detail::node_cost_of(
            npu_, memory_, work_[made.stream[node].step], what, band_rows(made, node),
            made.blocks[at(node)], copied[at(node)]);
      }
    }
    made.copies = inlay::ethos_u::plan_transfers<capacity>(npu_, memory_, made.rows, made.cuts,
                                                           *costs, nodes, made.rows.arena_bytes);
    for (int node = first_; node < last_; ++node) {
      if (made.copies.of(node) >= 0) {
        made.blocks[at(node)] = copied[at(node)];
      }
    }
  }

  void add_cycles(npu_plan& made) const {
    inlay::ethos_u::timeline time(npu_, memory_);
    int started = 0;
    for (int i = 0; i < static_cast<int>(made.turns.size()); ++i) {
      npu_turn& turn = made.turns[at(i)];
      turn.begin = time.cycles();
      if (!is_on_npu(turn.node)) {
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

  /// Rows of an operation's bands. A FULLY_CONNECTED is a column of pixels for the NPU, and one row
  /// for the stream.
  [[nodiscard]] std::int32_t band_rows(const npu_plan& made, int node) const {
    return made.stream[node].rows > 1 ? made.stream[node].band
                                      : operation_of(node).made().output.height;
  }

  [[nodiscard]] inlay::ethos_u::operation_cost cost_of(const npu_plan& made,
                                                       const npu_turn& turn) const {
    using inlay::ethos_u::constants_place;
    const inlay::ethos_u::step_operation what = operation_of(turn.node);
    const std::int32_t rows = band_rows(made, turn.node);
    const std::int32_t left = what.made().output.height - turn.band * rows;
    return estimate(npu_, what.request(std::min(rows, left)), made.blocks[at(turn.node)], memory_,
                    made.copies.of(turn.node) < 0 ? constants_place::outside
                                                  : constants_place::arena);
  }

  const inspect::graph& graph_;
  const inspect::schedule& work_;
  inlay::ethos_u::npu npu_;
  inlay::ethos_u::memory_speed memory_;
  inlay::image_source image_;
  division undivided_{};
  std::unique_ptr<stream> whole_;
  std::unique_ptr<readers> readers_;
  std::array<bool, capacity.operators + 1> windows_{};
  int first_ = 1;
  int last_ = 1;
  std::array<std::unique_ptr<option>, inlay::cascade_divisions.size()> options_;
  std::array<const option*, inlay::cascade_divisions.size()> pointers_{};
};

} // namespace inspect
