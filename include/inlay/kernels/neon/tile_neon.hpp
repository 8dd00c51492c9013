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
    const auto add_pixel = [&](auto p, auto is_first, int8x16_t x, const int8x16_t(&w)[channels])
        __attribute__((always_inline)) {
      repeat<channels>([&](auto c) __attribute__((always_inline)) {
        int16x8_t products = multiply_low(x, w[c]);
        if constexpr (!form.general()) {
          products = multiply_add_high(products, x, w[c]);
        }
        if constexpr (decltype(is_first)::value) {
          parts[p][c] = vpaddlq_s16(products);
        } else {
          parts[p][c] = vpadalq_s16(parts[p][c], products);
        }
        if constexpr (form.general()) {
          parts[p][c] = vpadalq_s16(parts[p][c], multiply_high(x, w[c]));
        }
      });
    };
    const auto add_16 = [&](auto is_first) __attribute__((always_inline)) {
      const int8x16_t w[channels] = {load_bytes(weights), load_bytes(weights + 16),
                                     load_bytes(weights + 32), load_bytes(weights + 48)};
      repeat<(Pixels + 1) / 2>([&](auto i) __attribute__((always_inline)) {
        constexpr int p = 2 * i;
        constexpr int next = p + 1 < Pixels ? p + 1 : p;
        const int8x16_t x[2] = {load_bytes(pixels + 16 * (at.slot + p)),
                                load_bytes(pixels + 16 * (at.slot + next))};
        add_pixel(std::integral_constant<int, p>{}, is_first, x[0], w);
        if constexpr (next != p) {
          add_pixel(std::integral_constant<int, next>{}, is_first, x[1], w);
        }
        settle();
      });
      pixels += 16 * panel_pixels;
      weights += 16 * channels;
    };
    if constexpr (depth >= 16) {
      add_16(std::true_type{});
    } else {
      repeat<Pixels * channels>([&](auto i) __attribute__((always_inline)) {
        parts[i / channels][i % channels] = vdupq_n_s32(0);
      });
    }
    for (std::int32_t k = 16; k + 16 <= depth; k += 16) {
      add_16(std::false_type{});
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
