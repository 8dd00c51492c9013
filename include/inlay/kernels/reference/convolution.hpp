// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/reference/elements.hpp>
#include <inlay/kernels/reference/window_rows.hpp>

namespace inlay::kernels::reference {

/// The sum over one window of `rows`, before requantization: weights are {outputs, kernel height,
/// kernel width, inputs}; taps outside the image are left out.
template <step::convolution Step, class Rows>
constexpr std::int32_t convolution_sum(const Rows& rows, constant filters, std::int32_t x,
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
      const unsigned char* pixel = rows[ky] + std::int64_t{column} * step.in.channels;
      const unsigned char* weights =
          filters.bytes +
          ((std::int64_t{channel} * window.kernel.height + ky) * window.kernel.width + kx) *
              step.in.channels;
      for (std::int32_t c = 0; c < step.in.channels; ++c) {
        sum += static_cast<std::uint32_t>((read<step.type>(pixel, c) - step.input_zero_point) *
                                          (read<step.type>(weights, c) - step.weights_zero_point));
      }
    }
  }
  return static_cast<std::int32_t>(sum);
}

/// A sum becomes an output: bias, multiplier, zero point, clamp.
template <auto Step, class Arguments>
constexpr std::int32_t requantized(const Arguments& given, std::int32_t sum,
                                   std::int32_t channel) noexcept {
  constexpr auto step = Step;
  const auto index = static_cast<std::size_t>(channel);
  const constant biases = given.bias;
  const std::int32_t bias = biases.empty() ? 0 : biases.at<std::int32_t>(index);
  const quantized_multiplier by = given.multipliers[step.per_channel ? index : 0];
  return clamp(wrapping_add(multiply(wrapping_add(sum, bias), by), step.output_zero_point),
               step.clamp.low, step.clamp.high);
}

/// One output row.
template <step::convolution Step, class Rows, class Arguments>
constexpr void convolution_row(const Rows& rows, const Arguments& given,
                               unsigned char* output) noexcept {
  constexpr auto step = Step;
  std::int64_t to = 0;
  for (std::int32_t x = 0; x < step.out.width; ++x) {
    for (std::int32_t channel = 0; channel < step.out.channels; ++channel) {
      const std::int32_t sum = convolution_sum<Step>(rows, given.weights, x, channel);
      write<step.type>(output, to++, requantized<Step>(given, sum, channel));
    }
  }
}

/// CONV_2D and FULLY_CONNECTED (tensorflow/lite/kernels/internal/reference/integer_ops/conv.h).
template <step::convolution Step>
constexpr void convolution(const arguments& given) noexcept {
  constexpr auto step = Step;
  for (std::int32_t y = 0; y < step.out.height; ++y) {
    convolution_row<Step>(rows_at<Step>(given, y), given,
                          given.output + std::int64_t{y} * step.out.width * step.out.channels);
  }
}

} // namespace inlay::kernels::reference
