// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/stream_plan.hpp>

namespace inlay {

namespace detail {

/// Plays a segment and looks at each write of some of its nodes.
template <graph_size Size>
class row_proof {
public:
  constexpr row_proof(const row_stream<Size>& stream, const row_readers<Size>& readers,
                      const row_cuts<Size>& cuts, const row_plan<Size>& plan, int index)
      : stream_(stream), readers_(readers), plan_(plan), segment_(cuts[index]),
        order_(stream, readers, segment_) {
    for (int node = 0; node < stream.count; ++node) {
      const row_buffer& buffer = plan[node];
      if (buffer.bytes > 0 && buffer.first <= index && index <= buffer.last) {
        here_[static_cast<std::size_t>(count_++)] = node;
        const range kept{buffer.offset, buffer.offset + buffer.bytes};
        sound_ = sound_ && kept.begin >= 0 && kept.end <= plan.arena_bytes &&
                 kept.begin % plan.alignment == 0;
      }
    }
  }

  /// @param part of the nodes: those whose number is `part` modulo `parts`
  constexpr bool holds(int part, int parts) {
    const int first = segment_.begin + (part - segment_.begin % parts + parts) % parts;
    if (first >= segment_.end) {
      return sound_; // there is no such node
    }
    order_.play([&](int node, std::int32_t y) {
      sound_ = sound_ && (node % parts != part || may_write(node, y));
    });
    return sound_;
  }

private:
  /// Bytes [begin, end) of the arena.
  struct range {
    std::int64_t begin = 0;
    std::int64_t end = 0;

    [[nodiscard]] constexpr bool meets(const range& other) const {
      return begin < other.end && other.begin < end;
    }
  };

  constexpr bool may_write(int node, std::int32_t y) const {
    const row_buffer& to = plan_[node];
    const std::int64_t begin = to.offset + y % to.ring * to.pitch;
    const std::int64_t lower = stream_[node].end_of(y + 1) - stream_[node].end_of(y);
    const range written{begin, begin + lower};
    const scratch_place& place = plan_.scratch[static_cast<std::size_t>(node)];
    const range scratch{place.offset, place.offset + place.bytes};
    if (order_.oldest(node) <= y - to.ring || written.end > to.offset + to.bytes ||
        scratch.end > plan_.arena_bytes || place.offset % plan_.alignment != 0 ||
        scratch.meets(written) || scratch.meets(needed(node, node, y))) {
      return false;
    }
    for (int i = 0; i < count_; ++i) {
      const int other = here_[static_cast<std::size_t>(i)];
      if (const range kept = needed(other, node, y);
          other != node && (written.meets(kept) || scratch.meets(kept))) {
        return false;
      }
    }
    return true;
  }

  /// The rows of `node` that somebody has still to read while `writer` makes its row `y`.
  [[nodiscard]] constexpr range needed(int node, int writer, std::int32_t y) const {
    const row_buffer& buffer = plan_[node];
    const row_node& maker = stream_[node];
    const std::int64_t made = maker.end_of(order_.made(node));
    std::int32_t oldest = readers_.last_of(node) >= segment_.end ? 0 : order_.oldest_row(node);
    if (plan_[writer].in_place_of == node) {
      // The writer has read its row of the input when it writes there.
      const std::int32_t others = order_.oldest_row(node, writer);
      const std::int32_t own = stream_[writer].row_after(y);
      oldest = others < own ? others : own;
    }
    const std::int64_t begin = oldest * maker.row_pitch;
    if (begin >= made) {
      return {};
    }
    if (buffer.ring < maker.rows) {
      return {buffer.offset, buffer.offset + buffer.ring * buffer.pitch};
    }
    return {buffer.offset + begin, buffer.offset + made};
  }

  const row_stream<Size>& stream_;
  const row_readers<Size>& readers_;
  const row_plan<Size>& plan_;
  row_segment segment_;
  row_order<Size> order_;
  std::array<int, Size.operators + 1> here_{};
  int count_ = 0;
  bool sound_ = true;
};

} // namespace detail

/// Whether no row of one segment is written over bytes that somebody has still to read, and all lie
/// inside the arena and aligned. It plays the segment, and knows nothing of how the places were
/// chosen.
/// @param part, parts what to look at, for compilers that limit the steps of an evaluation: the
///   writes of nodes whose number is `part` modulo `parts`
template <graph_size Size>
constexpr bool is_sound(const row_stream<Size>& stream, const detail::row_readers<Size>& readers,
                        const row_cuts<Size>& cuts, const row_plan<Size>& plan, int segment,
                        int part = 0, int parts = 1) {
  return detail::row_proof<Size>(stream, readers, cuts, plan, segment).holds(part, parts);
}

} // namespace inlay
