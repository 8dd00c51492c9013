// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/tile.hpp>

#if defined(__ARM_FEATURE_MATMUL_INT8)
namespace inlay::kernels::neon {

/// Up to 8 pixels x 8 channels by SMMLA: two pixels times two channels of eight inputs. A vector of
/// sums holds the first pixel's two channels, then the second's.
template <std::int32_t Pixels, tile_shape Shape>
struct tile<i8mm, Pixels, Shape> {
  static constexpr std::int32_t panels = divide_up(Pixels, panel_pixels);
  static constexpr std::int32_t pairs = (Pixels + 1) / 2;

  static constexpr std::int32_t channels = 8;
  static constexpr std::int32_t depth = Shape.depth;
  static constexpr std::int32_t stride = Shape.stride;
  static constexpr output_form form = Shape.form;

  int32x4_t sums[std::size_t{pairs}][4];

  /// Adds eight inputs of a pair of pixels.
  template <int Pair>
  [[gnu::always_inline]] void add_eight(int8x16_t pixels, const int8x16x4_t& weights) noexcept {
    if constexpr (Pair < pairs) {
      repeat<4>([&](auto c) __attribute__((always_inline)) {
        sums[Pair][c] = vmmlaq_s32(sums[Pair][c], pixels, weights.val[c]);
      });
    }
  }

  [[gnu::always_inline]] void add_up(tile_place& at) noexcept {
    const unsigned char*& weights = at.block;
    repeat<pairs>([&](auto i) __attribute__((always_inline)) {
      int32x4_t* own = sums[i];
      load_sums<i>(reinterpret_cast<const std::int32_t*>(weights), own[0], own[1], own[2], own[3]);
      if constexpr (form.sums) {
        constexpr int second = 2 * i + 1 < Pixels ? 2 * i + 1 : 2 * i;
        const int32x4_t pixels =
            vcombine_s32(vdup_n_s32(at.pixel_sums[2 * i]), vdup_n_s32(at.pixel_sums[second]));
        repeat<4>([&](auto c)
                      __attribute__((always_inline)) { own[c] = vaddq_s32(own[c], pixels); });
      }
    });
    advance(weights, 64);
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
          add_eight<2 * i>(x[i].val[2 * half], w);
          add_eight<2 * i + 1>(x[i].val[2 * half + 1], w);
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
        add_eight<2 * i>(x.val[0], w);
        add_eight<2 * i + 1>(x.val[1], w);
      });
    }
  }

  /// The outputs of a pair of pixels: two channels of the first, the same of the second, and so on.
  template <int Pair>
  [[gnu::always_inline]] int16x8_t outputs(output_numbers numbers) const noexcept {
    const int32x4_t* own = sums[Pair];
    return vreinterpretq_s16_s8(finish<form>(narrow_scaled<form>(own[0], own[1]),
                                             narrow_scaled<form>(own[2], own[3]), numbers));
  }

  template <bool All>
  [[gnu::always_inline]] void store(tile_place& at, output_numbers numbers) noexcept {
    const int32x4x4_t multiplier = load_64_numbers(at.block);
    advance(at.block, 64);
    const int32x4x4_t shift = load_64_numbers(at.block);
    advance(at.block, 64);
    repeat<pairs>([&](auto i) __attribute__((always_inline)) {
      repeat<4>([&](auto c) __attribute__((always_inline)) {
        sums[i][c] = scale<form>(sums[i][c], multiplier.val[c], shift.val[c], numbers);
      });
    });
    repeat<panels>([&](auto i) __attribute__((always_inline)) {
      constexpr int pair = 2 * i;
      constexpr int next = pair + 1 < pairs ? pair + 1 : pair;
      const int16x8_t a = outputs<pair>(numbers);
      int16x8_t b = a;
      if constexpr (next != pair) {
        b = outputs<next>(numbers);
      }
      const int8x16_t by_pixel[2] = {vreinterpretq_s8_s16(vuzp1q_s16(a, b)),
                                     vreinterpretq_s8_s16(vuzp2q_s16(a, b))};
      constexpr int first = panel_pixels * i;
      repeat<(Pixels - first < 4 ? Pixels - first : 4)>([&](auto p) __attribute__((always_inline)) {
        constexpr bool last = first + p + 1 == Pixels;
        store_half<p / 2, All>(at.output, by_pixel[p % 2], at.channels,
                               last ? channels - (Pixels - 1) * stride : stride);
      });
    });
  }
};

} // namespace inlay::kernels::neon
#endif
