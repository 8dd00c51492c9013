// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/tile.hpp>

// Where tiles read their pixels and where they write their levels.

namespace inlay::kernels::simd {

/// Pixels whose channels lie one after the other, in `Rows` rows.
template <int Rows, int RowBytes, int PixelBytes, int Groups>
struct image_source {
  static constexpr int rows = Rows;
  static constexpr int column_bytes = PixelBytes;
  static constexpr int planes = 1, groups_per_plane = Groups, group_bytes = PixelBytes / Groups,
                       plane_bytes = 0;
  static constexpr int offset(int pixel) noexcept {
    return pixel % Rows * RowBytes + pixel / Rows * PixelBytes;
  }
};

/// What a depthwise convolution leaves behind: a plane for each vector of channels; in it, for
/// each four pixels, or two where an activation has 16 bits, their first four channels, their next
/// four, and so on. `Layout` rows are stored, `Rows` of which are read, from `First` on.
template <class Arch, int Layout, int First, int Rows, int Planes, int PlaneBytes>
struct planes_source {
  static constexpr int rows = Rows;
  /// Right for columns that are multiples of 4 / Layout.
  static constexpr int column_bytes = Layout * Arch::lanes * Arch::slices;
  static constexpr int planes = Planes, groups_per_plane = Arch::lanes / 4, group_bytes = 16,
                       plane_bytes = PlaneBytes;
  static constexpr int together = 4 / Arch::slices;
  static constexpr int offset(int pixel) noexcept {
    const int stored = pixel / Rows * Layout + First + pixel % Rows;
    return stored / together * 4 * Arch::lanes + stored % together * 4 * Arch::slices;
  }

  /// Whether all rows lie as far behind the first rows: then the same tiles can read both.
  static constexpr bool is_shifted = [] {
    constexpr int span = Layout < together ? Layout : together;
    return First % span == 0 || First % span + Rows <= span;
  }();
};

/// Writes pixels as a tensor has them.
template <class Arch, finishing Finish, element Type, int Rows, int RowBytes, int PixelBytes>
struct image_sink {
  unsigned char* to;

  template <int Channels, std::size_t Pixels>
  [[gnu::always_inline]] void put(int column, int vector,
                                  const typename Arch::ints (&levels)[Pixels]) const noexcept {
    unsigned char* const first = to + std::int64_t{column} * PixelBytes + vector * Arch::lanes;
    unroll<divide_up(Pixels, 4)>([&](auto quad) __attribute__((always_inline)) {
      constexpr int p = 4 * quad;
      constexpr int last = Pixels - 1;
      auto bytes = narrow<Arch, Finish>(levels[p], levels[p + 1 < last ? p + 1 : last],
                                        levels[p + 2 < last ? p + 2 : last],
                                        levels[p + 3 < last ? p + 3 : last]);
      if constexpr (Type == element::int8) {
        bytes ^= 0x80;
      }
      const auto pixels = Arch::transpose(bytes);
      unroll<(Pixels - p < 4 ? Pixels - p : 4)>([&](auto i) __attribute__((always_inline)) {
        constexpr int pixel = p + i;
        Arch::template store_row<i, Channels>(pixels, first + pixel % Rows * RowBytes +
                                                          pixel / Rows * PixelBytes);
      });
    });
  }
};

/// Writes four rows, of which only `Rows` from `First` on are in the image, as one: four bytes a
/// channel. `Zero` is the level of the others.
template <class Arch, finishing Finish, int First, int Rows, int PlaneBytes, int Zero>
struct quad_sink {
  unsigned char* to;

  template <int Channels, std::size_t Pixels>
  [[gnu::always_inline]] void put(int column, int vector,
                                  const typename Arch::ints (&levels)[Pixels]) const noexcept {
    unsigned char* const first = to + std::int64_t{vector} * PlaneBytes + column * 4 * Arch::lanes;
    unroll<Pixels / Rows>([&](auto x) __attribute__((always_inline)) {
      const auto row = [&](auto i) __attribute__((always_inline)) {
        if constexpr (i >= First && i < First + Rows) {
          return levels[x * Rows + i - First];
        } else {
          return Arch::broadcast(Zero);
        }
      };
      const auto bytes = narrow<Arch, Finish>(
          row(std::integral_constant<int, 0>{}), row(std::integral_constant<int, 1>{}),
          row(std::integral_constant<int, 2>{}), row(std::integral_constant<int, 3>{}));
      Arch::store(first + x * 4 * Arch::lanes, Arch::interleave(bytes));
    });
  }
};

} // namespace inlay::kernels::simd
