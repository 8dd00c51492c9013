// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/tile.hpp>

#if defined(__ARM_FEATURE_MATMUL_INT8)
namespace inlay::kernels::neon {

/// Up to 8 pixels x 8 channels by SMMLA: two pixels times two channels of eight inputs. A vector of
/// sums holds the first pixel's two channels, then the second's.
template <std::int32_t Pixels, tile_shape Shape>
struct tile<i8mm, Pixels, Shape> {
  static constexpr std::int32_t panels = (Pixels + panel_pixels - 1) / panel_pixels;
  static constexpr std::int32_t pairs = (Pixels + 1) / 2;

  static constexpr std::int32_t depth = Shape.depth;
  static constexpr std::int32_t stride = Shape.stride;
  static constexpr output_form form = Shape.form;

  int32x4_t sums[pairs][4];

  /// Adds eight inputs of a pair of pixels.
  template <int Pair>
  [[gnu::always_inline]] void add_eight(int8x16_t pixels, const int8x16x4_t& weights) noexcept {
    if constexpr (Pair < pairs) {
      repeat<4>([&](auto c) __attribute__((always_inline)) {
        sums[Pair][c] = vmmlaq_s32(sums[Pair][c], pixels, weights.val[c]);
      });
    }
  }

  [[gnu::always_inline]] void add_up(const tile_place& at) noexcept {
    const auto* constants = reinterpret_cast<const std::int32_t*>(at.block);
    const unsigned char* weights = at.block + 3 * 64;
    repeat<pairs>([&](auto i) __attribute__((always_inline)) {
      load_pair(constants, sums[i][0], sums[i][1]);
      load_pair(constants + 8, sums[i][2], sums[i][3]);
      if constexpr (form.sums) {
        constexpr int second = 2 * i + 1 < Pixels ? 2 * i + 1 : 2 * i;
        const int32x4_t own =
            vcombine_s32(vdup_n_s32(at.pixel_sums[2 * i]), vdup_n_s32(at.pixel_sums[second]));
        repeat<4>([&](auto c)
                      __attribute__((always_inline)) { sums[i][c] = vaddq_s32(sums[i][c], own); });
      }
    });
    const std::int8_t* pixels[panels];
    repeat<panels>([&](auto i) __attribute__((always_inline)) {
      pixels[i] = at.panel + i * panel_pixels * depth;
    });
    for (std::int32_t blocks = depth / 16; blocks > 0; --blocks) {
      int8x16x4_t x[panels];
      repeat<panels>([&](auto i) __attribute__((always_inline)) {
        x[i] = load_64_bytes(pixels[i]);
        advance(pixels[i], 64);
      });
      repeat<2>([&](auto half) __attribute__((always_inline)) {
        const int8x16x4_t w = load_64_bytes(weights);
        advance(weights, 64);
        repeat<panels>([&](auto i) __attribute__((always_inline)) {
          add_eight<2 * i>(x[i].val[2 * half], w);
          add_eight<2 * i + 1>(x[i].val[2 * half + 1], w);
        });
        settle();
      });
    }
    if constexpr (depth % 16 != 0) {
      const int8x16x4_t w = load_64_bytes(weights);
      repeat<panels>([&](auto i) __attribute__((always_inline)) {
        const int8x16x2_t x = load_32_bytes(pixels[i]);
        add_eight<2 * i>(x.val[0], w);
        add_eight<2 * i + 1>(x.val[1], w);
      });
    }
  }

  template <bool All>
  [[gnu::always_inline]] void store(const tile_place& at, output_numbers numbers) noexcept {
    const auto* constants = reinterpret_cast<const std::int32_t*>(at.block);
    const int32x4x4_t multiplier = vld1q_s32_x4(constants + 16);
    const int32x4x4_t shift = vld1q_s32_x4(constants + 32);
    repeat<pairs>([&](auto i) __attribute__((always_inline)) {
      int32x4_t* own = sums[i];
      repeat<4>([&](auto c) __attribute__((always_inline)) {
        own[c] = scale<form>(own[c], multiplier.val[c], shift.val[c], numbers);
      });
      const int32x4_t low = vreinterpretq_s32_s16(place<form>(own[0], own[1], numbers));
      const int32x4_t high = vreinterpretq_s32_s16(place<form>(own[2], own[3], numbers));
      constexpr int p = 2 * i;
      store_8<All>(at.output + p * stride,
                   finish<form>(vreinterpretq_s16_s32(vuzp1q_s32(low, high)), numbers),
                   at.channels);
      if constexpr (p + 1 < Pixels) {
        store_8<All>(at.output + (p + 1) * stride,
                     finish<form>(vreinterpretq_s16_s32(vuzp2q_s32(low, high)), numbers),
                     at.channels);
      }
    });
  }
};

} // namespace inlay::kernels::neon
#endif
