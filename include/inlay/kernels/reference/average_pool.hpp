// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/reference/elements.hpp>
#include <inlay/kernels/reference/window_rows.hpp>

namespace inlay::kernels::reference {

/// The mean of one channel over the part of one window that is inside the image, rounded half
/// away from zero.
template <step::average_pool Step, class Rows>
constexpr std::int32_t window_mean(const Rows& rows, std::int32_t x,
                                   std::int32_t channel) noexcept {
  constexpr auto step = Step;
  constexpr step::sliding_window window = step.window;
  std::int32_t sum = 0;
  std::int32_t count = 0;
  for (std::int32_t ky = 0; ky < window.kernel.height; ++ky) {
    if (!rows.has(ky)) {
      continue;
    }
    for (std::int32_t kx = 0; kx < window.kernel.width; ++kx) {
      const std::int32_t column = x * window.stride.width - window.padding_left + kx;
      if (column < 0 || column >= step.in.width) {
        continue;
      }
      sum += read<step.type>(rows[ky], std::int64_t{column} * step.in.channels + channel);
      ++count;
    }
  }
  if (count == 0) {
    return 0;
  }
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

/// One output row.
template <step::average_pool Step, class Rows>
constexpr void average_pool_row(const Rows& rows, unsigned char* output) noexcept {
  constexpr auto step = Step;
  std::int64_t to = 0;
  for (std::int32_t x = 0; x < step.out.width; ++x) {
    for (std::int32_t channel = 0; channel < step.out.channels; ++channel) {
      const std::int32_t mean = window_mean<Step>(rows, x, channel);
      write<step.type>(output, to++, clamp(mean, step.clamp.low, step.clamp.high));
    }
  }
}

/// AVERAGE_POOL_2D (tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h, and
/// reference/pooling.h for uint8, which is the same for sums that are not negative).
template <step::average_pool Step>
constexpr void average_pool(const arguments& given) noexcept {
  constexpr auto step = Step;
  for (std::int32_t y = 0; y < step.out.height; ++y) {
    average_pool_row<Step>(rows_at<Step>(given, y),
                           given.output + std::int64_t{y} * step.out.width * step.out.channels);
  }
}

} // namespace inlay::kernels::reference
