// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/reference/elements.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::reference {

/// The sum over one window, before requantization: weights are {outputs, kernel height, kernel
/// width, inputs}; taps outside the image are left out.
template <step::convolution Step>
constexpr std::int32_t convolution_sum(const arguments& given, std::int32_t y, std::int32_t x,
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
      const unsigned char* pixel =
          given.inputs[0] + (std::int64_t{row} * step.in.width + column) * step.in.channels;
      const unsigned char* weights =
          given.weights.bytes +
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
template <auto Step>
constexpr std::int32_t requantized(const arguments& given, std::int32_t sum,
                                   std::int32_t channel) noexcept {
  constexpr auto step = Step;
  const auto index = static_cast<std::size_t>(channel);
  const std::int32_t bias = given.bias.empty() ? 0 : given.bias.at<std::int32_t>(index);
  const quantized_multiplier by = given.multipliers[step.per_channel ? index : 0];
  return clamp(wrapping_add(multiply(wrapping_add(sum, bias), by), step.output_zero_point),
               step.clamp.low, step.clamp.high);
}

/// CONV_2D and FULLY_CONNECTED (tensorflow/lite/kernels/internal/reference/integer_ops/conv.h).
template <step::convolution Step>
constexpr void convolution(const arguments& given) noexcept {
  constexpr auto step = Step;
  std::int64_t to = 0;
  for (std::int32_t y = 0; y < step.out.height; ++y) {
    for (std::int32_t x = 0; x < step.out.width; ++x) {
      for (std::int32_t channel = 0; channel < step.out.channels; ++channel) {
        const std::int32_t sum = convolution_sum<Step>(given, y, x, channel);
        write<step.type>(given.output, to++, requantized<Step>(given, sum, channel));
      }
    }
  }
}

} // namespace inlay::kernels::reference
