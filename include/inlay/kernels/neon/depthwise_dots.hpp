// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/memory.hpp>
#include <inlay/kernels/neon/tile.hpp>

#if defined(__ARM_FEATURE_DOTPROD)
namespace inlay::kernels::neon {

/// Depthwise 3x3 convolution of a row by SDOT. Input rows are brought into groups of four columns,
/// each channel's beside each other; the first column is the leftmost that any output reads, be it
/// inside the image or not.
template <class Isa, step::depthwise_convolution Step>
struct depthwise_dots {
  static constexpr std::int32_t channels = Step.in.channels;
  static constexpr std::int32_t width = Step.out.width;
  static constexpr std::int32_t stride = Step.window.stride.width;
  static constexpr std::int32_t vectors = dot_vectors(Step);
  static constexpr std::int32_t input_groups = (width + 3) / 4 * stride + 1;
  static constexpr std::int32_t group_bytes = channels * 4;
  static constexpr std::int32_t row_bytes = prepared_row_bytes<Isa>(Step);

  /// @param border a pixel of zero points
  [[gnu::noinline]] static void prepare(const unsigned char* row, const unsigned char* border,
                                        unsigned char* to) noexcept {
    constexpr auto step = Step;
    const auto pixel = [&](std::int32_t x) {
      return x >= 0 && x < step.in.width ? row + x * channels : border;
    };
    for (std::int32_t x = -step.window.padding_left;
         x < 4 * input_groups - step.window.padding_left; x += 4) {
      const unsigned char* from[4] = {pixel(x), pixel(x + 1), pixel(x + 2), pixel(x + 3)};
      std::int32_t c = 0;
      for (; c + 16 <= channels; c += 16, to += 64) {
        int8x16x4_t bytes;
        repeat<4>([&](auto i) __attribute__((always_inline)) {
          const int8x16_t raw = load_bytes(from[i] + c);
          bytes.val[i] = step.type == element::uint8 ? flip(raw) : raw;
        });
        vst4q_s8(reinterpret_cast<std::int8_t*>(to), bytes);
      }
      if constexpr (channels % 16 != 0) {
        int8x8x4_t bytes;
        repeat<4>([&](auto i) __attribute__((always_inline)) {
          const int8x8_t raw = load_8_bytes(from[i] + c);
          bytes.val[i] = step.type == element::uint8 ? flip(raw) : raw;
        });
        vst4_s8(reinterpret_cast<std::int8_t*>(to), bytes);
        to += 32;
      }
    }
  }

  /// A row of zero points, prepared.
  static void prepare_border(unsigned char* to) noexcept {
    constexpr auto step = Step;
    std::memset(to, (step.input_zero_point - offset_of(step.type)) & 255, row_bytes);
  }

  /// Up to four columns of four channels.
  /// @param next the three rows from the second group on that the outputs read
  /// @param first the first group of each; then that of the outputs to the right
  template <output_form Form, int Count>
  [[gnu::always_inline]] static int8x16_t
  group(const unsigned char* const (&next)[3], int8x16_t (&first)[3],
        const int8x16_t (&weights)[3][std::size_t{vectors}], const std::int32_t* bias,
        int32x4_t multiplier, int32x4_t shift) noexcept {
    constexpr output_numbers numbers = numbers_of(Step);
    int32x4_t sums[4];
    load_sums<0>(bias, sums[0], sums[1], sums[2], sums[3]);
    const auto add = [&](auto column, int8x16_t x, int8x16_t w) __attribute__((always_inline)) {
      if constexpr (column < Count) {
        add_dots(sums[column], x, w);
      }
    };
    constexpr std::integral_constant<int, 0> a;
    constexpr std::integral_constant<int, 1> b;
    constexpr std::integral_constant<int, 2> c;
    constexpr std::integral_constant<int, 3> d;
    repeat<3>([&](auto ky) __attribute__((always_inline)) {
      const int8x16_t(&w)[std::size_t{vectors}] = weights[ky];
      int8x16_t& x = first[ky];
      add(a, x, w[0]);
      add(b, x, w[1]);
      if constexpr (stride == 1) {
        add(c, x, w[2]);
        add(d, x, w[4]);
        if constexpr (Count > 2) {
          x = load_bytes(next[ky]);
        }
        add(c, x, w[3]);
        add(d, x, w[5]);
      } else if constexpr (Count > 1) {
        const int8x16_t second = load_bytes(next[ky]);
        add(c, second, w[0]);
        add(b, second, w[2]);
        add(d, second, w[1]);
        if constexpr (Count > 3) {
          x = load_bytes(next[ky] + group_bytes);
        }
        add(d, x, w[2]);
      }
      settle();
    });
    repeat<4>([&](auto i) __attribute__((always_inline)) {
      sums[i] = scale<Form>(sums[i], multiplier, shift, numbers);
    });
    return finish<Form>(narrow_scaled<Form>(sums[0], sums[1]),
                        narrow_scaled<Form>(sums[2], sums[3]), numbers);
  }

