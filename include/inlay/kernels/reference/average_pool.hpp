// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/reference/elements.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::reference {

/// The mean of one channel over the part of one window that is inside the image, rounded half
/// away from zero.
template <step::average_pool Step>
constexpr std::int32_t window_mean(const arguments& given, std::int32_t y, std::int32_t x,
                                   std::int32_t channel) noexcept {
  constexpr auto step = Step;
  constexpr step::sliding_window window = step.window;
  std::int32_t sum = 0;
  std::int32_t count = 0;
  for (std::int32_t ky = 0; ky < window.kernel.height; ++ky) {
    const std::int32_t row = y * window.stride.height - window.padding_top + ky;
    if (row < 0 || row >= step.in.height) {
      continue;
    }
    for (std::int32_t kx = 0; kx < window.kernel.width; ++kx) {
      const std::int32_t column = x * window.stride.width - window.padding_left + kx;
      if (column < 0 || column >= step.in.width) {
        continue;
      }
      sum += read<step.type>(given.inputs[0],
                             (std::int64_t{row} * step.in.width + column) * step.in.channels +
                                 channel);
      ++count;
    }
  }
  if (count == 0) {
    return 0;
  }
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

/// AVERAGE_POOL_2D (tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h, and
/// reference/pooling.h for uint8, which is the same for sums that are not negative).
template <step::average_pool Step>
constexpr void average_pool(const arguments& given) noexcept {
  constexpr auto step = Step;
  std::int64_t to = 0;
  for (std::int32_t y = 0; y < step.out.height; ++y) {
    for (std::int32_t x = 0; x < step.out.width; ++x) {
      for (std::int32_t channel = 0; channel < step.out.channels; ++channel) {
        const std::int32_t mean = window_mean<Step>(given, y, x, channel);
        write<step.type>(given.output, to++, clamp(mean, step.clamp.low, step.clamp.high));
      }
    }
  }
}

} // namespace inlay::kernels::reference
