// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/packed_convolution.hpp>
#include <inlay/kernels/portable/words.hpp>

namespace inlay::kernels::portable {

/// The depthwise part of a core: a plane is one channel of three rows, column by column, an
/// element a word.
struct planes {
  static constexpr std::int32_t words_two_columns = 6;
  /// Words of staged weights a channel.
  static constexpr std::int32_t words_of_taps = 9;

  /// Puts two columns of four channels into four planes, `plane` words apart.
  template <element Type>
  [[gnu::always_inline]] static void stage_columns(word first, word second, std::int32_t plane,
                                                   word* out) noexcept {
    const auto put = [&](word* to, word four) {
      to[0] = static_cast<word>(element_of<Type, 0>(four));
      to[plane] = static_cast<word>(element_of<Type, 1>(four));
      to[2 * plane] = static_cast<word>(element_of<Type, 2>(four));
      to[3 * plane] = static_cast<word>(element_of<Type, 3>(four));
    };
    put(out, first);
    put(out + 3, second);
  }

  /// Nine taps of four channels, for each channel column by column.
  template <element Type>
  static void stage_taps(const unsigned char* weights, std::int32_t zero_point,
                         word* out) noexcept {
    for (int tap = 0; tap < 9; ++tap) {
      const word four = load_word(weights + 4 * tap);
      word* const to = out + tap % 3 * 3 + tap / 3;
      const auto less = [zero_point](std::int32_t weight) {
        return static_cast<word>(weight - zero_point);
      };
      to[0] = less(element_of<Type, 0>(four));
      to[9] = less(element_of<Type, 1>(four));
      to[18] = less(element_of<Type, 2>(four));
      to[27] = less(element_of<Type, 3>(four));
    }
  }

  /// The sums of one channel along a row.
  static void sum_plane(const word* plane, const word* weights, const convolution_shape& shape,
                        std::int32_t* sums) noexcept {
    const word w0 = weights[0];
    const word w1 = weights[1];
    const word w2 = weights[2];
    const word w3 = weights[3];
    const word w4 = weights[4];
    const word w5 = weights[5];
    const word w6 = weights[6];
    const word w7 = weights[7];
    const word w8 = weights[8];
    const std::int32_t step = 3 * shape.stride;
    const std::int32_t* const end = sums + shape.out_width;
    for (; sums != end; ++sums, plane += step) {
      word sum = plane[0] * w0;
      sum += plane[1] * w1;
      sum += plane[2] * w2;
      sum += plane[3] * w3;
      sum += plane[4] * w4;
      sum += plane[5] * w5;
      sum += plane[6] * w6;
      sum += plane[7] * w7;
      sum += plane[8] * w8;
      *sums = static_cast<std::int32_t>(sum);
    }
  }
};

} // namespace inlay::kernels::portable
