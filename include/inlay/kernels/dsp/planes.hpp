// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/dsp/instructions.hpp>
#include <inlay/kernels/portable/packed_convolution.hpp>

namespace inlay::kernels::dsp {

/// portable::planes with two columns a word.
struct planes {
  static constexpr std::int32_t words_two_columns = 3;
  /// For each row of the kernel {tap 0, tap 1} and {tap 1, tap 2}.
  static constexpr std::int32_t words_of_taps = 6;

  template <element Type>
  [[gnu::always_inline]] static void stage_columns(word first, word second, std::int32_t plane,
                                                   word* out) noexcept {
    const word first_even = widen<Type, false>(first);
    const word second_even = widen<Type, false>(second);
    const word first_odd = widen<Type, true>(first);
    const word second_odd = widen<Type, true>(second);
    out[0] = low_halves(first_even, second_even);
    out[plane] = low_halves(first_odd, second_odd);
    out[2 * plane] = high_halves(first_even, second_even);
    out[3 * plane] = high_halves(first_odd, second_odd);
  }

  template <element Type>
  [[gnu::noinline]] static void stage_taps(const unsigned char* weights, std::int32_t zero_point,
                                           word* out) noexcept {
    const word less = halves(zero_point, zero_point);
    const bool plain = Type == element::int8 && zero_point == 0;
    for (int ky = 0; ky < 3; ++ky, weights += 12, out += 2) {
      const word fours[3] = {portable::load_word(weights), portable::load_word(weights + 4),
                             portable::load_word(weights + 8)};
      word even[3] = {widen<Type, false>(fours[0]), widen<Type, false>(fours[1]),
                      widen<Type, false>(fours[2])};
      word odd[3] = {widen<Type, true>(fours[0]), widen<Type, true>(fours[1]),
                     widen<Type, true>(fours[2])};
      if (!plain) {
        for (int kx = 0; kx < 3; ++kx) {
          even[kx] = subtract_halves(even[kx], less);
          odd[kx] = subtract_halves(odd[kx], less);
        }
      }
      out[0] = low_halves(even[0], even[1]);
      out[1] = low_halves(even[1], even[2]);
      out[6] = low_halves(odd[0], odd[1]);
      out[7] = low_halves(odd[1], odd[2]);
      out[12] = high_halves(even[0], even[1]);
      out[13] = high_halves(even[1], even[2]);
      out[18] = high_halves(odd[0], odd[1]);
      out[19] = high_halves(odd[1], odd[2]);
    }
  }

  /// The sums of one channel along a row; an odd row gets one sum more, of what lies there.
  static void sum_plane(const word* plane, const word* weights,
                        const portable::convolution_shape& shape, std::int32_t* sums) noexcept {
    const word w0 = weights[0];
    const word w1 = weights[1];
    const word w2 = weights[2];
    const word w3 = weights[3];
    const word w4 = weights[4];
    const word w5 = weights[5];
    word a = plane[0];
    word b = plane[1];
    word c = plane[2];
    const std::int32_t* const end = sums + shape.out_width;
    if (shape.stride == 2) {
      while (sums != end) {
        std::int32_t sum = multiply_halves(a, w0);
        sum = multiply_halves(b, w2, sum);
        sum = multiply_halves(c, w4, sum);
        plane += words_two_columns;
        a = plane[0];
        b = plane[1];
        c = plane[2];
        sum = multiply_low_high(a, w1, sum);
        sum = multiply_low_high(b, w3, sum);
        *sums++ = multiply_low_high(c, w5, sum);
      }
      return;
    }
    while (sums < end) {
      std::int32_t first = multiply_halves(a, w0);
      first = multiply_halves(b, w2, first);
      first = multiply_halves(c, w4, first);
      std::int32_t second = multiply_high_low(a, w0);
      second = multiply_high_low(b, w2, second);
      second = multiply_high_low(c, w4, second);
      plane += words_two_columns;
      a = plane[0];
      b = plane[1];
      c = plane[2];
      first = multiply_low_high(a, w1, first);
      first = multiply_low_high(b, w3, first);
      sums[0] = multiply_low_high(c, w5, first);
      second = multiply_halves(a, w1, second);
      second = multiply_halves(b, w3, second);
      sums[1] = multiply_halves(c, w5, second);
      sums += 2;
    }
  }
};

} // namespace inlay::kernels::dsp
