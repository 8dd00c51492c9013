// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/transfer_clock.hpp>
#include <inlay/kernels/ethos_u/transfer_trial.hpp>
#include <inlay/plan/free_bytes.hpp>

#include <algorithm>

namespace inlay::ethos_u {

namespace detail {

/// Each segment's constants are to be there when it begins. Transfers come one after the other, so
/// that of a segment must end before the latest start of the next one's; they start then, or as
/// soon after it as the arena has place and the transfer before has ended. Where that is late, the
/// constants of some output channels come in transfers of their own.
template <graph_size Size>
class transfer_planner {
  using plan = transfer_plan<Size>;
  using clock = transfer_clock<Size>;

  /// Of constants that are copied on their own.
  static constexpr std::int64_t least_bytes_of_a_part(const node_cost& all) {
    return std::clamp<std::int64_t>(all.constants / 8, 4096, 16384);
  }

public:
  constexpr transfer_planner(const npu& on, const memory_speed& memory, const row_plan<Size>& rows,
                             const row_cuts<Size>& cuts, const node_costs<Size>& costs,
                             std::span<const int> turns, std::int64_t limit)
      : on_(on), memory_(memory), cuts_(cuts), costs_(costs), turns_(turns), free_(rows, limit),
        clock_(memory, cuts, costs, turns) {}

  constexpr plan run() {
    for (int segment = clock_.first(); segment <= clock_.last(); ++segment) {
      clock_.enter(segment);
      place(segment);
    }
    transfer_trial<Size>(on_, memory_, costs_, turns_, clock_.segments()).drop_losses(plan_);
    count_by_operations();
    return plan_;
  }

private:
  /// A transfer, and what comes of it, in cycles.
  struct attempt {
    planned_transfer made{};
    std::int64_t end = 0;
    /// By how much it starts later than it might, for want of place, and by how much it comes later
    /// than it is needed.
    std::int64_t idle = 0;
    std::int64_t late = 0;
    std::int64_t gain = 0;

    [[nodiscard]] constexpr bool pays() const { return made.first < made.last && gain > late; }
  };

  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }
  [[nodiscard]] constexpr std::int64_t gain_of(int node) const {
    return costs_[at(node)].gain(memory_.constants);
  }

  [[nodiscard]] constexpr bool is_divisible(int node) const {
    const node_cost& what = costs_[at(node)];
    return what.channels > channel_granule && what.constants >= 4 * least_bytes_of_a_part(what);
  }

  /// Takes the transfers that a segment gains by.
  constexpr void place(int segment) {
    const row_segment& all = cuts_[segment];
    int first = all.begin;
    int last = all.end;
    while (first < last && gain_of(first) <= 0) {
      ++first;
    }
    while (first < last && gain_of(last - 1) <= 0) {
      --last;
    }
    attempt best;
    if (first < last) {
      best = try_all(segment, first, last);
      const bool is_good =
          best.pays() && best.late == 0 && best.idle * 4 < clock_.cycles_of(best.made.bytes);
      if (!is_good && last == first + 1 && is_divisible(first) &&
          place_parts(segment, first, best)) {
        return;
      }
      best = best.pays() ? best : try_some(segment, first, last);
    }
    if (best.pays()) {
      take(segment, best);
    }
    for (int node = all.begin; node < all.end; ++node) {
      if (!best.pays() || node < best.made.first || node >= best.made.last) {
        clock_.add_outside(costs_[at(node)]);
      }
    }
  }

  constexpr void take(int segment, const attempt& what) {
    clock_.add_transfer(what.end, what.late);
    free_.take(what.made.offset, what.made.bytes, what.made.begin, segment);
    plan_.transfers[at(plan_.count++)] = what.made;
  }

  [[nodiscard]] constexpr attempt try_all(int segment, int first, int last) const {
    std::int64_t bytes = 0;
    std::int64_t gain = 0;
    for (int node = first; node < last; ++node) {
      bytes += costs_[at(node)].constants;
      gain += gain_of(node);
    }
    const typename clock::first_use use = clock_.use_of(segment, first, last);
    const typename clock::first_start from = clock_.start_for(segment, use);
    const int begin = first_with_place(bytes, from.segment, segment);
    if (begin > segment) {
      return {};
    }
    const std::int64_t offset = free_.find(bytes, begin, segment);
    return made_of({.first = first, .last = last, .bytes = bytes, .offset = offset, .begin = begin},
                   gain, segment, use, from);
  }

  /// Tries those nodes in a row of [first, last) that save the most, of those that fit.
  [[nodiscard]] constexpr attempt try_some(int segment, int first, int last) const {
    const std::int64_t gap = free_.largest(segment, segment).bytes;
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
    return best < best_end ? try_all(segment, best, best_end) : attempt{};
  }

