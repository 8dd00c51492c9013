// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/stream_order.hpp>

namespace inlay::detail {

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

/// Estimated bytes of a segment.
struct segment_size {
  /// All but what follows is for.
  std::int64_t bytes = 0;
  /// What it stores, and the largest tensor of earlier segments that it reads last: these may
  /// overlap.
  std::int64_t stored = 0;
  std::int64_t freed = 0;
  int freed_node = -1;
};

/// Adds up what segments need of the arena.
template <graph_size Size>
class segment_meter {
public:
  /// @param begin the first node
  /// @param counts_input whether the network's input lies in the arena before that
  constexpr segment_meter(const row_stream<Size>& stream, const row_readers<Size>& readers,
                          const row_counts<Size>& rings, const scratch_sizes<Size>& scratch,
                          int begin, bool counts_input)
      : stream_(stream), readers_(readers), rings_(rings), scratch_(scratch), begin_(begin),
        counts_input_(counts_input) {}

  /// Calls visit(end, size) for the segments from `begin` to `end`, from short to long, up to
  /// `last`.
  template <class Visitor>
  constexpr void extend(int begin, int last, Visitor&& visit) const {
    std::int64_t before = 0;  // stored by earlier segments, still needed
    std::int64_t stored = 0;  // stored by this one
    std::int64_t rings = 0;   // rings that last as long as the segment
    std::int64_t passing = 0; // the most bytes of passing rows and scratch memory at once
    segment_size size;
    for (int node = 0; node < begin; ++node) {
      if (node >= begin_ || counts_input_) {
        before += readers_.last_of(node) >= begin ? stream_[node].bytes() : 0;
      }
    }
    for (int node = begin; node < last; ++node) {
      std::int64_t through = 0;
      for (int k = 0; k < stream_[node].input_count; ++k) {
        const int from = stream_[node].inputs[at(k)].node;
        const bool again = k > 0 && stream_[node].inputs[0].node == from;
        if (again || readers_.last_of(from) != node) {
          continue;
        }
        if (from < begin) {
          if ((from >= begin_ || counts_input_) && stream_[from].bytes() > size.freed) {
            size.freed = stream_[from].bytes();
            size.freed_node = from;
          }
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
      size.stored = stored;
      size.bytes = before + stored + rings + passing;
      visit(node + 1, size);
    }
  }

private:
  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }
  static constexpr std::int64_t larger(std::int64_t a, std::int64_t b) { return a > b ? a : b; }

  /// A ring of one row that is read at once is gone when the next is made.
  [[nodiscard]] constexpr bool passes(int node) const { return rings_[at(node)] == 1; }

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

  const row_stream<Size>& stream_;
  const row_readers<Size>& readers_;
  const row_counts<Size>& rings_;
  const scratch_sizes<Size>& scratch_;
  int begin_;
  bool counts_input_;
};

} // namespace inlay::detail
