// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/quantization.hpp>
#include <inlay/numerics/reachable_sums.hpp>

#include <cstdint>
#include <limits>

// What the reference does with a sum is a monotone step function with at most 256 steps. Here are
// the function and the sums at which its steps begin, found by undoing its two roundings.

namespace inlay {

/// How a channel's sums become outputs. Outputs are counted from the type's least value: level 0
/// is -128 in int8 and 0 in uint8.
struct requantization {
  quantized_multiplier by{};
  std::int32_t zero_point = 0;
  value_range clamp{};
  element type = element::int8;

  /// The reference's output: multiplier, zero point, clamp.
  [[nodiscard]] constexpr std::int32_t output(std::int32_t sum) const noexcept {
    return inlay::clamp(wrapping_add(multiply(sum, by), zero_point), clamp.low, clamp.high);
  }
  [[nodiscard]] constexpr std::int32_t level(std::int32_t sum) const noexcept {
    return output(sum) - lowest_of(type);
  }
  [[nodiscard]] constexpr std::int32_t lowest_level() const noexcept {
    return clamp.low - lowest_of(type);
  }
  [[nodiscard]] constexpr std::int32_t highest_level() const noexcept {
    return clamp.high - lowest_of(type);
  }

  /// Whether outputs lie on both sides of the zero point, where the reference's rounding of halves
  /// away from zero turns.
  [[nodiscard]] constexpr bool has_two_sides() const noexcept { return clamp.low < zero_point; }

  /// Whether no 32-bit operation wraps around for these sums, so that outputs grow with them.
  [[nodiscard]] constexpr bool is_monotone(reachable_sums sums) const noexcept {
    using limits = std::numeric_limits<std::int32_t>;
    const int left = by.shift > 0 ? by.shift : 0;
    if (left > 31 || sums.low < limits::min() >> left || sums.high > limits::max() >> left) {
      return false;
    }
    const auto is_whole = [&](std::int64_t sum) {
      const std::int64_t result =
          std::int64_t{multiply(static_cast<std::int32_t>(sum), by)} + zero_point;
      return result >= limits::min() && result <= limits::max();
    };
    return is_whole(sums.low) && is_whole(sums.high);
  }
};

namespace detail {

/// The dividend whose quotient by the mantissa, rounded up, is the least sum (times 2^shift if
/// the shift is to the left) that multiply() takes to `result` or more. False where that is
/// beyond 32 bits.
struct step_dividend {
  std::int64_t value = 0;
  bool fits = false;
};

constexpr step_dividend dividend_of(std::int32_t result, quantized_multiplier by) noexcept {
  const int right = by.shift > 0 ? 0 : -by.shift;
  // The division by 2^right rounds halves away from zero.
  std::int64_t product = std::int64_t{result} * (std::int64_t{1} << right);
  if (right > 0) {
    product -= (std::int64_t{1} << (right - 1)) - (result <= 0 ? 1 : 0);
  }
  using limits = std::numeric_limits<std::int32_t>;
  if (product < limits::min() || product > limits::max()) {
    return {product, false};
  }
  return {product * (std::int64_t{1} << 31) - (std::int64_t{1} << 30), true};
}

/// The same for the least magnitude of a negative sum that multiply() takes to -`magnitude` or
/// less.
constexpr step_dividend mirrored_dividend_of(std::int32_t magnitude,
                                             quantized_multiplier by) noexcept {
  const step_dividend least_above = dividend_of(1 - magnitude, by);
  return {1 - least_above.value, least_above.fits};
}

} // namespace detail

} // namespace inlay
