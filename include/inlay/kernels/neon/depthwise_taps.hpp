// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/neon/memory.hpp>
#include <inlay/kernels/neon/tile.hpp>

// Depthwise convolutions of windows that the kernels for 3x3 taps do not have: larger and dilated
// ones, and those with several outputs an input. Constants are a header and blocks of eight
// channels: biases, multipliers and shifts, then for each tap weights of 16 bits, less their zero
// point.

namespace inlay::kernels::neon {

constexpr std::int32_t taps_of(const step::depthwise_convolution& step) {
  return step.window.kernel.height * step.window.kernel.width;
}
constexpr std::int32_t taps_block_bytes(const step::depthwise_convolution& step) {
  return 3 * 32 + taps_of(step) * 16;
}
constexpr std::size_t depthwise_taps_bytes(const step::depthwise_convolution& step) {
  return header_bytes + static_cast<std::size_t>(step.out.channels / 8 * taps_block_bytes(step));
}

constexpr void pack_depthwise_taps(const step::depthwise_convolution& step,
                                   const layer_constants& layer, unsigned char* out) {
  const std::int32_t zero_point = step.weights_zero_point - offset_of(step.type);
  auto needed = requantization::narrow;
  for (std::int32_t channel = 0; channel < step.out.channels; ++channel) {
    unsigned char* block = out + header_bytes + channel / 8 * taps_block_bytes(step);
    const std::int32_t index = channel % 8;
    std::int32_t sum = 0;
    std::int64_t sizes = 0;
    for (std::int32_t tap = 0; tap < taps_of(step); ++tap) {
      const std::int64_t place = std::int64_t{tap} * step.out.channels + channel;
      const std::int32_t weight = signed_value(layer.weights.bytes[place], step.type) - zero_point;
      sum += weight;
      sizes += weight < 0 ? -weight : weight;
      store(block + 3 * 32 + (tap * 8 + index) * 2, static_cast<std::int16_t>(weight));
    }
    const channel_constants own = constants_of(step, layer, channel, sum);
    const auto its = requantization_of(own.by, greatest_sum(own.bias, sizes));
    needed = its > needed ? its : needed;
    store(block + index * 4, own.bias);
    store(block + 32 + index * 4, own.by.mantissa);
    store(block + 64 + index * 4, own.by.shift);
  }
  out[0] = static_cast<unsigned char>(needed);
}

#if defined(__ARM_NEON)

/// DEPTHWISE_CONV_2D tap by tap, eight channels at a time. Units are rows.
template <step::depthwise_convolution Step>
struct depthwise_taps {
  static constexpr taps_memory memory{Step};

  static void run(const arguments& given) noexcept {
    constexpr auto step = Step;
    std::memset(given.scratch, step.input_zero_point & 255, step.out.channels);
    for (std::int32_t y = given.units.first; y < given.units.last; ++y) {
      const unsigned char* rows[std::size_t{step.window.kernel.height}];
      read_rows(given, y, rows);
      unsigned char* to = given.output + std::int64_t{y} * step.out.width * step.out.channels;
      for (std::int32_t x = 0; x < step.out.width; ++x, to += step.out.channels) {
        make_pixel(given, rows, x, to);
      }
    }
  }

private:
  static constexpr std::int32_t taps = taps_of(Step);

  /// The rows that an output row reads, null outside of the image.
  static void read_rows(const arguments& given, std::int32_t y,
                        const unsigned char** rows) noexcept {
    constexpr auto step = Step;
    constexpr std::int32_t row_elements = step.in.width * step.in.channels;
    for (std::int32_t ky = 0; ky < step.window.kernel.height; ++ky) {
      const std::int32_t at = y * step.window.stride.height - step.window.padding_top +
                              ky * step.window.dilation.height;
      rows[ky] = nullptr;
      if (at >= 0 && at < step.in.height) {
        rows[ky] = given.inputs[0] + std::int64_t{at} * row_elements;
        if constexpr (step.multiplier > 1) {
          unsigned char* own = given.scratch + aligned(step.out.channels) + ky * memory.row_bytes;
          for (std::int32_t i = 0; i < row_elements; ++i) {
            std::memset(own + i * step.multiplier, rows[ky][i], step.multiplier);
          }
          rows[ky] = own;
        }
      }
    }
  }

  static void make_pixel(const arguments& given, const unsigned char* const* rows, std::int32_t x,
                         unsigned char* to) noexcept {
    constexpr auto step = Step;
    const unsigned char* from[std::size_t{taps}];
    for (std::int32_t tap = 0; tap < taps; ++tap) {
      const std::int32_t column = x * step.window.stride.width - step.window.padding_left +
                                  tap % step.window.kernel.width * step.window.dilation.width;
      const unsigned char* const row = rows[tap / step.window.kernel.width];
      const bool inside = row != nullptr && column >= 0 && column < step.in.width;
      from[tap] = inside ? row + std::int64_t{column} * step.out.channels : given.scratch;
    }
    const unsigned char* const blocks = given.packed + header_bytes;
    switch (static_cast<requantization>(given.packed[0])) {
    case requantization::narrow:
      make_channels<form_of(step, requantization::narrow)>(from, blocks, to);
      break;
    case requantization::wide:
      make_channels<form_of(step, requantization::wide)>(from, blocks, to);
      break;
    case requantization::general:
      make_channels<form_of(step, requantization::general)>(from, blocks, to);
      break;
    }
  }

  template <output_form Form>
  static void make_channels(const unsigned char* const* from, const unsigned char* block,
                            unsigned char* to) noexcept {
    constexpr auto step = Step;
    constexpr output_numbers numbers = numbers_of(step);
    for (std::int32_t c = 0; c < step.out.channels; c += 8, block += taps_block_bytes(step)) {
      const auto* constants = reinterpret_cast<const std::int32_t*>(block);
      int32x4_t low = vld1q_s32(constants);
      int32x4_t high = vld1q_s32(constants + 4);
      const auto* weights = reinterpret_cast<const std::int16_t*>(block + 3 * 32);
      for (std::int32_t tap = 0; tap < taps; ++tap, weights += 8) {
        const int8x8_t bytes = load_8_bytes(from[tap] + c);
        const int16x8_t x = vmovl_s8(step.type == element::uint8 ? flip(bytes) : bytes);
        const int16x8_t weight = vld1q_s16(weights);
        low = vmlal_s16(low, vget_low_s16(x), vget_low_s16(weight));
        high = multiply_add_high(high, x, weight);
      }
      const int16x8_t made = narrow_scaled<Form>(
          scale<Form>(low, vld1q_s32(constants + 8), vld1q_s32(constants + 16), numbers),
          scale<Form>(high, vld1q_s32(constants + 12), vld1q_s32(constants + 20), numbers));
      store_8(to + c, finish<Form>(made, numbers));
    }
  }
};

#endif

} // namespace inlay::kernels::neon
