// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/reference/elements.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::reference {

/// MEAN over height and width (tensorflow/lite/kernels/internal/reference/reduce.h).
template <step::mean Step>
constexpr void mean(const arguments& given) noexcept {
  constexpr auto step = Step;
  constexpr quantized_multiplier by = step.multiplier;
  constexpr std::int64_t pixels = std::int64_t{step.in.height} * step.in.width;
  for (std::int32_t channel = 0; channel < step.in.channels; ++channel) {
    std::uint32_t sum = 0;
    for (std::int64_t pixel = 0; pixel < pixels; ++pixel) {
      sum += static_cast<std::uint32_t>(
          read<step.type>(given.inputs[0], pixel * step.in.channels + channel) -
          step.input_zero_point);
    }
    const std::int32_t result =
        wrapping_add(multiply(static_cast<std::int32_t>(sum), by), step.output_zero_point);
    write<step.type>(given.output, channel,
                     clamp(result, lowest_of(step.type), highest_of(step.type)));
  }
}

} // namespace inlay::kernels::reference