  /// Stores the outputs of channels [c, c + 4) of `Count` columns from x on: as pixels, or in the
  /// panels that a pointwise convolution wants.
  template <bool Panels, int Count>
  [[gnu::always_inline]] static void store(unsigned char* out, std::int32_t x, std::int32_t c,
                                           int8x16_t made) noexcept {
    auto* to = reinterpret_cast<std::int8_t*>(out);
    if constexpr (!Panels) {
      unsigned char* pixel = out + x * channels + c;
      repeat<Count>([&](auto i) __attribute__((always_inline)) {
        store_quarter<i, true>(pixel, made, 4, channels);
      });
    } else if constexpr (Isa::depth == 4) {
      vst1q_s8(to + x * channels + 4 * c, made);
    } else if (c % 8 == 0) {
      vst1q_s8(to + x * channels + 4 * c, made);
    } else { // eight inputs of a pixel lie together: the other four are there already
      to += x * channels + 4 * (c - 4);
      const int32x4_t low = vreinterpretq_s32_s8(load_bytes(to));
      const int32x4_t high = vreinterpretq_s32_s8(made);
      vst1q_s8(to, vreinterpretq_s8_s32(vzip1q_s32(low, high)));
      vst1q_s8(to + 16, vreinterpretq_s8_s32(vzip2q_s32(low, high)));
    }
  }

  template <output_form Form, bool Panels>
  [[gnu::always_inline]] static void
  convolve_channels(const unsigned char* const (&rows)[3], const unsigned char* block,
                    unsigned char* out, std::int32_t c) noexcept {
    const auto* numbers = reinterpret_cast<const std::int32_t*>(block);
    const int32x4_t multiplier = vld1q_s32(numbers + 16);
    const int32x4_t shift = vld1q_s32(numbers + 20);
    int8x16_t weights[3][std::size_t{vectors}];
    repeat<3 * vectors>([&](auto i) __attribute__((always_inline)) {
      weights[i / vectors][i % vectors] = load_bytes(block + 96 + 16 * i);
    });
    const unsigned char* next[3];
    int8x16_t first[3];
    repeat<3>([&](auto ky) __attribute__((always_inline)) {
      first[ky] = load_bytes(rows[ky] + 4 * c);
      next[ky] = rows[ky] + 4 * c + group_bytes;
    });
    std::int32_t x = 0;
    for (; x + 4 <= width; x += 4) {
      store<Panels, 4>(out, x, c, group<Form, 4>(next, first, weights, numbers, multiplier, shift));
      repeat<3>([&](auto ky) __attribute__((always_inline)) { next[ky] += stride * group_bytes; });
    }
    if constexpr (width % 4 != 0) {
      store<Panels, width % 4>(
          out, x, c, group<Form, width % 4>(next, first, weights, numbers, multiplier, shift));
    }
  }

  /// @param out the outputs' pixels, or with Panels their panels
  template <output_form Form, bool Panels>
  [[gnu::noinline]] static void convolve(const unsigned char* const (&rows)[3],
                                         const unsigned char* block, unsigned char* out) noexcept {
    constexpr std::int32_t bytes = depthwise_block_bytes<Isa>(Step);
    for (std::int32_t c = 0; c < channels; c += 8, block += 2 * bytes) {
      convolve_channels<Form, Panels>(rows, block, out, c);
      convolve_channels<Form, Panels>(rows, block + bytes, out, c + 4);
    }
  }
};

} // namespace inlay::kernels::neon
#endif
