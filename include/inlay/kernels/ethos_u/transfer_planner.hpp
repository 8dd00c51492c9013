// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/transfer_trial.hpp>
#include <inlay/plan/free_bytes.hpp>

namespace inlay::ethos_u {

namespace detail {

/// Each segment's constants are to be there when it begins. Transfers come one after the other, so
/// that of a segment must end before the latest start of the next one's; they start then, or as
/// soon after it as the arena has place and the transfer before has ended.
template <graph_size Size>
class transfer_planner {
public:
  constexpr transfer_planner(const npu& on, const memory_speed& memory, const row_plan<Size>& rows,
                             const row_cuts<Size>& cuts, const node_costs<Size>& costs,
                             std::span<const int> turns, std::int64_t limit)
      : on_(on), memory_(memory), cuts_(cuts), costs_(costs), turns_(turns), free_(rows, limit) {
    for (int i = 0; i < cuts.count; ++i) {
      for (int node = cuts[i].begin; node < cuts[i].end; ++node) {
        segment_of_[at(node)] = i;
      }
    }
    first_ = segment_of(0);
    last_ = segment_of(turn_count() - 1);
    std::int64_t time = 0;
    for (int turn = 0, segment = -1; turn < turn_count(); ++turn) {
      if (segment_of(turn) != segment) {
        segment = segment_of(turn);
        segments_[at(segment)] = {.turn = turn, .begin = time};
      }
      time += copied_cycles(turn);
    }
    std::int64_t next = time;
    for (int i = last_; i >= first_; --i) {
      segment_times& here = segments_[at(i)];
      for (int node = cuts[i].begin; node < cuts[i].end; ++node) {
        here.bytes += gain_of(node) > 0 ? costs[at(node)].constants : 0;
      }
      next = (here.begin < next ? here.begin : next) - cycles_of(here.bytes);
      here.latest = next;
    }
  }

  constexpr transfer_plan<Size> run() {
    for (int segment = first_; segment <= last_; ++segment) {
      segments_[at(segment)].begin += delay_;
      segments_[at(segment)].latest += delay_;
      const planned_transfer made = place(segment);
      for (int node = cuts_[segment].begin; node < cuts_[segment].end; ++node) {
        if (node < made.first || node >= made.last) {
          delay_ += costs_[at(node)].saved();
          channel_free_ +=
              cycles_of(costs_[at(node)].outside.outside_bytes * costs_[at(node)].bands);
        }
      }
      if (made.last > made.first) {
        plan_.transfers[at(plan_.count++)] = made;
      }
    }
    transfer_trial<Size>(on_, memory_, costs_, turns_, segment_of_).drop_losses(plan_);
    return plan_;
  }

private:
  /// A segment's first turn, and when that begins; bytes of constants that it can gain by, and when
  /// their transfer should start at the latest. All in cycles.
  struct segment_times {
    int turn = 0;
    std::int64_t begin = 0;
    std::int64_t bytes = 0;
    std::int64_t latest = 0;
  };

  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }
  [[nodiscard]] constexpr int turn_count() const { return static_cast<int>(turns_.size()); }
  [[nodiscard]] constexpr int segment_of(int turn) const {
    return segment_of_[at(turns_[at(turn)])];
  }
  [[nodiscard]] constexpr const node_cost& cost_of(int turn) const {
    return costs_[at(turns_[at(turn)])];
  }
  [[nodiscard]] constexpr std::int64_t copied_cycles(int turn) const {
    return cost_of(turn).copied.cycles;
  }
  [[nodiscard]] constexpr std::int64_t gain_of(int node) const {
    return costs_[at(node)].gain(memory_.constants);
  }
  [[nodiscard]] constexpr std::int64_t cycles_of(std::int64_t bytes) const {
    return divided_up(bytes, memory_.constants);
  }

  constexpr planned_transfer place(int segment) {
    int first = cuts_[segment].begin;
    int last = cuts_[segment].end;
    while (first < last && gain_of(first) <= 0) {
      ++first;
    }
    while (first < last && gain_of(last - 1) <= 0) {
      --last;
    }
    if (first == last) {
      return {};
    }
    const planned_transfer all = place(segment, first, last);
    return all.first < all.last ? all : place_some(segment, first, last);
  }

