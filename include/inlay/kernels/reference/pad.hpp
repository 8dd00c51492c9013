// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::reference {

/// PAD of height, width and channels.
template <step::pad Step>
constexpr void pad(const arguments& given) noexcept {
  constexpr auto step = Step;
  constexpr std::int32_t height = step.in.height + step.border.top + step.border.bottom;
  constexpr std::int32_t width = step.in.width + step.border.left + step.border.right;
  constexpr std::int32_t first = step.border.channels_before;
  constexpr std::int32_t channels = first + step.in.channels + step.border.channels_after;
  const unsigned char* from = given.inputs[0];
  unsigned char* to = given.output;
  for (std::int32_t y = 0; y < height; ++y) {
    const bool row_inside = y >= step.border.top && y < step.border.top + step.in.height;
    for (std::int32_t x = 0; x < width; ++x) {
      const bool inside =
          row_inside && x >= step.border.left && x < step.border.left + step.in.width;
      for (std::int32_t channel = 0; channel < channels; ++channel) {
        const bool copied = inside && channel >= first && channel < first + step.in.channels;
        *to++ = copied ? *from++ : static_cast<unsigned char>(step.fill);
      }
    }
  }
}

} // namespace inlay::kernels::reference
