// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/tile.hpp>

#if defined(__ARM_FEATURE_DOTPROD)
namespace inlay::kernels::neon {

/// Up to 8 pixels x 8 channels by SDOT: four inputs of four channels times those of one pixel.
template <std::int32_t Pixels, tile_shape Shape>
struct tile<dotprod, Pixels, Shape> {
  static constexpr std::int32_t panels = divide_up(Pixels, panel_pixels);

  static constexpr std::int32_t channels = 8;
  static constexpr std::int32_t depth = Shape.depth;
  static constexpr std::int32_t stride = Shape.stride;
  static constexpr output_form form = Shape.form;

  int32x4_t sums[std::size_t{Pixels}][2];

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

  [[gnu::always_inline]] void add_up(tile_place& at) noexcept {
    const unsigned char*& weights = at.block;
    repeat<(Pixels + 1) / 2>([&](auto i) __attribute__((always_inline)) {
      constexpr int p = 2 * i;
      constexpr int next = p + 1 < Pixels ? p + 1 : p;
      int32x4_t unused[2];
      int32x4_t(&second)[2] = next == p ? unused : sums[next];
      load_sums<i>(reinterpret_cast<const std::int32_t*>(weights), sums[p][0], sums[p][1],
                   second[0], second[1]);
    });
    advance(weights, 64);
    if constexpr (form.sums) {
      repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
        const int32x4_t own = vdupq_n_s32(at.pixel_sums[p]);
        sums[p][0] = vaddq_s32(sums[p][0], own);
        sums[p][1] = vaddq_s32(sums[p][1], own);
      });
    }
    const std::int8_t* pixels[std::size_t{panels}];
    repeat<panels>([&](auto i) __attribute__((always_inline)) {
      pixels[i] = at.panel + i * panel_pixels * depth;
    });
    const auto add_16 = [&]() __attribute__((always_inline)) {
      int8x16x4_t x[std::size_t{panels}];
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
    };
    if constexpr (depth / 16 % 2 != 0) {
      add_16();
    }
    for (std::int32_t twice = depth / 32; twice > 0; --twice) {
      add_16();
      add_16();
    }
    if constexpr (depth % 16 != 0) {
      const int8x16x4_t w = load_64_bytes(weights);
      advance(weights, 64);
      repeat<panels>([&](auto i) __attribute__((always_inline)) {
        const int8x16x2_t x = load_32_bytes(pixels[i]);
        add_four<i>(x.val[0], w.val[0], w.val[1]);
        add_four<i>(x.val[1], w.val[2], w.val[3]);
      });
    }
  }

  template <bool All>
  [[gnu::always_inline]] void store(tile_place& at, output_numbers numbers) noexcept {
    const int32x4x4_t constants = load_64_numbers(at.block);
    advance(at.block, 64);
    repeat<Pixels>([&](auto p) __attribute__((always_inline)) {
      repeat<2>([&](auto half) __attribute__((always_inline)) {
        sums[p][half] =
            scale<form>(sums[p][half], constants.val[half], constants.val[2 + half], numbers);
      });
    });
    repeat<(Pixels + 1) / 2>([&](auto i) __attribute__((always_inline)) {
      constexpr int p = 2 * i;
      constexpr int next = p + 1 < Pixels ? p + 1 : p;
      const int8x16_t bytes =
          finish<form>(narrow_scaled<form>(sums[p][0], sums[p][1]),
                       narrow_scaled<form>(sums[next][0], sums[next][1]), numbers);
      constexpr std::int32_t rewind = channels - (Pixels - 1) * stride;
      store_half<0, All>(at.output, bytes, at.channels, p + 1 < Pixels ? stride : rewind);
      if constexpr (next != p) {
        store_half<1, All>(at.output, bytes, at.channels, next + 1 < Pixels ? stride : rewind);
      }
    });
  }
};

} // namespace inlay::kernels::neon
#endif
