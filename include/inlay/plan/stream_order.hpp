// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/stream.hpp>

namespace inlay {

/// Nodes [begin, end) of a row_stream, which run together row by row. What they make is stored
/// whole only where somebody outside of the segment reads it.
struct row_segment {
  int begin = 0;
  int end = 0;
};

/// A number of rows for each node.
template <graph_size Size>
using row_counts = std::array<std::int32_t, Size.operators + 1>;

namespace detail {

/// Who reads each node's rows.
template <graph_size Size>
struct row_readers {
  static constexpr std::size_t capacity = Size.operators + 1;

  struct edge {
    int reader = -1;
    int input = 0;
    int next = -1;
  };
  std::array<edge, 2 * capacity> edges{};
  /// For each node the first of its edges, -1 if nobody reads it.
  std::array<int, capacity> first{};
  /// For each node its last reader; the number of nodes if it is an output of the network.
  std::array<int, capacity> last{};

  constexpr explicit row_readers(const row_stream<Size>& stream) {
    first.fill(-1);
    last.fill(-1);
    int count = 0;
    for (int reader = stream.count - 1; reader >= 0; --reader) {
      for (int k = 0; k < stream[reader].input_count; ++k) {
        const auto maker =
            static_cast<std::size_t>(stream[reader].inputs[static_cast<std::size_t>(k)].node);
        edges[static_cast<std::size_t>(count)] = {reader, k, first[maker]};
        first[maker] = count++;
        last[maker] = reader > last[maker] ? reader : last[maker];
      }
    }
    for (int node = 0; node < stream.count; ++node) {
      if (stream[node].is_output) {
        last[static_cast<std::size_t>(node)] = stream.count;
      }
    }
  }

  [[nodiscard]] constexpr int last_of(int node) const {
    return last[static_cast<std::size_t>(node)];
  }
};

} // namespace detail

/// Plays the order in which the rows of a segment are made, the same as a program's: whoever makes
/// a row first lets its inputs be made as far as that row needs them, and no further. The rows of
/// those nodes that nobody in the segment reads drive the rest; rows that nobody needs come last.
template <graph_size Size>
class row_order {
public:
  constexpr row_order(const row_stream<Size>& stream, const detail::row_readers<Size>& readers,
                      row_segment segment)
      : stream_(stream), readers_(readers), segment_(segment) {}

  /// Calls visit(node, y) for each row, in order, before it counts as made.
  template <class Visitor>
  constexpr void play(Visitor&& visit) {
    play_needed(visit);
    play_rest(visit);
  }

  /// The rows that nobody in the segment reads, and all that they need.
  template <class Visitor>
  constexpr void play_needed(Visitor&& visit) {
    for (int node = segment_.begin; node < segment_.end; ++node) {
      if (!is_read_inside(node)) {
        advance(node, stream_[node].rows - 1, visit);
      }
    }
  }
  /// The others, such as the last row before a stride that does not reach it.
  template <class Visitor>
  constexpr void play_rest(Visitor&& visit) {
    for (int node = segment_.begin; node < segment_.end; ++node) {
      advance(node, stream_[node].rows - 1, visit);
    }
  }

  [[nodiscard]] constexpr bool contains(int node) const {
    return node >= segment_.begin && node < segment_.end;
  }
  /// Whether anybody outside of the segment needs the whole of what `node` makes.
  [[nodiscard]] constexpr bool is_kept(int node) const {
    return readers_.last_of(node) >= segment_.end;
  }
  [[nodiscard]] constexpr bool is_read_inside(int node) const {
    for (int i = readers_.first[at(node)]; i >= 0; i = readers_.edges[at(i)].next) {
      if (contains(readers_.edges[at(i)].reader)) {
        return true;
      }
    }
    return false;
  }
  /// How many rows of `node` there are.
  [[nodiscard]] constexpr std::int32_t made(int node) const {
    return node < segment_.begin ? stream_[node].rows : made_[at(node)];
  }
  /// The first band of `node` that a reader in the segment has still to read; as many as there are
  /// bands if there is none. `except` is left out.
  [[nodiscard]] constexpr std::int32_t oldest(int node, int except = -1) const {
    return stream_[node].band_of(oldest_row(node, except));
  }
  /// The same in rows.
  [[nodiscard]] constexpr std::int32_t oldest_row(int node, int except = -1) const {
    std::int32_t row = stream_[node].height;
    for (int i = readers_.first[at(node)]; i >= 0; i = readers_.edges[at(i)].next) {
      const auto& edge = readers_.edges[at(i)];
      if (contains(edge.reader) && edge.reader != except) {
        const row_node& reader = stream_[edge.reader];
        if (const std::int32_t y = made_[at(edge.reader)]; y < reader.rows) {
          const std::int32_t needed = reader.inputs[at(edge.input)].first_row(y);
          row = needed < row ? needed : row;
        }
      }
    }
    return row;
  }

private:
  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }

  template <class Visitor>
  constexpr void advance(int node, std::int32_t until, Visitor& visit) {
    for (; made_[at(node)] <= until; ++made_[at(node)]) {
      const row_node& what = stream_[node];
      for (int k = 0; k < what.input_count; ++k) {
        const row_input& input = what.inputs[at(k)];
        if (contains(input.node)) {
          advance(input.node, input.last(made_[at(node)]), visit);
        }
      }
      visit(node, made_[at(node)]);
    }
  }

  const row_stream<Size>& stream_;
  const detail::row_readers<Size>& readers_;
  row_segment segment_;
  row_counts<Size> made_{};
};

} // namespace inlay
