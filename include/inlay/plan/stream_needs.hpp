// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/stream_cuts.hpp>

namespace inlay::detail {

/// Some of a stream's nodes.
template <graph_size Size>
struct node_set {
  std::array<std::uint64_t, (Size.operators + 64) / 64> words{};

  constexpr void insert(int node) { word(node) |= bit(node); }
  constexpr void remove(int node) { word(node) &= ~bit(node); }
  constexpr void insert(const node_set& others) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      words[i] |= others.words[i];
    }
  }
  [[nodiscard]] constexpr bool contains(int node) const {
    return (words[static_cast<std::size_t>(node) / 64] & bit(node)) != 0;
  }

private:
  static constexpr std::uint64_t bit(int node) { return std::uint64_t{1} << (node % 64); }
  constexpr std::uint64_t& word(int node) { return words[static_cast<std::size_t>(node) / 64]; }
};

/// What one node of a segment needs of the arena.
template <graph_size Size>
struct row_need {
  /// Rows that are kept at once; row y lies in slot y % ring.
  std::int32_t ring = 0;
  /// Nodes of the segment of which some row is kept when a row of this one is made.
  node_set<Size> beside{};
  /// An input, stored by an earlier segment, whose rows this node may replace by its own.
  int in_place_of = -1;
  /// A tensor, stored by an earlier segment, that is read from the top while this node's is stored:
  /// it may lie `distance` bytes or more behind, and be overwritten from its beginning.
  int follows = -1;
  std::int64_t distance = 0;
  /// Whether some rows are made although nobody needs them.
  bool has_rest = false;
};

/// The needs of the nodes of one segment, by playing it.
template <graph_size Size>
class needs_of_segment {
public:
  std::array<row_need<Size>, Size.operators + 1> nodes{};

  /// @param input_in_arena whether the network's input lies in the arena before the first segment
  constexpr needs_of_segment(const row_stream<Size>& stream, const row_readers<Size>& readers,
                             row_segment segment, bool input_in_arena)
      : stream_(stream), order_(stream, readers, segment) {
    int freed = -1;
    for (int node = input_in_arena ? 0 : 1; node < segment.begin; ++node) {
      const int last = readers.last_of(node);
      if (last >= segment.begin && last < segment.end &&
          (freed < 0 || stream[node].bytes() > stream[freed].bytes())) {
        freed = node;
      }
    }
    for (int node = segment.begin; node < segment.end; ++node) {
      row_need<Size>& need = at(node);
      const bool kept = order_.is_kept(node);
      // Set anyway: g++ 12 forgets the members' initializers in constant expressions.
      need.ring = kept ? stream[node].rows : 0;
      need.follows = kept ? freed : -1;
      need.in_place_of = kept ? input_to_replace(readers, segment, node, input_in_arena) : -1;
    }
    order_.play_needed([&](int node, std::int32_t y) { make(node, y); });
    order_.play_rest([&](int node, std::int32_t y) {
      at(node).has_rest = true;
      make(node, y);
    });
  }

private:
  constexpr row_need<Size>& at(int node) { return nodes[static_cast<std::size_t>(node)]; }

  /// Of several inputs the one that was stored first: a chain of sums then stays where it began.
  constexpr int input_to_replace(const row_readers<Size>& readers, row_segment segment, int node,
                                 bool input_in_arena) const {
    const row_node& what = stream_[node];
    int found = -1;
    for (int k = 0; k < what.input_count && what.in_place; ++k) {
      const int from = what.inputs[static_cast<std::size_t>(k)].node;
      const bool in_arena = from > 0 || input_in_arena;
      if (in_arena && from < segment.begin && readers.last_of(from) < segment.end &&
          stream_[from].height == what.height && stream_[from].row_pitch == what.row_pitch &&
          stream_[from].blocked == what.blocked && (found < 0 || from < found)) {
        found = from;
      }
    }
    return found;
  }

  constexpr void make(int node, std::int32_t y) {
    const row_node& what = stream_[node];
    row_need<Size>& need = at(node);
    if (!order_.is_kept(node)) {
      const std::int32_t oldest = order_.oldest(node);
      const std::int32_t kept = y + 1 - (oldest < y ? oldest : y);
      need.ring = kept > need.ring ? kept : need.ring;
    }
    if (need.in_place_of >= 0 && order_.oldest_row(need.in_place_of, node) < what.row_after(y)) {
      need.in_place_of = -1;
    }
    if (need.follows >= 0) {
      const std::int64_t distance =
          what.end_of(y + 1) - order_.oldest_row(need.follows) * stream_[need.follows].row_pitch;
      need.distance = distance > need.distance ? distance : need.distance;
    }
    live_.insert(node);
    need.beside.insert(live_);
    // What nobody needs any more after this row.
    for (int k = 0; k < what.input_count; ++k) {
      const row_input& input = what.inputs[static_cast<std::size_t>(k)];
      if (order_.contains(input.node) &&
          (y + 1 >= what.rows || input.first(y + 1) >= order_.made(input.node))) {
        drop(input.node, node);
      }
    }
    if (!order_.is_kept(node) && order_.oldest(node) > y) {
      live_.remove(node);
    }
  }

  /// `reader` has read all rows of `node` that there are.
  constexpr void drop(int node, int reader) {
    if (!order_.is_kept(node) && order_.oldest(node, reader) >= order_.made(node)) {
      live_.remove(node);
    }
  }

  const row_stream<Size>& stream_;
  row_order<Size> order_;
  node_set<Size> live_{};
};

} // namespace inlay::detail
