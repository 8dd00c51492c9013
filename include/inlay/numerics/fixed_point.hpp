// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/real.hpp>

#include <bit>
#include <cstdint>
#include <limits>

// The integer arithmetic of TensorFlow Lite's reference kernels, with double rounding
// (tensorflow/lite/kernels/internal/common.h without TFLITE_SINGLE_ROUNDING; gemmlowp's
// fixedpoint.h). Sums and shifts that leave 32 bits wrap around, as they do there in practice.

namespace inlay {

/// A positive real number mantissa * 2^(shift - 31), where mantissa is 0 or in [2^30, 2^31).
struct quantized_multiplier {
  std::int32_t mantissa = 0;
  std::int32_t shift = 0;

  friend constexpr bool operator==(const quantized_multiplier&,
                                   const quantized_multiplier&) = default;
};

/// The real number that a multiplier stands for, exactly.
constexpr double real_of(quantized_multiplier by) {
  const int exponent = by.shift - 31 + 1023;
  return by.mantissa * std::bit_cast<double>(static_cast<std::uint64_t>(exponent) << 52);
}

/// The nearest quantized_multiplier; what is below 2^-32 becomes 0.
constexpr quantized_multiplier quantize_multiplier(double real) {
  if (!(real > 0)) {
    return {};
  }
  const binary_parts parts = take_apart(real);
  auto mantissa = static_cast<std::int64_t>((parts.mantissa + (std::uint64_t{1} << 21)) >> 22);
  int shift = parts.exponent;
  if (mantissa == std::int64_t{1} << 31) {
    mantissa /= 2;
    ++shift;
  }
  if (shift < -31) {
    return {};
  }
  return {static_cast<std::int32_t>(mantissa), shift};
}

constexpr std::int32_t wrapping_add(std::int32_t a, std::int32_t b) noexcept {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
}

constexpr std::int32_t wrapping_shift_left(std::int32_t value, int bits) noexcept {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(value) << bits);
}

constexpr std::int32_t clamp(std::int32_t value, std::int32_t low, std::int32_t high) noexcept {
  return value < low ? low : value > high ? high : value;
}

/// round(a * b / 2^31), ties up; saturates for a = b = -2^31 only.
constexpr std::int32_t saturating_rounding_doubling_high_mul(std::int32_t a,
                                                             std::int32_t b) noexcept {
  constexpr std::int32_t lowest = std::numeric_limits<std::int32_t>::min();
  if (a == lowest && b == lowest) {
    return std::numeric_limits<std::int32_t>::max();
  }
  // gemmlowp adds 2^30 or 1 - 2^30 by the sign of the product and then divides, truncating:
  // the same as adding 2^30 and shifting.
  return static_cast<std::int32_t>((std::int64_t{a} * b + (std::int64_t{1} << 30)) >> 31);
}

/// round(value / 2^exponent), ties away from zero; exponent in [0, 31].
constexpr std::int32_t rounding_divide_by_pot(std::int32_t value, int exponent) noexcept {
  const auto mask = static_cast<std::int32_t>((std::int64_t{1} << exponent) - 1);
  const std::int32_t remainder = value & mask;
  const std::int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

/// TFLite's MultiplyByQuantizedMultiplier: value times the multiplier, rounded twice.
constexpr std::int32_t multiply(std::int32_t value, quantized_multiplier by) noexcept {
  const int left = by.shift > 0 ? by.shift : 0;
  const int right = by.shift > 0 ? 0 : -by.shift;
  return rounding_divide_by_pot(
      saturating_rounding_doubling_high_mul(wrapping_shift_left(value, left), by.mantissa), right);
}

/// value * 2^exponent, exponent >= 0, saturating.
constexpr std::int32_t saturating_shift_left(std::int32_t value, int exponent) noexcept {
  const std::int64_t wide = std::int64_t{value} << exponent;
  constexpr std::int64_t lowest = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(wide < lowest ? lowest : wide > highest ? highest : wide);
}

} // namespace inlay
