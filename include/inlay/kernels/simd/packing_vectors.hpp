// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/packing_layout.hpp>

#include <cstring>

// Packing by vectors of 16 bytes, which all architectures have.

namespace inlay::kernels::simd {

using weight_bytes = std::int8_t __attribute__((vector_size(16)));
using weight_dwords = std::uint32_t __attribute__((vector_size(16)));

/// Writes a group's weights of four neighboring lanes; like store_group for neighbors.
template <class Arch>
[[gnu::always_inline]] inline void store_four_lanes(packed_layout<Arch> layout,
                                                    unsigned char* group, int lane,
                                                    const weight_dwords& lanes) noexcept {
  if constexpr (Arch::slices == 1) {
    std::memcpy(group + 4 * lane, &lanes, sizeof lanes);
  } else {
    using words = std::int16_t __attribute__((vector_size(16)));
    using halves = std::int16_t __attribute__((vector_size(32)));
    const auto pairs = reinterpret_cast<words>(lanes);
    const words slices = __builtin_shufflevector(pairs, pairs, 0, 2, 4, 6, 1, 3, 5, 7);
    unsigned char* const second = group + layout.slice_bytes();
    if (layout.narrow) {
      std::uint64_t half[2];
      std::memcpy(half, &slices, sizeof half);
      store(group + 2 * lane, half[0]);
      store(second + 2 * lane, half[1]);
    } else {
      const halves wide = __builtin_convertvector(reinterpret_cast<weight_bytes>(slices), halves);
      const words low = __builtin_shufflevector(wide, wide, 0, 1, 2, 3, 4, 5, 6, 7);
      const words high = __builtin_shufflevector(wide, wide, 8, 9, 10, 11, 12, 13, 14, 15);
      std::memcpy(group + 4 * lane, &low, sizeof low);
      std::memcpy(second + 4 * lane, &high, sizeof high);
    }
  }
}

/// Writes the leading weights of all lanes, four groups at a time, and says how many groups.
/// @param depth weights a channel
/// @param flip what each four weights are changed by
template <class Arch>
inline int pack_groups(packed_layout<Arch> layout, const unsigned char* weights, int depth,
                       std::uint32_t flip, unsigned char* to) noexcept {
  int group = 0;
  for (; 4 * group + 16 <= depth; group += 4, to += 4 * layout.group_bytes()) {
    for (int lane = 0; lane < Arch::lanes; lane += 4) {
      const unsigned char* const from = weights + std::int64_t{lane} * depth + 4 * group;
      weight_dwords a;
      weight_dwords b;
      weight_dwords c;
      weight_dwords d;
      std::memcpy(&a, from, sizeof a);
      std::memcpy(&b, from + depth, sizeof b);
      std::memcpy(&c, from + 2 * std::int64_t{depth}, sizeof c);
      std::memcpy(&d, from + 3 * std::int64_t{depth}, sizeof d);
      const weight_dwords ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) ^ flip;
      const weight_dwords cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) ^ flip;
      const weight_dwords ab_last = __builtin_shufflevector(a, b, 2, 6, 3, 7) ^ flip;
      const weight_dwords cd_last = __builtin_shufflevector(c, d, 2, 6, 3, 7) ^ flip;
      const int next = layout.group_bytes();
      store_four_lanes(layout, to, lane, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
      store_four_lanes(layout, to + next, lane, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
      store_four_lanes(layout, to + 2 * next, lane,
                       __builtin_shufflevector(ab_last, cd_last, 0, 1, 4, 5));
      store_four_lanes(layout, to + 3 * next, lane,
                       __builtin_shufflevector(ab_last, cd_last, 2, 3, 6, 7));
    }
  }
  return group;
}

} // namespace inlay::kernels::simd
