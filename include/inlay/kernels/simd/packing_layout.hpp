// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/simd/unroll.hpp>
#include <inlay/numerics/divide_up.hpp>
#include <inlay/tensor/bytes.hpp>

#include <cstdint>

// How weights lie in memory. Channels are taken by vectors; for each vector there is a block of
// dwords, one a lane: start values of sums, scales, offsets, then weights, four to a lane. After
// the blocks comes one byte a vector, its form.

namespace inlay::kernels::simd {

/// How a vector's sums become levels, that is outputs counted from their type's lowest value.
enum class form : unsigned char {
  /// The reference's integers: the block has mantissas and shifts in place of scales and offsets.
  integers,
  /// One multiply-add in single precision, proved for each of the vector's channels.
  floats
};

/// Where things are in the packed constants of a layer.
template <class Arch>
struct packed_layout {
  int vectors = 0;
  /// Dwords of weights a lane.
  int groups = 0;
  /// Whether weights lie as bytes, although tiles multiply 16 bits: for those that are multiplied
  /// but once, as fast as memory gives them.
  bool narrow = false;

  static constexpr int row_bytes = 4 * Arch::lanes;
  static constexpr int weights_offset = 3 * row_bytes;
  /// Of one slice of a group's weights for one vector.
  [[nodiscard]] constexpr int slice_bytes() const { return narrow ? row_bytes / 2 : row_bytes; }
  /// Of a group's weights for one vector.
  [[nodiscard]] constexpr int group_bytes() const { return Arch::slices * slice_bytes(); }
  [[nodiscard]] constexpr int block_bytes() const {
    return weights_offset + groups * group_bytes();
  }
  [[nodiscard]] constexpr int forms_offset() const { return vectors * block_bytes(); }
  [[nodiscard]] constexpr int bytes() const { return forms_offset() + 64 * divide_up(vectors, 64); }
};

/// Which two of four bytes a slice of a dot product takes: neighbors, or, where a slice is what
/// Arch::slice() leaves of four bytes, every second.
enum class slicing : unsigned char { neighbors, alternating };

/// Writes the four weights of one lane into their group as the slices of a dot product take them.
template <class Arch, slicing How>
constexpr void store_group(packed_layout<Arch> layout, unsigned char* group, int lane,
                           std::uint32_t four) noexcept {
  if constexpr (Arch::slices == 1) {
    store(group + 4 * lane, four);
  } else {
    static_assert(Arch::slices == 2);
    constexpr bool alternates = How == slicing::alternating;
    const auto store_two = [&](int slice, int first, int second) {
      const auto low = static_cast<std::uint8_t>(four >> (8 * first));
      const auto high = static_cast<std::uint8_t>(four >> (8 * second));
      unsigned char* const to = group + slice * layout.slice_bytes();
      if (layout.narrow) {
        to[2 * lane] = low;
        to[2 * lane + 1] = high;
      } else {
        const auto widened = [](std::uint8_t byte) {
          return static_cast<std::uint32_t>(static_cast<std::int8_t>(byte)) & 0xFFFF;
        };
        store(to + 4 * lane, widened(low) | widened(high) << 16);
      }
    };
    store_two(0, 0, alternates ? 2 : 1);
    store_two(1, alternates ? 1 : 2, 3);
  }
}

} // namespace inlay::kernels::simd
