// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/divide_up.hpp>
#include <inlay/plan/stream_needs.hpp>

namespace inlay {

/// Which buffers are placed first: large ones, early ones, or those that are needed last. Rows that
/// are gone when the next one is made come behind others.
enum class placing_order : std::uint8_t { by_size, by_time, by_end };

/// Where the network's input comes from when it is streamed.
enum class image_source : std::uint8_t {
  /// The caller's memory, anew for each inference; it is only read.
  caller,
  /// The arena; the caller fills it in before an inference, which may overwrite it.
  arena,
  /// Row by row from a function of the caller; it never exists as a whole.
  rows
};

/// A node's place in the arena: a ring of rows in one segment, or a whole tensor.
struct row_buffer {
  /// Bytes that it takes; 0: it is not in the arena.
  std::int64_t bytes = 0;
  std::int64_t offset = 0;
  std::int64_t pitch = 0;
  /// Band y lies at offset + y % ring * pitch.
  std::int32_t ring = 0;
  /// The segments in which it holds rows.
  int first = 0;
  int last = -1;
  /// The node in whose place this one lies, -1 if none.
  int in_place_of = -1;

  [[nodiscard]] constexpr bool lives_with(const row_buffer& other) const {
    return first <= other.last && other.first <= last;
  }
};

struct scratch_place {
  std::int64_t bytes = 0;
  std::int64_t offset = 0;
};

/// Where each node's rows lie.
template <graph_size Size>
struct row_plan {
  std::array<row_buffer, Size.operators + 1> buffers{};
  int count = 0;
  /// For each node the memory that its kernel may overwrite while it makes a row.
  std::array<scratch_place, Size.operators + 1> scratch{};
  std::int64_t arena_bytes = 0;
  std::int64_t alignment = 1;

  [[nodiscard]] constexpr const row_buffer& operator[](int node) const {
    return buffers[static_cast<std::size_t>(node)];
  }
};

namespace detail {

/// The needs of all nodes, each from its own segment.
template <graph_size Size>
using row_needs = std::array<row_need<Size>, Size.operators + 1>;

/// Chooses offsets.
template <graph_size Size>
class row_placer {
public:
  constexpr row_placer(const row_stream<Size>& stream, const row_readers<Size>& readers,
                       const row_cuts<Size>& cuts, const row_needs<Size>& needs,
                       const scratch_sizes<Size>& scratch, image_source source,
                       std::int64_t alignment)
      : needs_(needs), scratch_(scratch) {
    plan_.count = stream.count;
    plan_.alignment = alignment;
    segment_of_[0] = -1;
    segment_of_[at(stream.count)] = cuts.count;
    for (int i = 0; i < cuts.count; ++i) {
      for (int node = cuts[i].begin; node < cuts[i].end; ++node) {
        segment_of_[at(node)] = i;
      }
    }
    for (int node = 0; node < stream.count; ++node) {
      const bool outside = node == 0 && source != image_source::rows;
      if (outside && source == image_source::caller) {
        continue;
      }
      row_buffer& made = plan_.buffers[at(node)];
      made.ring = outside ? stream[node].rows : needs[at(node)].ring;
      made.pitch = stream[node].pitch;
      made.bytes = aligned(stream[node].end_of(made.ring));
      made.first = segment_of_[at(node)];
      const int last = readers.last_of(node);
      made.last = last < 0 ? made.first : segment_of_[at(last)];
      made.in_place_of = outside ? -1 : needs[at(node)].in_place_of;
      int root = node;
      while (buffer(root).in_place_of >= 0) {
        root = buffer(root).in_place_of;
      }
      end_[at(root)] = made.last > end_[at(root)] ? made.last : end_[at(root)];
    }
  }

  constexpr row_plan<Size> run(placing_order order) {
    std::array<int, Size.operators + 1> turn{};
    int turns = 0;
    for (int node = 0; node < plan_.count; ++node) {
      if (buffer(node).bytes == 0 || buffer(node).in_place_of >= 0) {
        continue;
      }
      int k = turns++;
      for (; k > 0 && comes_before(order, node, turn[at(k - 1)]); --k) {
        turn[at(k)] = turn[at(k - 1)];
      }
      turn[at(k)] = node;
    }
    row_plan<Size> result = plan_;
    for (int i = 0; i < turns; ++i) {
      place_group(turn[at(i)], result);
    }
    for (int node = 0; node < plan_.count; ++node) {
      place_scratch(node, aligned(scratch_[at(node)]), result);
    }
    return result;
  }

private:
  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }
  constexpr const row_buffer& buffer(int node) const { return plan_.buffers[at(node)]; }
  [[nodiscard]] constexpr std::int64_t aligned(std::int64_t bytes) const {
    return round_up(bytes, plan_.alignment);
  }

