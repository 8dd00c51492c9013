// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/tile.hpp>

#if defined(__ARM_FEATURE_DOTPROD)
namespace inlay::kernels::neon {

/// Up to 8 pixels x 8 channels by SDOT: four inputs of four channels times those of one pixel.
template <std::int32_t Pixels, tile_shape Shape>
struct tile<dotprod, Pixels, Shape> {
  static constexpr std::int32_t panels = (Pixels + panel_pixels - 1) / panel_pixels;

  static constexpr std::int32_t depth = Shape.depth;
  static constexpr std::int32_t stride = Shape.stride;
  static constexpr output_form form = Shape.form;

  int32x4_t sums[Pixels][2];

  /// Adds four inputs of all pixels, which lie in a vector a panel.
  template <int Panel>
  [[gnu::always_inline]] void add_four(int8x16_t pixels, int8x16_t low, int8x16_t high) noexcept {
    repeat<(Pixels - 4 * Panel < 4 ? Pixels - 4 * Panel : 4)>([&](
        auto lane) __attribute__((always_inline)) {
      constexpr int p = 4 * Panel + lane;
      sums[p][0] = vdotq_laneq_s32(sums[p][0], low, pixels, lane);
      sums[p][1] = vdotq_laneq_s32(sums[p][1], high, pixels, lane);
    });
  }

  [[gnu::always_inline]] void add_up(const tile_place& at) noexcept {
    const auto* constants = reinterpret_cast<const std::int32_t*>(at.block);
    const unsigned char* weights = at.block + 3 * 32;
    repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
      load_pair(constants, sums[p][0], sums[p][1]);
      if constexpr (form.sums) {
        const int32x4_t own = vdupq_n_s32(at.pixel_sums[p]);
        sums[p][0] = vaddq_s32(sums[p][0], own);
        sums[p][1] = vaddq_s32(sums[p][1], own);
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
          add_four<i>(x[i].val[2 * half], w.val[0], w.val[1]);
          add_four<i>(x[i].val[2 * half + 1], w.val[2], w.val[3]);
        });
        settle();
      });
    }
    if constexpr (depth % 16 != 0) {
      const int8x16x4_t w = load_64_bytes(weights);
      repeat<panels>([&](auto i) __attribute__((always_inline)) {
        const int8x16x2_t x = load_32_bytes(pixels[i]);
        add_four<i>(x.val[0], w.val[0], w.val[1]);
        add_four<i>(x.val[1], w.val[2], w.val[3]);
      });
    }
  }

  template <bool All>
  [[gnu::always_inline]] void store(const tile_place& at, output_numbers numbers) noexcept {
    const auto* constants = reinterpret_cast<const std::int32_t*>(at.block);
    repeat<2>([&](auto half) __attribute__((always_inline)) {
      const int32x4_t multiplier = vld1q_s32(constants + 8 + 4 * half);
      const int32x4_t shift = vld1q_s32(constants + 16 + 4 * half);
      repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
        sums[p][half] = scale<form>(sums[p][half], multiplier, shift, numbers);
      });
    });
    repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
      store_8<All>(at.output + p * stride,
                   finish<form>(place<form>(sums[p][0], sums[p][1], numbers), numbers),
                   at.channels);
    });
  }
};

} // namespace inlay::kernels::neon
#endif