  /// Places those nodes in a row of [first, last) that save the most, of those that fit.
  constexpr planned_transfer place_some(int segment, int first, int last) {
    const std::int64_t gap = free_.largest_in(segment);
    std::int64_t most = 0;
    int best = first;
    int best_end = first;
    for (int begin = first; begin < last; ++begin) {
      std::int64_t bytes = 0;
      std::int64_t saved = 0;
      for (int end = begin; end < last; ++end) {
        bytes += costs_[at(end)].constants;
        if (bytes > gap) {
          break;
        }
        saved += gain_of(end);
        if (saved > most) {
          most = saved;
          best = begin;
          best_end = end + 1;
        }
      }
    }
    return best < best_end ? place(segment, best, best_end) : planned_transfer{};
  }

  /// @return a transfer of no nodes if there is no place, or nothing is gained
  constexpr planned_transfer place(int segment, int first, int last) {
    planned_transfer made{.first = first, .last = last, .end = segment};
    std::int64_t saved = 0;
    for (int node = first; node < last; ++node) {
      made.bytes += costs_[at(node)].constants;
      saved += gain_of(node);
    }
    const segment_times& here = segments_[at(segment)];
    made.use = here.turn;
    std::int64_t needed = here.begin;
    for (int node = turns_[at(made.use)]; node < first || node >= last;
         node = turns_[at(made.use)]) {
      needed += copied_cycles(made.use++);
    }
    std::int64_t start = here.latest > channel_free_ ? here.latest : channel_free_;
    start = start < needed ? start : needed;
    int low = segment;
    while (low > first_ && segments_[at(low)].begin > start) {
      --low;
    }
    int during = segments_[at(low)].turn;
    std::int64_t begin = segments_[at(low)].begin;
    while (during < made.use && begin + copied_cycles(during) <= start) {
      begin += copied_cycles(during++);
    }
    const int earliest = segment_of(during);
    // The first segment from there on in which there is place until the use.
    low = earliest;
    for (int high = segment + 1; low < high;) {
      const int middle = low + (high - low) / 2;
      if (free_.find(made.bytes, middle, segment) >= 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low > segment) {
      return {};
    }
    if (low > earliest) {
      during = segments_[at(low)].turn;
      start = segments_[at(low)].begin;
    }
    // Commands are read while the operation before them runs.
    made.start = during < made.use ? during + 1 : during;
    start = channel_free_ > start ? channel_free_ : start;
    const std::int64_t end = start + cycles_of(made.bytes);
    const std::int64_t late = end > needed ? end - needed : 0;
    if (saved <= late) {
      return {};
    }
    delay_ += late;
    channel_free_ = end;
    made.begin = low;
    made.offset = free_.find(made.bytes, low, segment);
    free_.take(made.offset, made.bytes, low, segment);
    return made;
  }

  const npu& on_;
  memory_speed memory_;
  const row_cuts<Size>& cuts_;
  const node_costs<Size>& costs_;
  std::span<const int> turns_;
  free_bytes<Size> free_;
  node_segments<Size> segment_of_{};
  std::array<segment_times, Size.operators + 1> segments_{};
  int first_ = 0;
  int last_ = 0;
  /// Cycles by which segments begin later than if all constants were at hand.
  std::int64_t delay_ = 0;
  /// When the memory of constants is free for the next transfer.
  std::int64_t channel_free_ = 0;
  transfer_plan<Size> plan_{};
};

} // namespace detail

/// Plans transfers of constants: ahead of use where the arena has place, and where they save cycles
/// by the estimate.
/// @param rows where the rows of all nodes lie
/// @param turns the NPU's operations in their order, each one's node
/// @param limit bytes of the arena that may be used
template <graph_size Size>
constexpr transfer_plan<Size> plan_transfers(const npu& on, const memory_speed& memory,
                                             const row_plan<Size>& rows, const row_cuts<Size>& cuts,
                                             const node_costs<Size>& costs,
                                             std::span<const int> turns, std::int64_t limit) {
  return detail::transfer_planner<Size>(on, memory, rows, cuts, costs, turns, limit).run();
}

} // namespace inlay::ethos_u
