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

  /// Adds sixteen products of a pixel to each of its sums, or makes the sums of them.
  template <int Pixel, bool First>
  [[gnu::always_inline]] static void add_pixel(int32x4_t (&parts)[Pixels][channels], int8x16_t x,
                                               const int8x16x4_t& w) noexcept {
    if constexpr (Pixel < Pixels) {
      int32x4_t(&own)[channels] = parts[Pixel];
      if constexpr (!form.general()) {
        add_products<First>(own, x, w);
      } else {
        repeat<channels>([&](auto c) __attribute__((always_inline)) {
          const int16x8_t low = multiply_low(x, w.val[c]);
          own[c] = First ? vpaddlq_s16(low) : vpadalq_s16(own[c], low);
          own[c] = vpadalq_s16(own[c], multiply_high(x, w.val[c]));
        });
      }
    }
  }

  [[gnu::always_inline]] void add_up(tile_place& at) noexcept {
    const std::int8_t* pixels = at.panel + 16 * at.slot;
    const unsigned char*& weights = at.block;
    int32x4_t parts[Pixels][channels];
    const auto add_16 = [&](auto is_first) __attribute__((always_inline)) {
      constexpr bool first = decltype(is_first)::value;
      const int8x16x4_t w = load_64_bytes(weights);
      advance(weights, 64);
      if constexpr (Pixels > 2) {
        const int8x16x4_t x = load_64_bytes(pixels);
        advance(pixels, 16 * panel_pixels);
        repeat<4>([&](auto p)
                      __attribute__((always_inline)) { add_pixel<p, first>(parts, x.val[p], w); });
      } else {
        const int8x16x2_t x = load_32_bytes(pixels);
        advance(pixels, 16 * panel_pixels);
        repeat<2>([&](auto p)
                      __attribute__((always_inline)) { add_pixel<p, first>(parts, x.val[p], w); });
      }
    };
    constexpr std::int32_t blocks = depth / 16;
    if constexpr (blocks > 0) {
      add_16(std::true_type{});
    } else {
      repeat<Pixels * channels>([&](auto i) __attribute__((always_inline)) {
        parts[i / channels][i % channels] = vdupq_n_s32(0);
      });
    }
    if constexpr (blocks > 0 && blocks % 2 == 0) {
      add_16(std::false_type{});
    }
    for (std::int32_t pairs = (blocks - 1) / 2; pairs > 0; --pairs) {
      add_16(std::false_type{});
      add_16(std::false_type{});
    }
    if constexpr (depth % 16 != 0) {
      settle();
      const int8x8_t w[channels] = {load_8_bytes(weights), load_8_bytes(weights + 8),
                                    load_8_bytes(weights + 16), load_8_bytes(weights + 24)};
      advance(weights, 32);
      pixels -= 8 * at.slot;
      repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
        const int8x8_t x = load_8_bytes(pixels + 8 * p);
        repeat<channels>([&](auto c) __attribute__((always_inline)) {
          parts[p][c] = vpadalq_s16(parts[p][c], vmull_s8(x, w[c]));
        });
        settle();
      });
    }
    repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
      const int32x4_t* own = parts[p];
      sums[p] = add_pairs(add_pairs(own[0], own[1]), add_pairs(own[2], own[3]));
      if constexpr (form.sums) {
        sums[p] = vaddq_s32(sums[p], vdupq_n_s32(at.pixel_sums[p]));
      }
    });
  }

  template <bool All>
  [[gnu::always_inline]] void store(tile_place& at, output_numbers numbers) noexcept {
    const int32x4x3_t constants = load_48_bytes(at.block);
    advance(at.block, 48);
    repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
      sums[p] = scale<form>(vaddq_s32(sums[p], constants.val[0]), constants.val[1],
                            constants.val[2], numbers);
    });
    constexpr auto existing = [](int p) { return p < Pixels ? p : Pixels - 1; };
    const int16x8_t a = narrow_scaled<form>(sums[0], sums[existing(1)]);
    int16x8_t b = a;
    if constexpr (Pixels > 2) {
      b = narrow_scaled<form>(sums[2], sums[existing(3)]);
    }
    const int8x16_t bytes = finish<form>(a, b, numbers);
    repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
      constexpr std::int32_t next = p + 1 < Pixels ? stride : channels - (Pixels - 1) * stride;
      store_quarter<p, All>(at.output, bytes, at.channels, next);
    });
  }
};

} // namespace inlay::kernels::neon
#endif
