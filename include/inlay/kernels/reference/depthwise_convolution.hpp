// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/reference/convolution.hpp>

namespace inlay::kernels::reference {

/// The sum over one window of one channel, before requantization: weights are {kernel height,
/// kernel width, outputs}; taps outside the image are left out.
template <step::depthwise_convolution Step>
constexpr std::int32_t depthwise_sum(const arguments& given, std::int32_t y, std::int32_t x,
                                     std::int32_t channel) noexcept {
  constexpr auto step = Step;
  constexpr step::sliding_window window = step.window;
  std::uint32_t sum = 0;
  for (std::int32_t ky = 0; ky < window.kernel.height; ++ky) {
    const std::int32_t row =
        y * window.stride.height - window.padding_top + ky * window.dilation.height;
    if (row < 0 || row >= step.in.height) {
      continue;
    }
    for (std::int32_t kx = 0; kx < window.kernel.width; ++kx) {
      const std::int32_t column =
          x * window.stride.width - window.padding_left + kx * window.dilation.width;
      if (column < 0 || column >= step.in.width) {
        continue;
      }
      const std::int64_t pixel = (std::int64_t{row} * step.in.width + column) * step.in.channels;
      const std::int64_t tap = (ky * window.kernel.width + kx) * std::int64_t{step.out.channels};
      sum += static_cast<std::uint32_t>(
          (read<step.type>(given.inputs[0], pixel + channel / step.multiplier) -
           step.input_zero_point) *
          (read<step.type>(given.weights.bytes, tap + channel) - step.weights_zero_point));
    }
  }
  return static_cast<std::int32_t>(sum);
}

/// DEPTHWISE_CONV_2D
/// (tensorflow/lite/kernels/internal/reference/integer_ops/depthwise_conv.h).
template <step::depthwise_convolution Step>
constexpr void depthwise_convolution(const arguments& given) noexcept {
  constexpr auto step = Step;
  std::int64_t to = 0;
  for (std::int32_t y = 0; y < step.out.height; ++y) {
    for (std::int32_t x = 0; x < step.out.width; ++x) {
      for (std::int32_t channel = 0; channel < step.out.channels; ++channel) {
        const std::int32_t sum = depthwise_sum<Step>(given, y, x, channel);
        write<step.type>(given.output, to++, requantized<Step>(given, sum, channel));
      }
    }
  }
}

} // namespace inlay::kernels::reference
