// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/reference/elements.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/numerics/exponential.hpp>

namespace inlay::kernels::reference {

/// exp(beta * scale * -index), no integer bits, for each difference from the maximum that counts.
template <step::softmax Step>
inline constexpr auto softmax_exponentials = [] {
  std::array<std::int32_t, 256> table{};
  for (std::int32_t difference = 0; difference > -256; --difference) {
    if (difference >= Step.least_difference) {
      table[static_cast<std::size_t>(-difference)] =
          exp_of_negative<5>(saturating_rounding_doubling_high_mul(
              wrapping_shift_left(difference, Step.multiplier.shift), Step.multiplier.mantissa));
    }
  }
  return table;
}();

/// SOFTMAX over each row (tensorflow/lite/kernels/internal/reference/softmax.h). May work in
/// place. The sum of exponentials has 12 integer bits.
template <step::softmax Step>
constexpr void softmax(const arguments& given) noexcept {
  constexpr auto step = Step;
  constexpr int sum_integer_bits = 12;
  constexpr std::int32_t lowest = lowest_of(step.type);
  constexpr auto& exponentials = softmax_exponentials<Step>;
  for (std::int32_t row = 0; row < step.rows; ++row) {
    const std::int64_t first = std::int64_t{row} * step.depth;
    std::int32_t highest = lowest;
    for (std::int64_t i = first; i < first + step.depth; ++i) {
      const std::int32_t value = read<step.type>(given.inputs[0], i);
      highest = value > highest ? value : highest;
    }
    std::uint32_t sum = 0;
    for (std::int64_t i = first; i < first + step.depth; ++i) {
      const std::int32_t difference = read<step.type>(given.inputs[0], i) - highest;
      sum += static_cast<std::uint32_t>(rounding_divide_by_pot(
          exponentials[static_cast<std::size_t>(-difference)], sum_integer_bits));
    }
    const reciprocal scale = reciprocal_of(static_cast<std::int32_t>(sum), sum_integer_bits);
    // From a sum of 512 on, which the reference does not allow for, all results are below a half.
    const int shift = scale.bits_over_unit + 31 - 8;
    for (std::int64_t i = first; i < first + step.depth; ++i) {
      const std::int32_t difference = read<step.type>(given.inputs[0], i) - highest;
      std::int32_t result = lowest;
      if (difference >= step.least_difference && shift <= 31) {
        const std::int32_t product = saturating_rounding_doubling_high_mul(
            scale.mantissa, exponentials[static_cast<std::size_t>(-difference)]);
        result += rounding_divide_by_pot(product, shift);
      }
      write<step.type>(given.output, i, clamp(result, lowest, highest_of(step.type)));
    }
  }
}

} // namespace inlay::kernels::reference
