// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::reference {

/// One output row: `from` with its border, or border alone.
template <step::pad Step>
constexpr void pad_row(const unsigned char* from, bool inside, unsigned char* to) noexcept {
  constexpr auto step = Step;
  constexpr std::int32_t width = step.in.width + step.border.left + step.border.right;
  constexpr std::int32_t first = step.border.channels_before;
  constexpr std::int32_t channels = first + step.in.channels + step.border.channels_after;
  for (std::int32_t x = 0; x < width; ++x) {
    const bool column_inside =
        inside && x >= step.border.left && x < step.border.left + step.in.width;
    for (std::int32_t channel = 0; channel < channels; ++channel) {
      const bool copied = column_inside && channel >= first && channel < first + step.in.channels;
      *to++ = copied ? *from++ : static_cast<unsigned char>(step.fill);
    }
  }
}

/// PAD of height, width and channels.
template <step::pad Step>
constexpr void pad(const arguments& given) noexcept {
  constexpr auto step = Step;
  constexpr std::int32_t height = step.in.height + step.border.top + step.border.bottom;
  constexpr std::int64_t in_row = std::int64_t{step.in.width} * step.in.channels;
  constexpr std::int64_t out_row =
      std::int64_t{step.in.width + step.border.left + step.border.right} *
      (step.in.channels + step.border.channels_before + step.border.channels_after);
  for (std::int32_t y = 0; y < height; ++y) {
    const std::int32_t row = y - step.border.top;
    const bool inside = row >= 0 && row < step.in.height;
    pad_row<Step>(given.inputs[0] + (inside ? row * in_row : 0), inside,
                  given.output + y * out_row);
  }
}

} // namespace inlay::kernels::reference
