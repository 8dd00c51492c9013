// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/transfer_plan.hpp>

#include <span>

namespace inlay::ethos_u::detail {

/// For each node the segment that it is in.
template <graph_size Size>
using node_segments = std::array<int, Size.operators + 1>;

/// About when each segment begins, if what was planned so far is copied, and when the memory of
/// constants is free for the next transfer. All in cycles.
template <graph_size Size>
class transfer_clock {
public:
  /// @param cuts, costs, turns outlive this
  constexpr transfer_clock(const memory_speed& memory, const row_cuts<Size>& cuts,
                           const node_costs<Size>& costs, std::span<const int> turns)
      : rate_(memory.constants), costs_(costs), turns_(turns) {
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
      std::int64_t bytes = 0;
      for (int node = cuts[i].begin; node < cuts[i].end; ++node) {
        bytes += costs[at(node)].gain(rate_) > 0 ? costs[at(node)].constants : 0;
      }
      segment_times& here = segments_[at(i)];
      next = (here.begin < next ? here.begin : next) - cycles_of(bytes);
      here.latest = next;
    }
  }

  [[nodiscard]] constexpr const node_segments<Size>& segments() const { return segment_of_; }
  [[nodiscard]] constexpr int first() const { return first_; }
  [[nodiscard]] constexpr int last() const { return last_; }
  [[nodiscard]] constexpr int turn_count() const { return static_cast<int>(turns_.size()); }
  [[nodiscard]] constexpr std::int64_t cycles_of(std::int64_t bytes) const {
    return divided_up(bytes, rate_);
  }

  /// The transfers for all segments before have been planned.
  constexpr void enter(int segment) {
    segments_[at(segment)].begin += now_.delay;
    segments_[at(segment)].latest += now_.delay;
  }

  /// When a segment's constants, as far as they are copied, are read first.
  struct first_use {
    int turn = 0;
    std::int64_t time = 0;
  };
  /// @param first, last the nodes [first, last) of the segment have constants that are copied
  [[nodiscard]] constexpr first_use use_of(int segment, int first, int last) const {
    const segment_times& here = segments_[at(segment)];
    first_use found{here.turn, here.begin};
    while (turns_[at(found.turn)] < first || turns_[at(found.turn)] >= last) {
      found.time += copied_cycles(found.turn++);
    }
    return found;
  }

  /// When a transfer for a segment may start: as late as leaves time for those of all segments
  /// behind it, but not before those of all segments before it have ended.
  struct first_start {
    int segment = 0;
    /// The turn that runs meanwhile.
    int during = 0;
    std::int64_t time = 0;
  };
  [[nodiscard]] constexpr first_start start_for(int segment, const first_use& use) const {
    const std::int64_t latest = segments_[at(segment)].latest;
    first_start found{.time = latest > now_.free ? latest : now_.free};
    found.time = found.time < use.time ? found.time : use.time;
    int low = segment;
    while (low > first_ && segments_[at(low)].begin > found.time) {
      --low;
    }
    found.during = segments_[at(low)].turn;
    std::int64_t begin = segments_[at(low)].begin;
    while (found.during < use.turn && begin + copied_cycles(found.during) <= found.time) {
      begin += copied_cycles(found.during++);
    }
    found.segment = segment_of(found.during);
    return found;
  }
  /// The same at the beginning of a later segment.
  [[nodiscard]] constexpr first_start start_in(int segment) const {
    return {segment, segments_[at(segment)].turn, segments_[at(segment)].begin};
  }
  /// When the bytes of a transfer are there.
  [[nodiscard]] constexpr std::int64_t end_of(const first_start& start, std::int64_t bytes) const {
    return (now_.free > start.time ? now_.free : start.time) + cycles_of(bytes);
  }

  /// What transfers so far have come to.
  struct moment {
    /// Cycles by which segments begin later than if all constants were at hand.
    std::int64_t delay = 0;
    /// When the memory of constants is free for the next transfer.
    std::int64_t free = 0;
  };
  [[nodiscard]] constexpr moment now() const { return now_; }
  constexpr void go_back(const moment& before) { now_ = before; }

  /// A transfer ends then, and what it is for begins later than it could.
  constexpr void add_transfer(std::int64_t end, std::int64_t late) {
    now_.free = end;
    now_.delay += late;
  }
  /// Constants are read where they lie.
  constexpr void add_outside(const node_cost& what) {
    now_.delay += what.saved();
    now_.free += cycles_of(what.outside.outside_bytes * what.bands);
  }

private:
  /// A segment's first turn, when that begins if no segment waits, and when its transfers should
  /// start at the latest.
  struct segment_times {
    int turn = 0;
    std::int64_t begin = 0;
    std::int64_t latest = 0;
  };

  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }
  [[nodiscard]] constexpr int segment_of(int turn) const {
    return segment_of_[at(turns_[at(turn)])];
  }
  [[nodiscard]] constexpr std::int64_t copied_cycles(int turn) const {
    return costs_[at(turns_[at(turn)])].copied.cycles;
  }

  std::int32_t rate_;
  const node_costs<Size>& costs_;
  std::span<const int> turns_;
  node_segments<Size> segment_of_{};
  std::array<segment_times, Size.operators + 1> segments_{};
  int first_ = 0;
  int last_ = 0;
  moment now_{};
};

} // namespace inlay::ethos_u::detail
