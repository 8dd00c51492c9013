// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace inlay {

/// A finite, positive double taken apart exactly: value = mantissa / 2^53 * 2^exponent, where
/// mantissa is in [2^52, 2^53), so that mantissa / 2^53 is in [0.5, 1) as std::frexp has it.
struct binary_parts {
  std::uint64_t mantissa = 0;
  int exponent = 0;
};

/// std::frexp for constant expressions (it is not constexpr before C++23). Zero gives {0, 0}.
constexpr binary_parts take_apart(double positive) {
  constexpr std::uint64_t hidden_bit = std::uint64_t{1} << 52;
  const auto bits = std::bit_cast<std::uint64_t>(positive);
  std::uint64_t mantissa = bits & (hidden_bit - 1);
  int exponent = static_cast<int>(bits >> 52 & 0x7FF);
  if (exponent == 0) {
    if (mantissa == 0) {
      return {};
    }
    const int shift = std::countl_zero(mantissa) - 11;
    mantissa <<= shift;
    exponent = 1 - shift;
  } else {
    mantissa |= hidden_bit;
  }
  return {mantissa, exponent - 1022};
}

/// Neither infinite nor NaN.
constexpr bool is_finite(double value) {
  return (std::bit_cast<std::uint64_t>(value) >> 52 & 0x7FF) != 0x7FF;
}

/// std::round (half away from zero), limited to [-2^30, 2^30].
constexpr std::int32_t round_to_int32(double value) {
  constexpr double limit = 1 << 30;
  if (!(value > -limit)) {
    return -(1 << 30);
  }
  if (value >= limit) {
    return 1 << 30;
  }
  const auto truncated = static_cast<std::int32_t>(value);
  const double rest = value - truncated;
  return truncated + (rest >= 0.5 ? 1 : 0) - (rest <= -0.5 ? 1 : 0);
}

/// std::exp for constant expressions, to within a few units in the last place of a double.
constexpr double exponential(double x) {
  constexpr double ln2_high = 0x1.62e42fee00000p-1;
  constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  if (x > 700) {
    return std::bit_cast<double>(std::uint64_t{0x7FF} << 52);
  }
  if (!(x > -700)) {
    return 0;
  }
  const std::int32_t power = round_to_int32(x * 1.4426950408889634);
  const double rest = x - power * ln2_high - power * ln2_low;
  double sum = 1;
  for (int term = 18; term > 0; --term) {
    sum = 1 + sum * rest / term;
  }
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(power + 1023) << 52);
}

} // namespace inlay
