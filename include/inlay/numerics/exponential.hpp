// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/fixed_point.hpp>

#include <array>
#include <bit>
#include <cstddef>

// Fixed-point exponential, reciprocal and logistic function, equal to gemmlowp's
// (fixedpoint/fixedpoint.h), on which TensorFlow Lite's SOFTMAX and LOGISTIC stand. A number with
// I integer bits is raw / 2^(31 - I).

namespace inlay {

/// exp(a) for a in [-1/4, 0), 0 integer bits in and out: a Taylor polynomial around -1/8.
constexpr std::int32_t exp_on_last_quarter(std::int32_t a) {
  constexpr std::int32_t exp_of_minus_eighth = 1895147668;
  constexpr std::int32_t third = 715827883;
  constexpr auto times = saturating_rounding_doubling_high_mul;
  const std::int32_t x = a + (1 << 28);
  const std::int32_t x2 = times(x, x);
  const std::int32_t x3 = times(x2, x);
  const std::int32_t x4_over_4 = rounding_divide_by_pot(times(x2, x2), 2);
  const std::int32_t tail = rounding_divide_by_pot(times(x4_over_4 + x3, third) + x2, 1);
  return exp_of_minus_eighth + times(exp_of_minus_eighth, x + tail);
}

/// exp(a) for a <= 0 with IntegerBits integer bits (at most 5); the result has none.
template <int IntegerBits>
constexpr std::int32_t exp_of_negative(std::int32_t a) {
  static_assert(IntegerBits >= 0 && IntegerBits <= 5);
  if (a == 0) {
    return std::numeric_limits<std::int32_t>::max();
  }
  constexpr int fractional_bits = 31 - IntegerBits;
  constexpr std::int32_t quarter = 1 << (fractional_bits - 2);
  const std::int32_t in_last_quarter = (a & (quarter - 1)) - quarter;
  std::int32_t result = exp_on_last_quarter(saturating_shift_left(in_last_quarter, IntegerBits));
  // exp(-2^k) for k = -2 ... 4: what remains of a is a sum of such powers.
  constexpr std::array<std::int32_t, 7> factors{1672461947, 1302514674, 790015084, 290630308,
                                                39332535,   720401,     242};
  const std::int32_t remainder = in_last_quarter - a;
  std::int32_t bit = quarter;
  for (std::size_t k = 0; k < IntegerBits + 2; ++k, bit <<= 1) {
    if ((remainder & bit) != 0) {
      result = saturating_rounding_doubling_high_mul(result, factors[k]);
    }
  }
  return result;
}

/// 1 / (1 + x) for x in [0, 1), 0 integer bits in and out: three Newton-Raphson steps.
constexpr std::int32_t one_over_one_plus(std::int32_t x) {
  constexpr std::int32_t one = std::numeric_limits<std::int32_t>::max();
  constexpr std::int32_t one_with_2_integer_bits = 1 << 29;
  constexpr std::int32_t forty_eight_over_17 = 1515870810;
  constexpr std::int32_t minus_32_over_17 = -1010580540;
  constexpr auto times = saturating_rounding_doubling_high_mul;
  const auto half_denominator = static_cast<std::int32_t>((std::int64_t{x} + one + 1) / 2);
  std::int32_t estimate = forty_eight_over_17 + times(half_denominator, minus_32_over_17);
  for (int step = 0; step < 3; ++step) {
    const std::int32_t error = one_with_2_integer_bits - times(half_denominator, estimate);
    estimate = wrapping_add(estimate, saturating_shift_left(times(estimate, error), 2));
  }
  return saturating_shift_left(estimate, 1);
}

/// 1 / (1 + exp(-a)) for a with 4 integer bits; the result has none.
constexpr std::int32_t logistic_of(std::int32_t a) {
  constexpr std::int32_t one = std::numeric_limits<std::int32_t>::max();
  if (a == 0) {
    return 1 << 30;
  }
  const std::int32_t of_absolute = one_over_one_plus(exp_of_negative<4>(a > 0 ? -a : a));
  return a > 0 ? of_absolute : one - of_absolute;
}

/// 1 / sum as mantissa and shift: the mantissa has no integer bits and is 1 / (sum / 2^k - 1 + 1)
/// where 2^k is sum's leading power of two; `bits_over_unit` is sum's magnitude beyond 1.
struct reciprocal {
  std::int32_t mantissa = 0;
  int bits_over_unit = 0;
};

/// The reciprocal of a positive sum with `integer_bits` integer bits (GetReciprocal in
/// tensorflow/lite/kernels/internal/common.h).
constexpr reciprocal reciprocal_of(std::int32_t sum, int integer_bits) {
  const auto bits = static_cast<std::uint32_t>(sum);
  const int headroom = std::countl_zero(bits);
  const auto fraction = static_cast<std::int32_t>((bits << headroom) - (std::uint32_t{1} << 31));
  return {one_over_one_plus(fraction), integer_bits - headroom};
}

} // namespace inlay
