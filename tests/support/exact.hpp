// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/fixed_point.hpp>

namespace inlay::test {

// The contract's arithmetic by schoolbook division on 128-bit integers.
using wide = __int128;

constexpr wide floor_divide(wide value, wide by) {
  const wide quotient = value / by;
  return value % by != 0 && (value < 0) != (by < 0) ? quotient - 1 : quotient;
}

/// value / 2^exponent, ties to the larger number.
constexpr wide divide_ties_up(wide value, int exponent) {
  const wide unit = wide{1} << exponent;
  return floor_divide(2 * value + unit, 2 * unit);
}

/// value / 2^exponent, ties away from zero.
constexpr wide divide_ties_away(wide value, int exponent) {
  return value < 0 ? -divide_ties_up(-value, exponent) : divide_ties_up(value, exponent);
}

constexpr std::int32_t low_32_bits(wide value) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
}

/// value * by, rounded twice.
constexpr std::int32_t multiply_exactly(std::int32_t value, quantized_multiplier by) {
  const std::int32_t shifted =
      by.shift > 0 ? low_32_bits(wide{value} * (wide{1} << by.shift)) : value;
  const bool saturates = shifted == INT32_MIN && by.mantissa == INT32_MIN;
  const wide product = saturates ? INT32_MAX : divide_ties_up(wide{shifted} * by.mantissa, 31);
  return static_cast<std::int32_t>(by.shift > 0 ? product : divide_ties_away(product, -by.shift));
}

} // namespace inlay::test
