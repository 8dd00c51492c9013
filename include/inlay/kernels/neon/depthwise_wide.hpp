// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/memory.hpp>
#include <inlay/kernels/neon/tile.hpp>

#include <type_traits>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// Depthwise 3x3 convolution of a row where there are no dot products, or weights have a zero
/// point. Eight channels at a time move along the row; a column that the next output reads as well
/// stays in registers. Weights of a byte are multiplied by bytes, and two products added in 16
/// bits; those with a zero point have 16 bits, as then have the inputs.
template <class Isa, step::depthwise_convolution Step>
struct depthwise_wide {
  static constexpr std::int32_t channels = Step.in.channels;
  static constexpr std::int32_t width = Step.out.width;
  static constexpr std::int32_t stride = Step.window.stride.width;
  static constexpr bool bytes = has_byte_weights(Step);
  using vector = std::conditional_t<bytes, int8x8_t, int16x8_t>;

  /// The three rows of a column, eight channels each.
  struct column {
    vector rows[3];
  };

  static constexpr std::int32_t row_bytes = prepared_row_bytes<Isa>(Step);

  static void prepare_border(unsigned char* to) noexcept {
    std::memset(to, Step.input_zero_point & 255, row_bytes);
  }

  [[gnu::always_inline]] static vector widen(int8x8_t raw) noexcept {
    if constexpr (bytes) {
      return raw;
    } else {
      return vmovl_s8(raw);
    }
  }

  [[gnu::always_inline]] static column read(const unsigned char* const (&rows)[3],
                                            std::int32_t x) noexcept {
    constexpr auto step = Step;
    column made;
    if (x < 0 || x >= step.in.width) {
      const vector zero =
          widen(vdup_n_s8(static_cast<std::int8_t>(step.input_zero_point - offset_of(step.type))));
      return {{zero, zero, zero}};
    }
    repeat<3>([&](auto ky) __attribute__((always_inline)) {
      const int8x8_t raw = load_8_bytes(rows[ky] + x * channels);
      made.rows[ky] = widen(step.type == element::uint8 ? flip(raw) : raw);
    });
    return made;
  }

  struct constants {
    int32x4_t bias[2];
    int32x4_t multiplier[2];
    int32x4_t shift[2];
    vector weights[9];
  };

  struct sums {
    int32x4_t low;
    int32x4_t high;
  };

  /// Adds the products of a tap, or with Two of it and the next one.
  template <bool Two>
  [[gnu::always_inline]] static sums add_taps(sums to, const vector (&x)[2],
                                              const vector* weights) noexcept {
    if constexpr (bytes) {
      int16x8_t products = vmull_s8(x[0], weights[0]);
      if constexpr (Two) {
        products = vmlal_s8(products, x[1], weights[1]);
      }
      return {vaddw_s16(to.low, vget_low_s16(products)), add_high(to.high, products)};
    } else {
      to = {vmlal_s16(to.low, vget_low_s16(x[0]), vget_low_s16(weights[0])),
            multiply_add_high(to.high, x[0], weights[0])};
      if constexpr (Two) {
        return add_taps<false>(to, {x[1], x[1]}, weights + 1);
      }
      return to;
    }
  }

  template <output_form Form>
  [[gnu::always_inline]] static void output(constants& given, column& left, column& middle,
                                            column& right, unsigned char* to) noexcept {
    constexpr output_numbers numbers = numbers_of(Step);
    repeat<9>([&](auto tap) __attribute__((always_inline)) { renew(given.weights[tap]); });
    repeat<3>([&](auto ky) __attribute__((always_inline)) {
      renew(left.rows[ky], middle.rows[ky], right.rows[ky]);
    });
    sums sum{given.bias[0], given.bias[1]};
    const column* columns[3] = {&left, &middle, &right};
    constexpr int together = Form.general() ? 1 : 2;
    repeat<(9 + together - 1) / together>([&](auto i) __attribute__((always_inline)) {
      constexpr int tap = together * i;
      constexpr bool two = together == 2 && tap + 1 < 9;
      constexpr int next = two ? tap + 1 : tap;
      sum = add_taps<two>(sum, {columns[tap % 3]->rows[tap / 3], columns[next % 3]->rows[next / 3]},
                          given.weights + tap);
    });
    const int16x8_t made =
        narrow_scaled<Form>(scale<Form>(sum.low, given.multiplier[0], given.shift[0], numbers),
                            scale<Form>(sum.high, given.multiplier[1], given.shift[1], numbers));
    store_8(to, finish<Form>(made, numbers));
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
        if constexpr (bytes) {
          given.weights[tap] = load_8_bytes(block + 96 + 8 * tap);
        } else {
          given.weights[tap] =
              vld1q_s16(reinterpret_cast<const std::int16_t*>(block + 96 + 16 * tap));
        }
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
        std::int32_t x = 0;
        for (; x + 2 <= width; x += 2, to += 2 * channels) {
          column middle = read(from, begin + 2 * x + 1);
          column right = read(from, begin + 2 * x + 2);
          output<Form>(given, left, middle, right, to);
          middle = read(from, begin + 2 * x + 3);
          left = read(from, begin + 2 * x + 4);
          output<Form>(given, right, middle, left, to + channels);
        }
        if constexpr (width % 2 > 0) {
          column middle = read(from, begin + 2 * x + 1);
          column right = read(from, begin + 2 * x + 2);
          output<Form>(given, left, middle, right, to);
        }
      }
    }
  }
};

} // namespace inlay::kernels::neon
#endif
