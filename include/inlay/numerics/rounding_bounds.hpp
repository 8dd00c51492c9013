// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

// How arithmetic in single precision rounds, exactly as processors do it and also in constant
// expressions.

namespace inlay {

/// How a float becomes an integer. nearest_even: cvtps2dq, fcvtns; truncate: cvttps2dq, fcvtzs.
enum class conversion : std::uint8_t { nearest_even, truncate };

/// a * b + c, rounded once. The product of two floats is exact in double precision; the sum is
/// rounded to odd there, so that the second rounding, to single precision, sees which side it is
/// on.
constexpr float fused_multiply_add(float a, float b, float c) noexcept {
  const double product = static_cast<double>(a) * static_cast<double>(b);
  const auto addend = static_cast<double>(c);
  const double sum = product + addend;
  const double of_addend = sum - product;
  const double error = (product - (sum - of_addend)) + (addend - of_addend);
  const auto bits = std::bit_cast<std::uint64_t>(sum);
  if (error == 0 || (bits & 1) != 0) {
    return static_cast<float>(sum);
  }
  const bool away_from_zero = (error > 0) == (sum > 0);
  return static_cast<float>(std::bit_cast<double>(away_from_zero ? bits + 1 : bits - 1));
}

/// a * b + c by instructions: rounded once where they are fused, else twice.
template <bool Fused>
constexpr float multiply_add(float a, float b, float c) noexcept {
  if constexpr (Fused) {
    return fused_multiply_add(a, b, c);
  } else {
    float product = a * b;
    if (!std::is_constant_evaluated()) {
      __asm__("" : "+g"(product)); // or the compiler may fuse what follows
    }
    return product + c;
  }
}

/// The integer that a float of magnitude below 2^31 becomes.
template <conversion How>
constexpr std::int32_t to_integer(float value) noexcept {
  const auto truncated = static_cast<std::int32_t>(value);
  if constexpr (How == conversion::truncate) {
    return truncated;
  } else {
    const double rest = static_cast<double>(value) - truncated;
    const bool odd = (truncated & 1) != 0;
    const auto above = rest > 0.5 || (rest == 0.5 && odd) ? 1 : 0;
    const auto below = rest < -0.5 || (rest == -0.5 && odd) ? 1 : 0;
    return truncated + above - below;
  }
}

namespace detail {

template <conversion How>
constexpr std::array<double, 257> make_rounding_bounds() noexcept {
  std::array<double, 257> bounds{};
  for (int level = 1; level <= 256; ++level) {
    const bool odd = level % 2 != 0;
    const bool nearest = How == conversion::nearest_even;
    const double begin = nearest ? level - 0.5 : level;
    // Between a power of two and the next, floats lie 2^-23 of it apart; half of that goes up. An
    // odd level's half below is a tie that goes down, to the even one.
    const bool goes_down = nearest && odd;
    double power = 0.5;
    while (goes_down ? power * 2 <= begin : power * 2 < begin) {
      power *= 2;
    }
    const double half_a_step = (!goes_down && begin <= power ? power / 2 : power) * 0x1p-24;
    bounds[static_cast<std::size_t>(level)] = goes_down ? begin + half_a_step : begin - half_a_step;
  }
  return bounds;
}

} // namespace detail

/// For each level from 1 to 256, where a real number begins that is rounded to single precision
/// and then becomes `level` or more: no less than this, or just above it.
template <conversion How>
inline constexpr std::array<double, 257> rounding_bounds = detail::make_rounding_bounds<How>();

} // namespace inlay
