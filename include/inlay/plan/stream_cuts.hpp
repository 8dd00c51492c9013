// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/stream_order.hpp>

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

/// For each node the bytes of memory that its kernel may overwrite.
template <graph_size Size>
using scratch_sizes = std::array<std::int64_t, Size.operators + 1>;

/// For each node how many of its rows must be kept at once in a segment that holds all nodes from
/// `begin`; the same in any segment that holds all of its readers.
template <graph_size Size>
constexpr row_counts<Size> rings_of(const row_stream<Size>& stream,
                                    const row_readers<Size>& readers, int begin) {
  row_counts<Size> rings{};
  row_order<Size> order(stream, readers, {begin, stream.count});
  order.play([&](int node, std::int32_t y) {
    const std::int32_t oldest = order.oldest(node);
    const std::int32_t kept = y + 1 - (oldest < y ? oldest : y);
    auto& ring = rings[static_cast<std::size_t>(node)];
    ring = kept > ring ? kept : ring;
  });
  return rings;
}

/// Estimates the arena of segments, and chooses those whose largest is smallest.
template <graph_size Size>
class row_cutter {
public:
  /// @param begin the first node
  /// @param counts_input whether the network's input lies in the arena before that
  constexpr row_cutter(const row_stream<Size>& stream, const row_readers<Size>& readers,
                       const row_counts<Size>& rings, const scratch_sizes<Size>& scratch, int begin,
                       bool counts_input)
      : stream_(stream), readers_(readers), rings_(rings), scratch_(scratch), begin_(begin),
        counts_input_(counts_input) {}

  constexpr row_cuts<Size> run() {
    // First how few bytes the largest segment can have, then the cheapest segments within that.
    extend_all();
    limit_ = best_[at(stream_.count)].largest;
    best_ = {};
    extend_all();
    row_cuts<Size> cuts;
    for (int end = stream_.count; end > begin_; end = best_[at(end)].begin) {
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
    for (int begin = begin_; begin < stream_.count; ++begin) {
      if (begin == begin_ || best_[at(begin)].area >= 0) {
        extend_from(begin);
      }
    }
  }

  /// A ring of one row that is read at once is gone when the next is made.
  [[nodiscard]] constexpr bool passes(int node) const { return rings_[at(node)] == 1; }

  /// All segments that begin at `begin`, from short to long.
  constexpr void extend_from(int begin) {
    std::int64_t before = 0;  // stored by earlier segments, still needed
    std::int64_t stored = 0;  // stored by this one
    std::int64_t rings = 0;   // rings that last as long as the segment
    std::int64_t passing = 0; // the most bytes of passing rows and scratch memory at once
    std::int64_t freed = 0;   // the largest stored tensor whose last reader is in the segment
    for (int node = 0; node < begin; ++node) {
      if (node >= begin_ || counts_input_) {
        before += readers_.last_of(node) >= begin ? stream_[node].bytes() : 0;
      }
    }
    for (int node = begin; node < stream_.count; ++node) {
      std::int64_t through = 0;
      for (int k = 0; k < stream_[node].input_count; ++k) {
        const int from = stream_[node].inputs[at(k)].node;
        const bool again = k > 0 && stream_[node].inputs[0].node == from;
        if (again || readers_.last_of(from) != node) {
          continue;
        }
        if (from < begin) {
          freed = from >= begin_ || counts_input_ ? larger(freed, stream_[from].bytes()) : freed;
        } else {
          stored -= stream_[from].bytes();
          const std::int64_t ring = stream_[from].end_of(rings_[at(from)]);
          if (passes(from)) {
            through += ring;
            passing = larger(passing, ring + passing_into(from, begin) + scratch_[at(from)]);
          } else {
            rings += ring;
          }
        }
      }
      passing = larger(passing, through + scratch_[at(node)]);
      if (readers_.last_of(node) > node) {
        stored += stream_[node].bytes();
      } else {
        rings += stream_[node].pitch;
      }
      const std::int64_t overlap = freed < stored ? freed : stored;
      consider(begin, node + 1, before + stored + rings + passing - overlap);
    }
  }

  /// Bytes of passing rows that `node` reads.
  [[nodiscard]] constexpr std::int64_t passing_into(int node, int begin) const {
    std::int64_t sum = 0;
    for (int k = 0; k < stream_[node].input_count; ++k) {
      const int from = stream_[node].inputs[at(k)].node;
      sum +=
          from >= begin && passes(from) && readers_.last_of(from) == node ? stream_[from].pitch : 0;
    }
    return sum;
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

  const row_stream<Size>& stream_;
  const row_readers<Size>& readers_;
  const row_counts<Size>& rings_;
  const scratch_sizes<Size>& scratch_;
  int begin_;
  bool counts_input_;
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
