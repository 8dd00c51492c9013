// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/timeline.hpp>
#include <inlay/kernels/ethos_u/transfer_clock.hpp>

namespace inlay::ethos_u::detail {

/// Plays operations and transfers, and drops the transfers that do not pay.
template <graph_size Size>
class transfer_trial {
public:
  /// @param costs, turns, segments outlive this
  constexpr transfer_trial(const npu& on, const memory_speed& memory, const node_costs<Size>& costs,
                           std::span<const int> turns, const node_segments<Size>& segments)
      : on_(on), memory_(memory), costs_(costs), turns_(turns), segment_of_(segments) {}

  /// Leaves the transfers that save cycles, in the order in which they start, and fills in the
  /// parts of nodes and the cycles of all.
  constexpr void drop_losses(transfer_plan<Size>& plan) const {
    sort(plan);
    while (drop_worst(plan)) {
    }
    transfer_plan<Size> none;
    (void)drop_worst(none);
    if (none.cycles <= plan.cycles) {
      plan = none;
    }
  }

private:
  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }

  /// By their starts, and by their uses where they start together.
  constexpr void sort(transfer_plan<Size>& plan) const {
    for (int i = 1; i < plan.count; ++i) {
      const planned_transfer one = plan[i];
      int k = i;
      for (; k > 0 && (one.start < plan[k - 1].start ||
                       (one.start == plan[k - 1].start && one.use < plan[k - 1].use));
           --k) {
        plan.transfers[at(k)] = plan[k - 1];
      }
      plan.transfers[at(k)] = one;
    }
  }

  /// Fills in the parts of the nodes that are divided.
  constexpr void divide(transfer_plan<Size>& plan) const {
    std::array<node_part, transfer_plan<Size>::most_copied_parts> copied{};
    int count = 0;
    for (int i = 0; i < plan.count; ++i) {
      const node_part one{plan[i].first, plan[i].channels, i};
      if (one.channels.count > 0) {
        int k = count++;
        for (; k > 0 && comes_before(one, copied[at(k - 1)]); --k) {
          copied[at(k)] = copied[at(k - 1)];
        }
        copied[at(k)] = one;
      }
    }
    plan.part_count = 0;
    for (int i = 0, done = 0; i < count; ++i) {
      const node_part& one = copied[at(i)];
      add_outside(plan, one.node, done, one.channels.first);
      plan.parts[at(plan.part_count++)] = one;
      done = one.channels.first + one.channels.count;
      if (i + 1 == count || copied[at(i + 1)].node != one.node) {
        add_outside(plan, one.node, done, costs_[at(one.node)].channels);
        done = 0;
      }
    }
  }
  static constexpr bool comes_before(const node_part& one, const node_part& other) {
    return one.node < other.node ||
           (one.node == other.node && one.channels.first < other.channels.first);
  }
  /// Those of the channels [first, last) are read where they lie.
  constexpr void add_outside(transfer_plan<Size>& plan, int node, std::int32_t first,
                             std::int32_t last) const {
    if (first < last) {
      plan.parts[at(plan.part_count++)] = {node, {first, last - first}, -1};
    }
  }

  using transfer_gains = std::array<std::int64_t, transfer_plan<Size>::most_transfers>;

  /// Drops the transfer that costs the most more cycles than it saves.
  constexpr bool drop_worst(transfer_plan<Size>& plan) const {
    divide(plan);
    transfer_gains gains{};
    for (int i = 0; i < plan.count; ++i) {
      for (int node = plan[i].first; node < plan[i].last; ++node) {
        gains[at(i)] += cost_of(node, plan[i].channels).gain(memory_.constants);
      }
    }
    plan.cycles = play(plan, gains);
    int worst = -1;
    for (int i = 0; i < plan.count; ++i) {
      if (gains[at(i)] <= 0 && (worst < 0 || gains[at(i)] < gains[at(worst)])) {
        worst = i;
      }
    }
    if (worst < 0) {
      return false;
    }
    for (int i = worst + 1; i < plan.count; ++i) {
      plan.transfers[at(i - 1)] = plan[i];
    }
    --plan.count;
    return true;
  }

  [[nodiscard]] constexpr node_cost cost_of(int node, const channel_range& channels) const {
    return channels.count > 0 ? costs_[at(node)].of(channels.count) : costs_[at(node)];
  }

  /// Plays all turns, and subtracts from each transfer's gain the cycles that are spent for it.
  /// @return the cycles of all
  constexpr std::int64_t play(const transfer_plan<Size>& plan, transfer_gains& gains) const {
    node_segments<Size> transfer_of{};
    transfer_of.fill(-1);
    for (int i = 0; i < plan.count; ++i) {
      for (int node = plan[i].first; node < plan[i].last; ++node) {
        transfer_of[at(node)] = i;
      }
    }
    timeline time(on_, memory_);
    int started = 0;
    int arrived = 0;
    const auto charge = [&](int transfer, const auto& spend) {
      const std::int64_t before = time.cycles();
      spend();
      gains[at(transfer)] -= time.cycles() - before;
    };
    const auto run = [&](const node_cost& what, int transfer) {
      if (transfer >= arrived) {
        charge(transfer, [&] { time.wait(started - 1 - transfer); });
        arrived = transfer + 1;
      }
      time.run(transfer < 0 ? what.outside : what.copied);
    };
    for (int turn = 0; turn < static_cast<int>(turns_.size()); ++turn) {
      for (; started < plan.count && plan[started].start == turn; ++started) {
        const bool at_once =
            turn > 0 && segment_of_[at(turns_[at(turn - 1)])] >= plan[started].begin;
        charge(started, [&] { time.start(plan[started].bytes, at_once); });
      }
      const int node = turns_[at(turn)];
      plan.each_operation_of(node, [&](int part) {
        if (part < 0) {
          run(costs_[at(node)], transfer_of[at(node)]);
        } else {
          run(cost_of(node, plan.part(part).channels), plan.part(part).transfer);
        }
      });
    }
    return time.cycles();
  }

  const npu& on_;
  memory_speed memory_;
  const node_costs<Size>& costs_;
  std::span<const int> turns_;
  const node_segments<Size>& segment_of_;
};

} // namespace inlay::ethos_u::detail
