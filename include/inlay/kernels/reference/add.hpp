// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/reference/elements.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::reference {

/// One input of ADD in the scale that both share.
template <element Type>
constexpr std::int32_t addend(const unsigned char* tensor, std::int64_t index,
                              std::int32_t zero_point, quantized_multiplier by) noexcept {
  return multiply((read<Type>(tensor, index) - zero_point) * (1 << step::add::left_shift), by);
}

/// ADD (tensorflow/lite/kernels/internal/reference/integer_ops/add.h): three roundings. May work
/// in place of either input.
template <step::add Step>
constexpr void add(const arguments& given, std::int64_t elements = Step.elements) noexcept {
  constexpr auto step = Step;
  constexpr quantized_multiplier first = step.first_multiplier;
  constexpr quantized_multiplier second = step.second_multiplier;
  constexpr quantized_multiplier out = step.output_multiplier;
  for (std::int64_t i = 0; i < elements; ++i) {
    const std::int32_t sum =
        wrapping_add(addend<step.type>(given.inputs[0], i, step.first_zero_point, first),
                     addend<step.type>(given.inputs[1], i, step.second_zero_point, second));
    const std::int32_t result = wrapping_add(multiply(sum, out), step.output_zero_point);
    write<step.type>(given.output, i, clamp(result, step.clamp.low, step.clamp.high));
  }
}

} // namespace inlay::kernels::reference
