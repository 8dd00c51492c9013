// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/row_arguments.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::reference {

/// The rows of a whole image that a window at one height reads.
struct rows_of_image {
  const unsigned char* image = nullptr;
  std::int64_t row_bytes = 0;
  std::int32_t height = 0;
  /// The image's row under the window's first one.
  std::int32_t first = 0;
  std::int32_t dilation = 1;

  /// Whether the window's row `ky` is inside the image.
  [[nodiscard]] constexpr bool has(std::int32_t ky) const {
    const std::int32_t row = first + ky * dilation;
    return row >= 0 && row < height;
  }
  [[nodiscard]] constexpr const unsigned char* operator[](std::int32_t ky) const {
    return image + (first + ky * dilation) * row_bytes;
  }
};

/// The same, one address a row, null outside of the image.
struct rows_by_address {
  const unsigned char* const* rows = nullptr;

  [[nodiscard]] constexpr bool has(std::int32_t ky) const { return rows[ky] != nullptr; }
  [[nodiscard]] constexpr const unsigned char* operator[](std::int32_t ky) const {
    return rows[ky];
  }
};

/// The rows that a window at output row `y` of a whole image reads.
template <auto Step>
constexpr rows_of_image rows_at(const arguments& given, std::int32_t y) {
  constexpr auto step = Step;
  return {given.inputs[0], std::int64_t{step.in.width} * step.in.channels, step.in.height,
          y * step.window.stride.height - step.window.padding_top, step.window.dilation.height};
}

} // namespace inlay::kernels::reference
