// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace inlay::kernels::simd {

/// How many columns and vectors a tile takes.
struct tiling {
  int columns = 1;
  int vectors = 1;
};

/// How many vectors of weights a tile keeps in registers; what is beyond is an operand in memory.
template <class Arch>
inline constexpr int most_kept_weights = [] {
  if constexpr (requires { Arch::kept_weights; }) {
    return Arch::kept_weights;
  } else {
    return Arch::registers;
  }
}();

/// The cheapest tiling of `rows` rows by `width` columns by `vectors` vectors, where a tile always
/// takes all rows and starts at a multiple of `alignment` columns.
template <class Arch>
constexpr tiling choose_tiling(int rows, int width, int vectors, int alignment = 1,
                               bool sums_pixels = false) {
  constexpr bool adds_apart = Arch::slices > 1;
  const auto kept_of = [](int taken) {
    return taken < most_kept_weights<Arch> ? taken : most_kept_weights<Arch>;
  };
  const auto most_sums = [&](int taken) {
    // Besides sums and weights, an activation and what it is multiplied to.
    return adds_apart ? Arch::registers - 2 - kept_of(taken) : Arch::registers - 4;
  };
  // Fewer chains of dependent sums than this do not keep the multipliers busy.
  constexpr int least_sums = adds_apart ? 4 : 10;
  const auto cost_of = [&](int columns, int taken) {
    const int sums = rows * columns * taken;
    const int busy = sums < least_sums ? least_sums : sums;
    // Per group of the depth; in halves of a cycle.
    const int pixels = rows * columns;
    const int alone = 2 * (pixels + kept_of(taken));
    const int work = 2 * busy, loads = alone + 2 * pixels * (taken - kept_of(taken));
    return (work > loads ? work : loads) + alone / 4 + 2;
  };
  tiling best{alignment < width ? alignment : width, 1};
  std::int64_t best_cost = -1;
  for (int taken = 1; taken <= vectors && taken <= 8; ++taken) {
    for (int columns = 1; columns <= width; ++columns) {
      const int needed = rows * columns * (taken + (sums_pixels ? 1 : 0));
      const bool fits = needed <= most_sums(taken) &&
                        (columns % alignment == 0 || columns == width) &&
                        (Arch::registers == 32 || taken <= (rows == 1 ? kept_of(3) : 3));
      if (!fits && !(taken == 1 && columns == 1)) {
        continue;
      }
      const auto over_columns = [&](int some) {
        return std::int64_t{width / columns} * cost_of(columns, some) +
               (width % columns != 0 ? cost_of(width % columns, some) : 0);
      };
      const std::int64_t cost = std::int64_t{vectors / taken} * over_columns(taken) +
                                (vectors % taken != 0 ? over_columns(vectors % taken) : 0);
      if (best_cost < 0 || cost < best_cost) {
        best_cost = cost;
        best = {columns, taken};
      }
    }
  }
  return best;
}

} // namespace inlay::kernels::simd
