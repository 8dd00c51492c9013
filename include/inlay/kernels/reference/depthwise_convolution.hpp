// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/reference/convolution.hpp>

namespace inlay::kernels::reference {

/// The sum over one window of one channel of `rows`, before requantization: weights are {kernel
/// height, kernel width, outputs}; taps outside the image are left out.
template <step::depthwise_convolution Step, class Rows>
constexpr std::int32_t depthwise_sum(const Rows& rows, constant weights, std::int32_t x,
                                     std::int32_t channel) noexcept {
  constexpr auto step = Step;
  constexpr step::sliding_window window = step.window;
  std::uint32_t sum = 0;
  for (std::int32_t ky = 0; ky < window.kernel.height; ++ky) {
    if (!rows.has(ky)) {
      continue;
    }
    for (std::int32_t kx = 0; kx < window.kernel.width; ++kx) {
      const std::int32_t column =
          x * window.stride.width - window.padding_left + kx * window.dilation.width;
      if (column < 0 || column >= step.in.width) {
        continue;
      }
      const std::int64_t pixel = std::int64_t{column} * step.in.channels;
      const std::int64_t tap = (ky * window.kernel.width + kx) * std::int64_t{step.out.channels};
      sum += static_cast<std::uint32_t>(
          (read<step.type>(rows[ky], pixel + channel / step.multiplier) - step.input_zero_point) *
          (read<step.type>(weights.bytes, tap + channel) - step.weights_zero_point));
    }
  }
  return static_cast<std::int32_t>(sum);
}

/// One output row.
template <step::depthwise_convolution Step, class Rows, class Arguments>
constexpr void depthwise_convolution_row(const Rows& rows, const Arguments& given,
                                         unsigned char* output) noexcept {
  constexpr auto step = Step;
  std::int64_t to = 0;
  for (std::int32_t x = 0; x < step.out.width; ++x) {
    for (std::int32_t channel = 0; channel < step.out.channels; ++channel) {
      const std::int32_t sum = depthwise_sum<Step>(rows, given.weights, x, channel);
      write<step.type>(output, to++, requantized<Step>(given, sum, channel));
    }
  }
}

/// DEPTHWISE_CONV_2D
/// (tensorflow/lite/kernels/internal/reference/integer_ops/depthwise_conv.h).
template <step::depthwise_convolution Step>
constexpr void depthwise_convolution(const arguments& given) noexcept {
  constexpr auto step = Step;
  for (std::int32_t y = 0; y < step.out.height; ++y) {
    depthwise_convolution_row<Step>(rows_at<Step>(given, y), given,
                                    given.output +
                                        std::int64_t{y} * step.out.width * step.out.channels);
  }
}

} // namespace inlay::kernels::reference
