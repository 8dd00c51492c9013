// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/segment_meter.hpp>

namespace inlay {

/// Where a stream is cut into segments.
template <graph_size Size>
struct row_cuts {
  std::array<row_segment, Size.operators + 1> segments{};
  int count = 0;

  [[nodiscard]] constexpr const row_segment& operator[](int index) const {
    return segments[static_cast<std::size_t>(index)];
  }
};

namespace detail {

/// Estimates the arena of segments, and chooses those whose largest is smallest.
template <graph_size Size>
class row_cutter {
public:
  /// @param begin the first node
  /// @param counts_input whether the network's input lies in the arena before that
  constexpr row_cutter(const row_stream<Size>& stream, const row_readers<Size>& readers,
                       const row_counts<Size>& rings, const scratch_sizes<Size>& scratch, int begin,
                       bool counts_input)
      : meter_(stream, readers, rings, scratch, begin, counts_input), count_(stream.count),
        begin_(begin) {}

  constexpr row_cuts<Size> run() {
    // First how few bytes the largest segment can have, then the cheapest segments within that.
    extend_all();
    limit_ = best_[at(count_)].largest;
    extend_all();
    row_cuts<Size> cuts;
    for (int end = count_; end > begin_; end = best_[at(end)].begin) {
      cuts.segments[at(cuts.count++)] = {best_[at(end)].begin, end};
    }
    for (int i = 0; i < cuts.count / 2; ++i) {
      const row_segment other = cuts[i];
      cuts.segments[at(i)] = cuts[cuts.count - 1 - i];
      cuts.segments[at(cuts.count - 1 - i)] = other;
    }
    return cuts;
  }

private:
  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }
  static constexpr std::int64_t larger(std::int64_t a, std::int64_t b) { return a > b ? a : b; }

  /// The best segments of the nodes before one: bytes of their largest, bytes times nodes of all,
  /// and where the last one begins.
  struct choice {
    std::int64_t largest = 0;
    std::int64_t area = -1;
    int begin = 0;
  };

  constexpr void extend_all() {
    // Written out: where the compiler has done it before, g++ 12 forgets members' initializers at
    // run time.
    best_.fill(choice{0, -1, 0});
    for (int begin = begin_; begin < count_; ++begin) {
      if (begin == begin_ || best_[at(begin)].area >= 0) {
        meter_.extend(begin, count_, [&](int end, const segment_size& size) {
          const std::int64_t overlap = size.freed < size.stored ? size.freed : size.stored;
          consider(begin, end, size.bytes - overlap);
        });
      }
    }
  }

  constexpr void consider(int begin, int end, std::int64_t bytes) {
    if (limit_ >= 0 && bytes > limit_) {
      return;
    }
    const choice before = begin > begin_ ? best_[at(begin)] : choice{0, 0, 0};
    const choice found{larger(bytes, before.largest), before.area + bytes * (end - begin), begin};
    choice& best = best_[at(end)];
    const bool better = limit_ < 0 ? found.largest < best.largest : found.area <= best.area;
    if (best.area < 0 || better) {
      best = found;
    }
  }

  segment_meter<Size> meter_;
  int count_;
  int begin_;
  std::int64_t limit_ = -1;
  std::array<choice, Size.operators + 2> best_{};
};

} // namespace detail

/// Cuts the nodes from `begin` on into segments whose largest needs as few bytes as can be, and
/// which within that need few bytes for a short time.
/// @param counts_input whether the network's input lies in the arena before that
template <graph_size Size>
constexpr row_cuts<Size>
cut_rows(const row_stream<Size>& stream, const detail::row_readers<Size>& readers,
         const row_counts<Size>& rings, const detail::scratch_sizes<Size>& scratch, int begin,
         bool counts_input) {
  return detail::row_cutter<Size>(stream, readers, rings, scratch, begin, counts_input).run();
}

} // namespace inlay
