// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/depthwise_layout.hpp>
#include <inlay/kernels/neon/tile.hpp>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// Depthwise 3x3 convolution of a row in 16 bits, for weights with a zero point and where there are
/// no dot products. Eight channels at a time move along the row; a column that the next output
/// reads as well stays in registers.
template <class Isa, step::depthwise_convolution Step>
struct depthwise_wide {
  static constexpr std::int32_t channels = Step.in.channels;
  static constexpr std::int32_t width = Step.out.width;
  static constexpr std::int32_t stride = Step.window.stride.width;

  /// The three rows of a column, eight channels each.
  struct column {
    int16x8_t rows[3];
  };

  static constexpr std::int32_t row_bytes = Step.in.width * channels;

  static void prepare_border(unsigned char* to) noexcept {
    std::memset(to, Step.input_zero_point & 255, row_bytes);
  }

  [[gnu::always_inline]] static column read(const unsigned char* const (&rows)[3],
                                            std::int32_t x) noexcept {
    constexpr auto step = Step;
    column made;
    if (x < 0 || x >= step.in.width) {
      const int16x8_t zero =
          vdupq_n_s16(static_cast<std::int16_t>(step.input_zero_point - offset_of(step.type)));
      return {{zero, zero, zero}};
    }
    repeat<3>([&](auto ky) __attribute__((always_inline)) {
      const int8x8_t bytes = load_8_bytes(rows[ky] + x * channels);
      made.rows[ky] = vmovl_s8(step.type == element::uint8 ? flip(bytes) : bytes);
    });
    return made;
  }

  struct constants {
    int32x4_t bias[2];
    int32x4_t multiplier[2];
    int32x4_t shift[2];
    int16x8_t weights[9];
  };

  template <output_form Form>
  [[gnu::always_inline]] static void output(constants& given, column& left, column& middle,
                                            column& right, unsigned char* to) noexcept {
    constexpr output_numbers numbers = numbers_of(Step);
    repeat<9>([&](auto tap) __attribute__((always_inline)) { renew(given.weights[tap]); });
    repeat<3>([&](auto ky) __attribute__((always_inline)) {
      renew(left.rows[ky], middle.rows[ky], right.rows[ky]);
    });
    int32x4_t low = given.bias[0];
    int32x4_t high = given.bias[1];
    repeat<9>([&](auto tap) __attribute__((always_inline)) {
      column& from = tap % 3 == 0 ? left : tap % 3 == 1 ? middle : right;
      const int16x8_t x = from.rows[tap / 3];
      low = vmlal_s16(low, vget_low_s16(x), vget_low_s16(given.weights[tap]));
      high = multiply_add_high(high, x, given.weights[tap]);
      if constexpr (tap % 3 == 2) {
        settle();
      }
    });
    const int16x8_t made =
        place<Form>(scale<Form>(low, given.multiplier[0], given.shift[0], numbers),
                    scale<Form>(high, given.multiplier[1], given.shift[1], numbers), numbers);
    store_8<true>(to, finish<Form>(made, numbers), 8);
  }

  template <output_form Form, bool Panels>
    requires(!Panels)
  [[gnu::noinline]] static void convolve(const unsigned char* const (&rows)[3],
                                         const unsigned char* block, unsigned char* out) noexcept {
    constexpr auto step = Step;
    constexpr std::int32_t begin = -step.window.padding_left;
    for (std::int32_t c = 0; c < channels; c += 8, block += depthwise_block_bytes<Isa>(Step)) {
      const auto* numbers = reinterpret_cast<const std::int32_t*>(block);
      constants given;
      repeat<2>([&](auto i) __attribute__((always_inline)) {
        given.bias[i] = vld1q_s32(numbers + 4 * i);
        given.multiplier[i] = vld1q_s32(numbers + 8 + 4 * i);
        given.shift[i] = vld1q_s32(numbers + 16 + 4 * i);
      });
      repeat<9>([&](auto tap) __attribute__((always_inline)) {
        given.weights[tap] =
            vld1q_s16(reinterpret_cast<const std::int16_t*>(block + 96 + 16 * tap));
      });
      const unsigned char* from[3] = {rows[0] + c, rows[1] + c, rows[2] + c};
      unsigned char* to = out + c;
      column left = read(from, begin);
      if constexpr (stride == 1) {
        column middle = read(from, begin + 1);
        std::int32_t x = 0;
        for (; x + 3 <= width; x += 3, to += 3 * channels) {
          column right = read(from, begin + x + 2);
          output<Form>(given, left, middle, right, to);
          left = read(from, begin + x + 3);
          output<Form>(given, middle, right, left, to + channels);
          middle = read(from, begin + x + 4);
          output<Form>(given, right, left, middle, to + 2 * channels);
        }
        if constexpr (width % 3 > 0) {
          column right = read(from, begin + x + 2);
          output<Form>(given, left, middle, right, to);
          if constexpr (width % 3 > 1) {
            left = read(from, begin + x + 3);
            output<Form>(given, middle, right, left, to + channels);
          }
        }
      } else {
        for (std::int32_t x = 0; x < width; ++x, to += channels) {
          column middle = read(from, begin + 2 * x + 1);
          column right = read(from, begin + 2 * x + 2);
          output<Form>(given, left, middle, right, to);
          left = right;
        }
      }
    }
  }
};

} // namespace inlay::kernels::neon
#endif
