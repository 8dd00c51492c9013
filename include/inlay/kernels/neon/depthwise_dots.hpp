// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/depthwise_layout.hpp>
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
  static constexpr std::int32_t row_bytes = input_groups * group_bytes;

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

  /// Four columns of four channels.
  /// @param rows three prepared rows, at the group that the first output reads
  template <output_form Form>
  [[gnu::always_inline]] static int8x16_t
  group(const unsigned char* const (&rows)[3], const int8x16_t (&weights)[3][vectors],
        int32x4_t bias, int32x4_t multiplier, int32x4_t shift) noexcept {
    constexpr output_numbers numbers = numbers_of(Step);
    int32x4_t sums[4] = {bias, bias, bias, bias};
    repeat<3>([&](auto ky) __attribute__((always_inline)) {
      const int8x16_t(&w)[vectors] = weights[ky];
      const int8x16_t first = load_bytes(rows[ky]);
      const int8x16_t second = load_bytes(rows[ky] + group_bytes);
      sums[0] = vdotq_s32(sums[0], first, w[0]);
      if constexpr (stride == 1) {
        sums[1] = vdotq_s32(sums[1], first, w[1]);
        sums[2] = vdotq_s32(sums[2], first, w[2]);
        sums[3] = vdotq_s32(sums[3], first, w[4]);
        sums[2] = vdotq_s32(sums[2], second, w[3]);
        sums[3] = vdotq_s32(sums[3], second, w[5]);
      } else {
        const int8x16_t third = load_bytes(rows[ky] + 2 * group_bytes);
        sums[1] = vdotq_s32(sums[1], first, w[1]);
        sums[2] = vdotq_s32(sums[2], second, w[0]);
        sums[1] = vdotq_s32(sums[1], second, w[2]);
        sums[3] = vdotq_s32(sums[3], second, w[1]);
        sums[3] = vdotq_s32(sums[3], third, w[2]);
      }
      settle(sums[0], sums[1], sums[2], sums[3]);
    });
    repeat<4>([&](auto i) __attribute__((always_inline)) {
      sums[i] = scale<Form>(sums[i], multiplier, shift, numbers);
    });
    return finish<Form>(place<Form>(sums[0], sums[1], numbers),
                        place<Form>(sums[2], sums[3], numbers), numbers);
  }

  template <output_form Form>
  [[gnu::noinline]] static void convolve(const unsigned char* const (&rows)[3],
                                         const unsigned char* block, unsigned char* out) noexcept {
    for (std::int32_t c = 0; c < channels; c += 4, block += depthwise_block_bytes<Isa>(Step)) {
      const auto* constants = reinterpret_cast<const std::int32_t*>(block);
      const int32x4_t bias = vld1q_s32(constants);
      const int32x4_t multiplier = vld1q_s32(constants + 4);
      const int32x4_t shift = vld1q_s32(constants + 8);
      int8x16_t weights[3][vectors];
      repeat<3 * vectors>([&](auto i) __attribute__((always_inline)) {
        weights[i / vectors][i % vectors] = load_bytes(block + 48 + 16 * i);
      });
      const unsigned char* from[3] = {rows[0] + 4 * c, rows[1] + 4 * c, rows[2] + 4 * c};
      unsigned char* to = out + c;
      for (std::int32_t x = 0; x + 4 <= width; x += 4, to += 4 * channels) {
        const int8x16_t made = group<Form>(from, weights, bias, multiplier, shift);
        repeat<4>([&](auto i) __attribute__((always_inline)) {
          store_4<i, true>(to + i * channels, made, 4);
          if constexpr (i < 3) {
            from[i] += stride * group_bytes;
          }
        });
      }
      if constexpr (width % 4 != 0) {
        const int8x16_t made = group<Form>(from, weights, bias, multiplier, shift);
        repeat<width % 4>([&](auto i) __attribute__((always_inline)) {
          store_4<i, true>(to + i * channels, made, 4);
        });
      }
    }
  }
};

} // namespace inlay::kernels::neon
#endif