  [[nodiscard]] constexpr bool comes_before(placing_order order, int a, int b) const {
    const bool larger = buffer(a).bytes > buffer(b).bytes;
    const int difference = order == placing_order::by_size   ? 0
                           : order == placing_order::by_time ? buffer(a).first - buffer(b).first
                                                             : end_[at(b)] - end_[at(a)];
    if (difference != 0) {
      return difference < 0;
    }
    return passes(a) == passes(b) ? larger : passes(b);
  }

  [[nodiscard]] constexpr bool passes(int node) const {
    return buffer(node).ring == 1 && buffer(node).first == buffer(node).last;
  }

  /// How far behind `low` another node must begin that lies behind it; 0 where they may share.
  [[nodiscard]] constexpr std::int64_t distance(int low, int high) const {
    const row_buffer& one = buffer(low);
    const row_buffer& other = buffer(high);
    if (!one.lives_with(other)) {
      return 0;
    }
    const bool made_there = needs_[at(low)].ring > 0;
    if (made_there && needs_[at(low)].follows == high) {
      const std::int64_t least = aligned(needs_[at(low)].distance);
      return least < one.bytes ? least : one.bytes;
    }
    const bool passing =
        one.first == one.last && other.first == one.first && other.last == one.last;
    if (passing && !needs_[at(low)].beside.contains(high) &&
        !needs_[at(high)].beside.contains(low)) {
      return 0;
    }
    return one.bytes;
  }

  /// Places `root`, and all that lie in its place, as low as the nodes allow that are placed.
  constexpr void place_group(int root, row_plan<Size>& result) {
    std::array<int, Size.operators + 1> group{root};
    int members = 1;
    for (int node = root + 1; node < plan_.count; ++node) {
      for (int k = 0; k < members; ++k) {
        if (buffer(node).bytes > 0 && buffer(node).in_place_of == group[at(k)]) {
          group[at(members++)] = node;
          break;
        }
      }
    }
    std::int64_t offset = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (int k = 0; k < members; ++k) {
        for (int i = 0; i < placed_count_; ++i) {
          const int other = placed_[at(i)];
          if (!buffer(other).lives_with(buffer(group[at(k)]))) {
            continue;
          }
          const std::int64_t there = result[other].offset;
          if (const std::int64_t behind = distance(other, group[at(k)]);
              offset < there + behind && there < offset + distance(group[at(k)], other)) {
            offset = there + behind;
            moved = true;
          }
        }
      }
    }
    for (int k = 0; k < members; ++k) {
      row_buffer& chosen = result.buffers[at(group[at(k)])];
      chosen.offset = offset;
      const std::int64_t end = offset + chosen.bytes;
      result.arena_bytes = end > result.arena_bytes ? end : result.arena_bytes;
      placed_[at(placed_count_++)] = group[at(k)];
    }
  }

  /// Scratch memory goes to the lowest gap among the buffers that hold rows while the kernel runs.
  constexpr void place_scratch(int node, std::int64_t bytes, row_plan<Size>& result) const {
    const int segment = segment_of_[at(node)];
    std::int64_t offset = 0;
    for (bool moved = bytes > 0; moved;) {
      moved = false;
      for (int other = 0; other < plan_.count; ++other) {
        const row_buffer& held = result[other];
        const bool passing = held.first == segment && held.last == segment &&
                             !needs_[at(node)].beside.contains(other);
        if (held.first <= segment && segment <= held.last && !passing &&
            offset < held.offset + held.bytes && held.offset < offset + bytes) {
          offset = held.offset + held.bytes;
          moved = true;
        }
      }
    }
    result.scratch[at(node)] = {bytes, offset};
    result.arena_bytes = offset + bytes > result.arena_bytes ? offset + bytes : result.arena_bytes;
  }

  const row_needs<Size>& needs_;
  row_plan<Size> plan_{};
  const scratch_sizes<Size>& scratch_;
  std::array<int, Size.operators + 2> segment_of_{};
  /// The last segment of all that lie in a node's place.
  std::array<int, Size.operators + 1> end_{};
  std::array<int, Size.operators + 1> placed_{};
  int placed_count_ = 0;
};

} // namespace detail

/// Places the rows of a stream in an arena, greedily in one order.
template <graph_size Size>
constexpr row_plan<Size>
place_rows(const row_stream<Size>& stream, const detail::row_readers<Size>& readers,
           const row_cuts<Size>& cuts, const detail::row_needs<Size>& needs,
           const detail::scratch_sizes<Size>& scratch, image_source source, std::int64_t alignment,
           placing_order order) {
  return detail::row_placer<Size>(stream, readers, cuts, needs, scratch, source, alignment)
      .run(order);
}

template <graph_size Size>
constexpr const row_plan<Size>& smallest_of(const row_plan<Size>& a, const row_plan<Size>& b,
                                            const row_plan<Size>& c) {
  const row_plan<Size>& smaller = b.arena_bytes < a.arena_bytes ? b : a;
  return c.arena_bytes < smaller.arena_bytes ? c : smaller;
}

} // namespace inlay
