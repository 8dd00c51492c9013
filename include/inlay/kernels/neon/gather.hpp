// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/layout.hpp>

#include <cstring>

namespace inlay::kernels::neon {

/// Whether a convolution's sums run over the inputs of single pixels, as they lie in memory.
constexpr bool reads_pixels(const step::convolution& step) {
  return step.window.kernel == extent{1, 1} && step.window.stride == extent{1, 1} &&
         step.window.padding_top == 0 && step.window.padding_left == 0 && step.in.channels % 8 == 0;
}

/// Writes the inputs of each output pixel of row `y` one behind the other, depth_of(step) bytes a
/// pixel: taps outside the image are the zero point, what fills up is the signed zero.
template <step::convolution Step>
[[gnu::noinline]] inline void gather_row(const unsigned char* image, std::int32_t y,
                                         unsigned char* to) noexcept {
  constexpr auto step = Step;
  constexpr step::sliding_window window = step.window;
  constexpr std::int32_t channels = step.in.channels;
  constexpr std::int32_t tap_row = window.kernel.width * channels;
  constexpr std::int32_t depth = depth_of(step);
  constexpr std::int32_t taken = window.kernel.height * tap_row;
  // Output columns whose taps are all inside: [first_inside, last_inside).
  constexpr std::int32_t reach = (window.kernel.width - 1) * window.dilation.width;
  constexpr std::int32_t first_inside =
      (window.padding_left + window.stride.width - 1) / window.stride.width;
  constexpr std::int32_t room = step.in.width - 1 - reach + window.padding_left;
  constexpr std::int32_t last_inside = room < 0 ? 0 : room / window.stride.width + 1;

  if constexpr (taken < depth) {
    for (std::int32_t x = 0; x < step.out.width; ++x) {
      std::memset(to + x * depth + taken, offset_of(step.type), depth - taken);
    }
  }
  for (std::int32_t ky = 0; ky < window.kernel.height; ++ky, to += tap_row) {
    const std::int32_t row =
        y * window.stride.height - window.padding_top + ky * window.dilation.height;
    if (row < 0 || row >= step.in.height) {
      for (std::int32_t x = 0; x < step.out.width; ++x) {
        std::memset(to + x * depth, step.input_zero_point & 255, tap_row);
      }
      continue;
    }
    const unsigned char* from = image + std::int64_t{row} * step.in.width * channels;
    for (std::int32_t x = 0; x < step.out.width; ++x) {
      const std::int32_t column = x * window.stride.width - window.padding_left;
      if (window.dilation.width == 1 && x >= first_inside && x < last_inside) {
        std::memcpy(to + x * depth, from + column * channels, tap_row);
        continue;
      }
      for (std::int32_t kx = 0; kx < window.kernel.width; ++kx) {
        const std::int32_t at = column + kx * window.dilation.width;
        unsigned char* tap = to + x * depth + kx * channels;
        if (at >= 0 && at < step.in.width) {
          std::memcpy(tap, from + at * channels, channels);
        } else {
          std::memset(tap, step.input_zero_point & 255, channels);
        }
      }
    }
  }
}

} // namespace inlay::kernels::neon
