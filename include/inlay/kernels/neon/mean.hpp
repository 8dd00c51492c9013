// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/neon/memory.hpp>
#include <inlay/kernels/neon/requantize.hpp>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// MEAN over height and width. Units are eight channels.
template <step::mean Step>
struct mean {
  static constexpr std::int32_t pixels = Step.in.height * Step.in.width;

  struct sums {
    int32x4_t low;
    int32x4_t high;
  };

  /// Adds up 16 bits as long as these cannot overflow.
  template <int Vectors>
  [[gnu::always_inline]] static void make(const unsigned char* from, unsigned char* to) noexcept {
    constexpr auto step = Step;
    constexpr std::int32_t most = 256;
    const int32x4_t start = vdupq_n_s32(-(step.input_zero_point - offset_of(step.type)) * pixels);
    sums total[std::size_t{Vectors}];
    repeat<Vectors>([&](auto i) __attribute__((always_inline)) { total[i] = {start, start}; });
    for (std::int32_t left = pixels; left > 0; left -= most) {
      int16x8_t some[std::size_t{Vectors}];
      repeat<Vectors>([&](auto i) __attribute__((always_inline)) { some[i] = vdupq_n_s16(0); });
      for (std::int32_t k = left < most ? left : most; k > 0; --k) {
        repeat<Vectors>([&](auto i) __attribute__((always_inline)) {
          const int8x8_t bytes = load_8_bytes(from + 8 * i);
          some[i] = vaddw_s8(some[i], step.type == element::uint8 ? flip(bytes) : bytes);
        });
        from += step.in.channels;
      }
      repeat<Vectors>([&](auto i) __attribute__((always_inline)) {
        total[i] = {vaddw_s16(total[i].low, vget_low_s16(some[i])),
                    add_high(total[i].high, some[i])};
      });
    }
    repeat<Vectors>([&](auto i) __attribute__((always_inline)) {
      vst1_s8(reinterpret_cast<std::int8_t*>(to + 8 * i), requantize(total[i]));
    });
  }

  [[gnu::always_inline]] static int8x8_t requantize(sums total) noexcept {
    constexpr auto step = Step;
    constexpr output_form form{.flips = step.type == element::uint8,
                               .needed = requantization::general};
    constexpr output_numbers numbers{
        .zero_point = static_cast<std::int16_t>(step.output_zero_point - offset_of(step.type))};
    const int32x4_t multiplier = vdupq_n_s32(step.multiplier.mantissa);
    const int32x4_t shift = vdupq_n_s32(step.multiplier.shift);
    return finish<form>(narrow_scaled<form>(scale<form>(total.low, multiplier, shift, numbers),
                                            scale<form>(total.high, multiplier, shift, numbers)),
                        numbers);
  }

  static void run(const arguments& given) noexcept {
    std::int32_t c = 8 * given.units.first;
    const std::int32_t end = 8 * given.units.last;
    for (; c + 32 <= end; c += 32) {
      make<4>(given.inputs[0] + c, given.output + c);
    }
    for (; c < end; c += 8) {
      make<1>(given.inputs[0] + c, given.output + c);
    }
  }
};

} // namespace inlay::kernels::neon
#endif
