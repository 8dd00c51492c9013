// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/reference/elements.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/numerics/exponential.hpp>

namespace inlay::kernels::reference {

/// int8, in fixed point (tensorflow/lite/kernels/internal/reference/integer_ops/logistic.h with
/// the parameters of tensorflow/lite/micro/kernels/logistic_common.cc).
constexpr std::int32_t logistic_int8(std::int32_t value, quantization input) {
  const quantized_multiplier by = quantize_multiplier(static_cast<double>(input.scale) * (1 << 27));
  const std::int64_t radius = (std::int64_t{15} << 27) >> (by.shift > 0 ? by.shift : 0);
  const std::int32_t centered = value - input.zero_point;
  if (centered <= -radius) {
    return -128;
  }
  if (centered >= radius) {
    return 127;
  }
  return clamp(rounding_divide_by_pot(logistic_of(multiply(centered, by)), 23) - 128, -128, 127);
}

/// uint8, in single precision (PopulateLookupTable in tensorflow/lite/kernels/activations.cc).
constexpr std::int32_t logistic_uint8(std::int32_t value, quantization input) {
  const float real = input.scale * static_cast<float>(value - input.zero_point);
  const auto power = static_cast<float>(exponential(static_cast<double>(-real)));
  const float result = 1.0F / (1.0F + power);
  return clamp(round_to_int32(static_cast<double>(result * 256.0F)), 0, 255);
}

template <step::logistic Step>
inline constexpr auto logistic_table = [] {
  std::array<std::int16_t, 256> table{};
  for (std::int32_t value = lowest_of(Step.type); value <= highest_of(Step.type); ++value) {
    table[static_cast<std::size_t>(value - lowest_of(Step.type))] =
        static_cast<std::int16_t>(Step.type == element::int8 ? logistic_int8(value, Step.input)
                                                             : logistic_uint8(value, Step.input));
  }
  return table;
}();

/// LOGISTIC of each element by a table of all 256 results. May work in place.
template <step::logistic Step>
constexpr void logistic(const arguments& given, std::int64_t elements = Step.elements) noexcept {
  constexpr auto step = Step;
  for (std::int64_t i = 0; i < elements; ++i) {
    const std::int32_t value = read<step.type>(given.inputs[0], i);
    write<step.type>(given.output, i,
                     logistic_table<Step>[static_cast<std::size_t>(value - lowest_of(step.type))]);
  }
}

} // namespace inlay::kernels::reference
