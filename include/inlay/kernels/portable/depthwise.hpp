// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/packed_depthwise.hpp>
#include <inlay/kernels/portable/requantize_rows.hpp>

#include <cstring>

// DEPTHWISE_CONV_2D 3x3 by rows: four channels of the rows that the kernel sees are staged as one
// plane a channel, with the zero point where the image ends, then each channel is summed up along
// the row with all of its weights in registers, and requantized.

namespace inlay::kernels::portable {

/// Columns that the windows of an output row see, padding included; even.
constexpr std::int32_t depthwise_columns(const convolution_shape& shape) noexcept {
  return ((shape.out_width - 1) * shape.stride + 4) / 2 * 2;
}

/// Where the parts of the scratch memory begin, in bytes.
template <class Core>
struct depthwise_scratch {
  std::size_t plane = 0;
  std::size_t weights = 0;
  std::size_t sums = 0;
  std::size_t bytes = 0;

  static constexpr depthwise_scratch of(const convolution_shape& shape) noexcept {
    depthwise_scratch made;
    made.plane = static_cast<std::size_t>(depthwise_columns(shape)) * 3 * sizeof(word) /
                 Core::elements_a_word;
    made.weights = 4 * made.plane;
    made.sums = made.weights + 4 * Core::depthwise_weights * sizeof(word);
    made.bytes = made.sums + static_cast<std::size_t>(shape.out_width + 1) * sizeof(std::int32_t);
    return made;
  }
};

/// Four channels at column `at` of a row: of the image, or the zero point.
inline word column_of(const convolution_shape& shape, const unsigned char* row, std::int32_t at,
                      word outside, std::int32_t channels) noexcept {
  if (row == nullptr || at < 0 || at >= shape.in_width) {
    return outside;
  }
  const unsigned char* const from = row + at * shape.in_channels;
  if (channels == 4) {
    return load_word(from);
  }
  word result = 0;
  for (std::int32_t c = 0; c < channels; ++c) {
    result |= word{from[c]} << (8 * c);
  }
  return result;
}

/// Stages four channels of all three rows.
template <class Core, element Type>
[[gnu::noinline]] void stage_planes(const convolution_shape& shape,
                                    const unsigned char* const* rows, std::int32_t channel,
                                    unsigned char* scratch) noexcept {
  const auto plane = static_cast<std::int32_t>(depthwise_scratch<Core>::of(shape).plane / 4);
  const std::int32_t columns = depthwise_columns(shape);
  const std::int32_t channels = shape.in_channels - channel < 4 ? shape.in_channels - channel : 4;
  const word outside =
      static_cast<word>(static_cast<unsigned char>(shape.input_zero_point)) * 0x01010101U;
  for (std::int32_t ky = 0; ky < 3; ++ky) {
    const unsigned char* const row = rows[ky] == nullptr ? nullptr : rows[ky] + channel;
    word* out = reinterpret_cast<word*>(scratch) + ky;
    std::int32_t at = -shape.padding_left;
    const std::int32_t end = at + columns;
    const auto stage_outside_of = [&](std::int32_t until) {
      for (; at < until; at += 2, out += Core::words_two_columns) {
        Core::template stage_columns<Type>(column_of(shape, row, at, outside, channels),
                                           column_of(shape, row, at + 1, outside, channels), plane,
                                           out);
      }
    };
    if (row == nullptr || channels < 4) {
      stage_outside_of(end);
      continue;
    }
    stage_outside_of(0);
    const unsigned char* from = row + at * shape.in_channels;
    const std::int32_t step = shape.in_channels;
    const std::int32_t inside = (end < shape.in_width ? end : shape.in_width) - 1;
    for (; at < inside; at += 2, from += 2 * step, out += Core::words_two_columns) {
      Core::template stage_columns<Type>(load_word(from), load_word(from + step), plane, out);
    }
    stage_outside_of(end);
  }
}

/// Four channels of one output row.
template <class Core, element Type>
[[gnu::noinline]] void depthwise_quad(const convolution_shape& shape,
                                      const unsigned char* const* rows, const unsigned char* packed,
                                      std::int32_t channel, unsigned char* scratch,
                                      unsigned char* out) noexcept {
  const auto places = depthwise_scratch<Core>::of(shape);
  const auto parts = packed_depthwise::of(shape.out_channels);
  stage_planes<Core, Type>(shape, rows, channel, scratch);
  const unsigned char* const weights =
      packed + parts.weights() + static_cast<std::size_t>(channel / 4) * packed_depthwise::taps * 4;
  word* const staged = reinterpret_cast<word*>(scratch + places.weights);
  Core::template stage_taps<Type>(weights, shape.weights_zero_point, staged);
  auto* const sums = reinterpret_cast<std::int32_t*>(scratch + places.sums);
  for (std::int32_t i = 0; i < 4 && channel + i < shape.out_channels; ++i) {
    const auto index = static_cast<std::size_t>(i);
    Core::sum_plane(reinterpret_cast<const word*>(scratch + index * places.plane),
                    staged + i * Core::depthwise_weights, shape, sums);
    const channel_constants constants = packed_channel(parts, packed, channel + i);
    const channel_row row{sums, 1, out + channel + i, shape.out_channels, shape.out_width};
    if ((constants.code & channel_constants::careful) != 0) {
      requantize_carefully<Type>(row, constants, shape.stage);
      continue;
    }
    with_requantization<Type>(shape.stage, [&]<requantization How>() {
      requantize_one<Core, Type, How>(row, constants, shape.stage);
    });
  }
}

/// One output row.
template <class Core, element Type>
[[gnu::noinline]] void depthwise_row(const convolution_shape& shape,
                                     const unsigned char* const* rows, const unsigned char* packed,
                                     unsigned char* scratch, unsigned char* out) noexcept {
  for (std::int32_t channel = 0; channel < shape.out_channels; channel += 4) {
    depthwise_quad<Core, Type>(shape, rows, packed, channel, scratch, out);
  }
}

} // namespace inlay::kernels::portable
