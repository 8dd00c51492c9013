// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/divide_up.hpp>
#include <inlay/plan/stream_plan.hpp>

namespace inlay {

/// Bytes of an arena that the rows of a stream leave free for some segments, for anything else.
/// @tparam Most how often some can be taken
template <graph_size Size, std::size_t Most>
class free_bytes {
public:
  /// @param rows outlives this
  /// @param limit bytes of the arena that may be used
  constexpr free_bytes(const row_plan<Size>& rows, std::int64_t limit)
      : rows_(rows), limit_(limit) {}

  /// The lowest offset of `bytes` that nobody has in the segments [first, last]; -1 if there is
  /// none.
  [[nodiscard]] constexpr std::int64_t find(std::int64_t bytes, int first, int last) const {
    const used_bytes used(*this, first, last);
    std::int64_t offset = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (int i = 0; i < used.count; ++i) {
        const range& other = used.list[i];
        if (offset < other.end && other.begin < offset + bytes) {
          offset = aligned(other.end);
          moved = true;
        }
      }
    }
    return offset + bytes <= limit_ ? offset : -1;
  }

  struct gap {
    std::int64_t offset = 0;
    std::int64_t bytes = 0;
  };
  /// The largest bytes that nobody has in the segments [first, last].
  [[nodiscard]] constexpr gap largest(int first, int last) const {
    const used_bytes used(*this, first, last);
    gap found{0, bytes_from(0, used)};
    for (int i = 0; i < used.count; ++i) {
      const std::int64_t offset = aligned(used.list[i].end);
      if (const std::int64_t bytes = bytes_from(offset, used); bytes > found.bytes) {
        found = {offset, bytes};
      }
    }
    return found;
  }

  /// From now on somebody has these bytes in the segments [first, last].
  constexpr void take(std::int64_t offset, std::int64_t bytes, int first, int last) {
    taken_[at(taken_count_++)] = {offset, bytes, first, last};
  }
  /// How often bytes were taken; all but the first so many can be given back.
  [[nodiscard]] constexpr int taken() const { return taken_count_; }
  constexpr void give_back(int left) { taken_count_ = left; }

private:
  struct area {
    std::int64_t offset = 0;
    std::int64_t bytes = 0;
    int first = 0;
    int last = 0;
  };
  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }
  [[nodiscard]] constexpr std::int64_t aligned(std::int64_t offset) const {
    return round_up(offset, rows_.alignment);
  }

  struct range {
    std::int64_t begin;
    std::int64_t end;
  };
  /// What somebody has in the segments [first, last]. Without initializers, and in a plain array:
  /// compilers ask often, and take their time for each element and each call.
  struct used_bytes {
    range list[Size.operators + 1 + Most];
    int count = 0;

    constexpr used_bytes(const free_bytes& all, int first, int last) {
      const row_plan<Size>& rows = all.rows_;
      for (int node = 0; node < rows.count; ++node) {
        const row_buffer& held = rows[node];
        if (held.bytes > 0 && held.first <= last && first <= held.last) {
          list[count++] = {held.offset, held.offset + held.bytes};
        }
      }
      for (int i = 0; i < all.taken_count_; ++i) {
        const area& held = all.taken_[at(i)];
        if (held.first <= last && first <= held.last) {
          list[count++] = {held.offset, held.offset + held.bytes};
        }
      }
    }
  };

  /// Free bytes from `offset` on; none where somebody has that byte.
  [[nodiscard]] constexpr std::int64_t bytes_from(std::int64_t offset,
                                                  const used_bytes& used) const {
    std::int64_t end = limit_;
    for (int i = 0; i < used.count; ++i) {
      const range& other = used.list[i];
      if (other.end > offset && other.begin < end) {
        end = other.begin;
      }
    }
    return end > offset ? end - offset : 0;
  }

  const row_plan<Size>& rows_;
  std::int64_t limit_;
  std::array<area, Most> taken_{};
  int taken_count_ = 0;
};

} // namespace inlay
