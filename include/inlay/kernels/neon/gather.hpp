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

namespace detail {

/// How a row of a convolution's inputs is gathered.
struct gather_plan {
  /// Bytes of a row of taps, and of all of them.
  std::int32_t tap_row = 0;
  std::int32_t taken = 0;
  /// Output columns whose taps are all inside the image: [first_inside, last_inside).
  std::int32_t first_inside = 0;
  std::int32_t last_inside = 0;
  /// Of these the columns below vectors_end are copied by whole vectors: what is copied too much is
  /// inside the image, and in the next pixel's place or where weights are 0.
  std::int32_t vectors_end = 0;
};

inline constexpr std::int32_t gather_vector = 16;

constexpr gather_plan plan_gather(const step::convolution& step) {
  const step::sliding_window& window = step.window;
  const std::int32_t channels = step.in.channels;
  const std::int32_t stride = window.stride.width;
  const std::int32_t depth = depth_of(step);
  const std::int32_t room =
      step.in.width - 1 + window.padding_left - (window.kernel.width - 1) * window.dilation.width;
  gather_plan plan;
  plan.tap_row = window.kernel.width * channels;
  plan.taken = window.kernel.height * plan.tap_row;
  plan.first_inside = divide_up(window.padding_left, stride);
  plan.last_inside = room < 0 ? 0 : room / stride + 1;
  plan.vectors_end = plan.first_inside;
  const std::int32_t last = step.in.width * channels - gather_vector;
  if (window.dilation.width == 1 && plan.tap_row <= gather_vector && last >= 0 &&
      plan.taken - plan.tap_row + gather_vector <= 2 * depth &&
      step.weights_zero_point == offset_of(step.type)) {
    const std::int32_t end = (last / channels + window.padding_left) / stride + 1;
    const std::int32_t inside = end < plan.last_inside ? end : plan.last_inside;
    const std::int32_t not_last = inside < step.out.width ? inside : step.out.width - 1;
    plan.vectors_end = not_last > plan.first_inside ? not_last : plan.first_inside;
  }
  return plan;
}

} // namespace detail

/// Writes the inputs of each output pixel of row `y` one behind the other, depth_of(step) bytes a
/// pixel: taps outside the image are the zero point, what fills up is the signed zero, or anything
/// where weights have no zero point.
template <step::convolution Step>
[[gnu::noinline]] inline void gather_row(const unsigned char* image, std::int32_t y,
                                         unsigned char* to) noexcept {
  constexpr auto step = Step;
  constexpr step::sliding_window window = step.window;
  constexpr std::int32_t channels = step.in.channels;
  constexpr std::int32_t depth = depth_of(step);
  constexpr detail::gather_plan plan = detail::plan_gather(step);
  constexpr std::int32_t tap_row = plan.tap_row;
  constexpr std::int32_t row_bytes = step.in.width * channels;
  const std::int32_t top = y * window.stride.height - window.padding_top;

  // Columns [first_inside, done) are finished by vectors.
  std::int32_t done = plan.first_inside;
  if (plan.vectors_end > plan.first_inside && top >= 0 &&
      top + (window.kernel.height - 1) * window.dilation.height < step.in.height) {
    const unsigned char* from =
        image + std::int64_t{top} * row_bytes +
        (plan.first_inside * window.stride.width - window.padding_left) * channels;
    unsigned char* pixel = to + plan.first_inside * depth;
    for (; done < plan.vectors_end; ++done) {
      for (std::int32_t ky = 0; ky < window.kernel.height; ++ky) {
        std::memcpy(pixel + ky * tap_row, from + ky * window.dilation.height * row_bytes,
                    detail::gather_vector);
      }
      from += window.stride.width * channels;
      pixel += depth;
    }
  }
  for (std::int32_t x = 0; x < step.out.width; ++x) {
    if (x == plan.first_inside) {
      x = done;
    }
    const std::int32_t column = x * window.stride.width - window.padding_left;
    const bool inside =
        window.dilation.width == 1 && x >= plan.first_inside && x < plan.last_inside;
    unsigned char* taps = to + x * depth;
    for (std::int32_t ky = 0; ky < window.kernel.height; ++ky, taps += tap_row) {
      const std::int32_t row = top + ky * window.dilation.height;
      if (row < 0 || row >= step.in.height) {
        std::memset(taps, step.input_zero_point & 255, tap_row);
        continue;
      }
      const unsigned char* from = image + std::int64_t{row} * row_bytes;
      if (inside) {
        std::memcpy(taps, from + column * channels, tap_row);
        continue;
      }
      for (std::int32_t kx = 0; kx < window.kernel.width; ++kx) {
        const std::int32_t at = column + kx * window.dilation.width;
        if (at >= 0 && at < step.in.width) {
          std::memcpy(taps + kx * channels, from + at * channels, channels);
        } else {
          std::memset(taps + kx * channels, step.input_zero_point & 255, channels);
        }
      }
    }
    if constexpr (plan.taken < depth) {
      std::memset(taps, offset_of(step.type), depth - plan.taken);
    }
  }
}

} // namespace inlay::kernels::neon
