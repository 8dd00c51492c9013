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
  static constexpr input_pairs<Isa> pairs{depth};

  int32x4_t sums[std::size_t{Pixels}];

  /// Sixteen products of a pixel for two channels: added to their sums, or these.
  template <bool First>
  [[gnu::always_inline]] static void add_pixel(int32x4_t* two, int8x16_t x, int8x16_t wa,
                                               int8x16_t wb) noexcept {
    if constexpr (!form.general()) {
      add_products<First>(two[0], two[1], x, wa, wb);
    } else {
      const int8x16_t w[2] = {wa, wb};
      repeat<2>([&](auto c) __attribute__((always_inline)) {
        const int16x8_t low = multiply_low(x, w[c]);
        two[c] = First ? vpaddlq_s16(low) : vpadalq_s16(two[c], low);
        two[c] = vpadalq_s16(two[c], multiply_high(x, w[c]));
      });
    }
  }

  using parts_of_sums = int32x4_t[std::size_t{Pixels}][std::size_t{channels}];

  /// Sixteen inputs of all pixels.
  template <bool First>
  [[gnu::always_inline]] static void add_16(parts_of_sums& parts, const std::int8_t*& pixels,
                                            const unsigned char*& weights) noexcept {
    const int8x16x4_t w = load_64_bytes(weights);
    advance(weights, 64);
    const auto add_all = [&](const auto& x) __attribute__((always_inline)) {
      advance(pixels, 16 * panel_pixels);
      repeat<2 * Pixels>([&](auto i) __attribute__((always_inline)) {
        constexpr int half = 2 * (i % 2);
        add_pixel<First>(&parts[i / 2][half], x.val[i / 2], w.val[half], w.val[half + 1]);
      });
    };
    if constexpr (Pixels > 2) {
      add_all(load_64_bytes(pixels));
    } else {
      add_all(load_32_bytes(pixels));
    }
  }

#if defined(__aarch64__)
  /// A pair of sixteen inputs of all pixels.
  template <bool First, bool Four>
  [[gnu::always_inline]] static void add_32(parts_of_sums& parts, const std::int8_t* pixels,
                                            const unsigned char*& weights) noexcept {
    pixels += take_number(weights);
    const int8x16x4_t x = load_64_bytes(pixels);
    advance(pixels, 64);
    const int8x16x4_t next = load_64_bytes(pixels);
    repeat<2>([&](auto half) __attribute__((always_inline)) {
      const int8x16x4_t w = load_64_bytes(weights);
      advance(weights, 64);
      repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
        int32x4_t* two = &parts[p][2 * half];
        if constexpr (Four && !form.general()) {
          add_four_products(two[0], two[1], x.val[p], next.val[p], w);
        } else {
          add_pixel<First>(two, x.val[p], w.val[0], w.val[2]);
          add_pixel<false>(two, next.val[p], w.val[1], w.val[3]);
        }
      });
      settle();
    });
  }

  [[gnu::always_inline]] static void add_pairs_of_blocks(parts_of_sums& parts,
                                                         const std::int8_t* panel,
                                                         const unsigned char*& weights) noexcept {
    std::int32_t counts[2];
    std::memcpy(counts, weights, sizeof counts);
    advance(weights, sizeof counts);
    if constexpr (pairs.single > 0) {
      const std::int8_t* pixels = panel;
      add_16<true>(parts, pixels, weights);
    } else {
      add_32<true, false>(parts, panel, weights);
    }
    for (std::int32_t i = counts[0]; i > 0; --i) {
      add_32<false, false>(parts, panel, weights);
    }
    for (std::int32_t i = counts[1]; i > 0; --i) {
      add_32<false, true>(parts, panel, weights);
    }
  }
#endif

  [[gnu::always_inline]] void add_up(tile_place& at) noexcept {
    const std::int8_t* pixels = at.panel + 16 * at.slot;
    const unsigned char*& weights = at.block;
    parts_of_sums parts;
    constexpr std::int32_t blocks = depth / 16;
    if constexpr (pairs.count > 0) {
#if defined(__aarch64__)
      add_pairs_of_blocks(parts, pixels, weights);
      pixels += blocks * 16 * panel_pixels;
#endif
    } else {
      if constexpr (blocks > 0) {
        add_16<true>(parts, pixels, weights);
      } else {
        repeat<Pixels * channels>([&](auto i) __attribute__((always_inline)) {
          parts[i / channels][i % channels] = vdupq_n_s32(0);
        });
      }
      if constexpr (blocks > 0 && blocks % 2 == 0) {
        add_16<false>(parts, pixels, weights);
      }
      for (std::int32_t twice = (blocks - 1) / 2; twice > 0; --twice) {
        add_16<false>(parts, pixels, weights);
        add_16<false>(parts, pixels, weights);
      }
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
