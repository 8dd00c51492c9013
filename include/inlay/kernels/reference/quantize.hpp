// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/reference/elements.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::reference {

/// QUANTIZE between 8-bit types (tensorflow/lite/kernels/internal/reference/requantize.h). May
/// work in place.
template <step::requantize Step>
constexpr void requantize(const arguments& given, std::int64_t elements = Step.elements) noexcept {
  constexpr auto step = Step;
  constexpr quantized_multiplier by = step.multiplier;
  for (std::int64_t i = 0; i < elements; ++i) {
    const std::int32_t value = read<step.from>(given.inputs[0], i) - step.input_zero_point;
    const std::int32_t result = wrapping_add(multiply(value, by), step.output_zero_point);
    write<step.to>(given.output, i, clamp(result, lowest_of(step.to), highest_of(step.to)));
  }
}

/// QUANTIZE from float32 (tensorflow/lite/kernels/internal/reference/quantize.h): divides in
/// single precision and rounds half away from zero. Not-a-number becomes the lowest value.
template <step::quantize Step>
constexpr void quantize(const arguments& given, std::int64_t elements = Step.elements) noexcept {
  constexpr auto step = Step;
  for (std::int64_t i = 0; i < elements; ++i) {
    const auto real = load<float>(given.inputs[0] + i * 4) / step.output.scale;
    const std::int32_t result = round_to_int32(static_cast<double>(real)) + step.output.zero_point;
    write<step.to>(given.output, i, clamp(result, lowest_of(step.to), highest_of(step.to)));
  }
}

/// DEQUANTIZE to float32 (tensorflow/lite/kernels/internal/reference/dequantize.h): scale times
/// difference, in double precision, rounded to single.
template <step::dequantize Step>
constexpr void dequantize(const arguments& given, std::int64_t elements = Step.elements) noexcept {
  constexpr auto step = Step;
  for (std::int64_t i = 0; i < elements; ++i) {
    const std::int32_t value = read<step.from>(given.inputs[0], i) - step.input.zero_point;
    store(given.output + i * 4, static_cast<float>(static_cast<double>(step.input.scale) * value));
  }
}

} // namespace inlay::kernels::reference