  /// Takes transfers of some of a node's output channels each, as many as are there in time.
  /// @param whole the transfer of all
  /// @return false if that is better
  constexpr bool place_parts(int segment, int node, const attempt& whole) {
    const node_cost& all = costs_[at(node)];
    const auto before = clock_.now();
    const int taken = free_.taken();
    const int planned = plan_.count;
    std::int64_t gain = 0;
    std::int32_t done = 0;
    while (done < all.channels && parts_ < plan::most_copied_parts) {
      const attempt part = try_part(segment, node, done);
      if (!part.pays()) {
        break;
      }
      take(segment, part);
      ++parts_;
      gain += part.gain;
      done += part.made.channels.count;
    }
    if (gain <= 0 || (whole.pays() && whole.gain - whole.late > gain + gain / 8)) {
      clock_.go_back(before);
      free_.give_back(taken);
      parts_ -= plan_.count - planned;
      plan_.count = planned;
      return false;
    }
    if (done < all.channels) {
      clock_.add_outside(all.of(all.channels - done));
    }
    return true;
  }

  /// Tries as many of a node's output channels from `done` on as there is place for as soon as
  /// there is place for some.
  [[nodiscard]] constexpr attempt try_part(int segment, int node, std::int32_t done) const {
    // An operation more has its price.
    constexpr std::int64_t cycles_of_a_part = 500;
    const node_cost& all = costs_[at(node)];
    const std::int32_t left = all.channels - done;
    typename clock::first_use use = clock_.use_of(segment, node, node + 1);
    use.time += done == 0 ? 0 : all.of(done).copied.cycles;
    const typename clock::first_start from = clock_.start_for(segment, use);
    const std::int64_t least = least_bytes_of_a_part(all);
    const int begin = first_with_place(least, from.segment, segment);
    if (begin > segment) {
      return {};
    }
    const auto gap = free_.largest(begin, segment);
    const std::int64_t time =
        use.time - clock_.end_of(begin > from.segment ? clock_.start_in(begin) : from, 0);
    const std::int64_t bytes =
        time < gap.bytes / memory_.constants ? time * memory_.constants : gap.bytes;
    std::int32_t channels = bytes < least ? 0 : all.channels_within(bytes);
    if (channels <= 0) {
      return {};
    }
    channels = channels < left ? channels : left;
    const node_cost some = all.of(channels);
    return made_of({.first = node,
                    .last = node + 1,
                    .channels = {done, channels},
                    .bytes = some.constants,
                    .offset = gap.offset,
                    .begin = begin},
                   some.gain(memory_.constants) - cycles_of_a_part, segment, use, from);
  }

  /// The first segment from `earliest` on in which there is place until another; the one behind
  /// that if there is none.
  [[nodiscard]] constexpr int first_with_place(std::int64_t bytes, int earliest,
                                               int segment) const {
    int low = earliest;
    for (int high = segment + 1; low < high;) {
      const int middle = low + (high - low) / 2;
      if (free_.find(bytes, middle, segment) >= 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// A transfer that has its place.
  /// @param from when it might start, if there were place
  [[nodiscard]] constexpr attempt made_of(const planned_transfer& what, std::int64_t gain,
                                          int segment, const typename clock::first_use& use,
                                          const typename clock::first_start& from) const {
    const typename clock::first_start start =
        what.begin > from.segment ? clock_.start_in(what.begin) : from;
    attempt made{.made = what, .end = clock_.end_of(start, what.bytes), .gain = gain};
    made.idle = made.end - clock_.end_of(from, what.bytes);
    made.late = made.end > use.time ? made.end - use.time : 0;
    made.made.end = segment;
    made.made.use = use.turn;
    // Commands are read while the operation before them runs.
    made.made.start = start.during < use.turn ? start.during + 1 : start.during;
    return made;
  }

  /// So far starts and uses were turns; nodes that are divided have several operations a turn.
  constexpr void count_by_operations() {
    const plan by_turns = plan_;
    for (int turn = 0; turn < clock_.turn_count(); ++turn) {
      const int more = plan_.parts_of(turns_[at(turn)]).count() - 1;
      for (int i = 0; more > 0 && i < plan_.count; ++i) {
        plan_.transfers[at(i)].start += by_turns[i].start > turn ? more : 0;
        plan_.transfers[at(i)].use += by_turns[i].use > turn ? more : 0;
      }
    }
    for (int i = 0; i < plan_.part_count; ++i) {
      if (const int own = plan_.part(i).transfer; own >= 0) {
        plan_.transfers[at(own)].use += i - plan_.parts_of(plan_.part(i).node).first;
      }
    }
  }

  const npu& on_;
  memory_speed memory_;
  const row_cuts<Size>& cuts_;
  const node_costs<Size>& costs_;
  std::span<const int> turns_;
  free_bytes<Size, plan::most_transfers> free_;
  clock clock_;
  int parts_ = 0;
  plan plan_{};
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
