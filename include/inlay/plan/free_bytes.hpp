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
    const areas used = used_in(first, last);
    std::int64_t offset = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (int i = 0; i < used.count; ++i) {
        const area& other = used.list[at(i)];
        if (offset < other.offset + other.bytes && other.offset < offset + bytes) {
          offset = aligned(other.offset + other.bytes);
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
    const areas used = used_in(first, last);
    gap found{0, bytes_from(0, used)};
    for (int i = 0; i < used.count; ++i) {
      const std::int64_t offset = aligned(used.list[at(i)].offset + used.list[at(i)].bytes);
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
  struct areas {
    std::array<area, Size.operators + 1 + Most> list{};
    int count = 0;
  };
  static constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }
  [[nodiscard]] constexpr std::int64_t aligned(std::int64_t offset) const {
    return round_up(offset, rows_.alignment);
  }

  [[nodiscard]] constexpr areas used_in(int first, int last) const {
    areas used;
    const auto consider = [&](const area& other) {
      if (other.bytes > 0 && other.first <= last && first <= other.last) {
        used.list[at(used.count++)] = other;
      }
    };
    for (int node = 0; node < rows_.count; ++node) {
      const row_buffer& held = rows_[node];
      consider({held.offset, held.bytes, held.first, held.last});
    }
    for (int i = 0; i < taken_count_; ++i) {
      consider(taken_[at(i)]);
    }
    return used;
  }

  /// Free bytes from `offset` on; none where somebody has that byte.
  [[nodiscard]] constexpr std::int64_t bytes_from(std::int64_t offset, const areas& used) const {
    std::int64_t end = limit_;
    for (int i = 0; i < used.count; ++i) {
      const area& other = used.list[at(i)];
      if (other.offset + other.bytes > offset && other.offset < end) {
        end = other.offset;
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
