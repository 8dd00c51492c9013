// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/tile.hpp>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// Up to 4 pixels x 4 channels without dot products. A sum has four parts until the end: products
/// of bytes are added in pairs in 16 bits, and neighbors of these in 32.
template <class Isa, std::int32_t Pixels, tile_shape Shape>
  requires(!Isa::dots)
struct tile<Isa, Pixels, Shape> {
  static constexpr std::int32_t channels = 4;

  static constexpr std::int32_t depth = Shape.depth;
  static constexpr std::int32_t stride = Shape.stride;
  static constexpr output_form form = Shape.form;

  int32x4_t sums[Pixels];

  [[gnu::always_inline]] void add_up(const tile_place& at) noexcept {
    const std::int8_t* pixels = at.panel;
    const unsigned char* weights = at.block + 3 * 16;
    int32x4_t parts[Pixels][channels];
    repeat<Pixels * channels>([&](auto i) __attribute__((always_inline)) {
      parts[i / channels][i % channels] = vdupq_n_s32(0);
    });
    for (std::int32_t k = 0; k + 16 <= depth; k += 16) {
      const int8x16x4_t w = load_64_bytes(weights);
      repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
        const int8x16_t x = load_bytes(pixels + 16 * (at.slot + p));
        repeat<channels>([&](auto c) __attribute__((always_inline)) {
          int16x8_t products = multiply_low(x, w.val[c]);
          if constexpr (form.general) {
            parts[p][c] = vpadalq_s16(parts[p][c], multiply_high(x, w.val[c]));
          } else {
            products = multiply_add_high(products, x, w.val[c]);
          }
          parts[p][c] = vpadalq_s16(parts[p][c], products);
        });
        settle(parts[p][0], parts[p][1], parts[p][2], parts[p][3]);
      });
      pixels += 16 * panel_pixels;
      weights += 16 * channels;
    }
    if constexpr (depth % 16 != 0) {
      repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
        const int8x8_t x = load_8_bytes(pixels + 8 * (at.slot + p));
        repeat<channels>([&](auto c) __attribute__((always_inline)) {
          parts[p][c] = vpadalq_s16(parts[p][c], vmull_s8(x, load_8_bytes(weights + 8 * c)));
        });
      });
    }
    const int32x4_t bias = vld1q_s32(reinterpret_cast<const std::int32_t*>(at.block));
    repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
      const int32x4_t* own = parts[p];
      sums[p] = vaddq_s32(add_pairs(add_pairs(own[0], own[1]), add_pairs(own[2], own[3])), bias);
      if constexpr (form.sums) {
        sums[p] = vaddq_s32(sums[p], vdupq_n_s32(at.pixel_sums[p]));
      }
    });
  }

  template <bool All>
  [[gnu::always_inline]] void store(const tile_place& at, output_numbers numbers) noexcept {
    const auto* constants = reinterpret_cast<const std::int32_t*>(at.block);
    const int32x4_t multiplier = vld1q_s32(constants + 4);
    const int32x4_t shift = vld1q_s32(constants + 8);
    repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
      sums[p] = scale<form>(sums[p], multiplier, shift, numbers);
    });
    constexpr auto existing = [](int p) { return p < Pixels ? p : Pixels - 1; };
    const int16x8_t a = place<form>(sums[0], sums[existing(1)], numbers);
    int16x8_t b = a;
    if constexpr (Pixels > 2) {
      b = place<form>(sums[2], sums[existing(3)], numbers);
    }
    const int8x16_t bytes = finish<form>(a, b, numbers);
    repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
      store_4<p, All>(at.output + p * stride, bytes, at.channels);
    });
  }
};

} // namespace inlay::kernels::neon
#endif
