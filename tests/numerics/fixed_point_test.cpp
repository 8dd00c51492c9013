// SPDX-License-Identifier: Apache-2.0
#include "../support/exact.hpp"
#include "../support/random.hpp"

#include <inlay/numerics/fixed_point.hpp>

#include <cmath>
#include <gtest/gtest.h>

// Every function against schoolbook arithmetic on 128-bit integers.

namespace {

using namespace inlay::test;

TEST(fixed_point, high_mul_is_the_product_over_2_to_the_31_ties_up) {
  random_source random(1);
  for (int i = 0; i < 400000; ++i) {
    const std::int32_t a = random.any_int32();
    const std::int32_t b = random.any_int32();
    const wide expected =
        a == INT32_MIN && b == INT32_MIN ? INT32_MAX : divide_ties_up(wide{a} * b, 31);
    ASSERT_EQ(inlay::saturating_rounding_doubling_high_mul(a, b), expected) << a << " * " << b;
  }
}

TEST(fixed_point, divide_by_pot_rounds_ties_away_from_zero) {
  random_source random(2);
  for (int exponent = 0; exponent <= 31; ++exponent) {
    for (int i = 0; i < 20000; ++i) {
      std::int32_t value = random.any_int32();
      if (exponent > 0 && i % 4 == 0) { // a tie, or one beside it
        const std::int64_t half = std::int64_t{1} << (exponent - 1);
        value = low_32_bits((wide{value} >> exponent << exponent) + half + random.between(-1, 1));
      }
      ASSERT_EQ(inlay::rounding_divide_by_pot(value, exponent), divide_ties_away(value, exponent))
          << value << " / 2^" << exponent;
    }
  }
}

TEST(fixed_point, multiply_rounds_twice) {
  random_source random(3);
  for (int i = 0; i < 400000; ++i) {
    const auto mantissa = random.one_in(8)   ? 0
                          : random.one_in(8) ? INT32_MAX
                                             : random.between(1 << 30, INT32_MAX);
    const inlay::quantized_multiplier by{static_cast<std::int32_t>(mantissa),
                                         static_cast<std::int32_t>(random.between(-31, 30))};
    const std::int32_t value = random.any_int32();
    ASSERT_EQ(inlay::multiply(value, by), multiply_exactly(value, by))
        << value << " * " << by.mantissa << " shift " << by.shift;
  }
}

// Where one rounding and two differ: just below a tie.
constexpr inlay::quantized_multiplier two_to_minus_30{1 << 30, -29};
static_assert(inlay::multiply(1 << 29, two_to_minus_30) == 1, "1/2 is rounded away from zero");
static_assert(inlay::multiply(-(1 << 29), two_to_minus_30) == -1);
static_assert(inlay::multiply((1 << 29) - 1, two_to_minus_30) == 1,
              "the first rounding makes a tie of it, the second rounds that up");
static_assert(inlay::multiply((1 << 29) - 2, two_to_minus_30) == 0);

TEST(fixed_point, double_rounding_differs_from_single_rounding_by_at_most_one) {
  random_source random(4);
  int different = 0;
  for (int i = 0; i < 200000; ++i) {
    const inlay::quantized_multiplier by{
        static_cast<std::int32_t>(random.between(1 << 30, INT32_MAX)),
        static_cast<std::int32_t>(random.between(-12, -1))};
    const auto value = static_cast<std::int32_t>(random.between(-200000, 200000));
    const wide once = divide_ties_up(wide{value} * by.mantissa, 31 - by.shift);
    const wide twice = inlay::multiply(value, by);
    ASSERT_LE(once - twice, 1);
    ASSERT_LE(twice - once, 1);
    different += once == twice ? 0 : 1;
  }
  EXPECT_GT(different, 0);
}

void expect_nearest(double real) {
  int exponent = 0;
  const double fraction = std::frexp(real, &exponent);
  auto mantissa = static_cast<std::int64_t>(std::round(std::ldexp(fraction, 31)));
  if (mantissa == std::int64_t{1} << 31) {
    mantissa = std::int64_t{1} << 30;
    ++exponent;
  }
  const bool vanishes = exponent < -31;
  const auto found = inlay::quantize_multiplier(real);
  ASSERT_EQ(found.mantissa, vanishes ? 0 : mantissa) << real;
  ASSERT_EQ(found.shift, vanishes ? 0 : exponent) << real;
}

TEST(quantize_multiplier, is_the_nearest_31_bit_fraction) {
  random_source random(5);
  for (int i = 0; i < 300000; ++i) {
    expect_nearest(random.any_positive());
    expect_nearest(std::ldexp(random.real(0.5, 1), static_cast<int>(random.between(-40, 40))));
  }
}

TEST(quantize_multiplier, carries_into_the_exponent_below_a_power_of_two) {
  for (int exponent = -40; exponent < 40; ++exponent) {
    const double power = std::ldexp(1.0, exponent);
    double below = power;
    double above = power;
    for (int steps = 0; steps < 3; ++steps) {
      expect_nearest(below);
      expect_nearest(above);
      below = std::nextafter(below, 0.0);
      above = std::nextafter(above, 2 * power);
    }
    expect_nearest(std::ldexp(1 - std::ldexp(1.0, -32), exponent));
    expect_nearest(std::ldexp(1 - 3 * std::ldexp(1.0, -33), exponent));
  }
}

TEST(quantize_multiplier, gives_zero_for_what_is_not_positive) {
  const inlay::quantized_multiplier zero{};
  EXPECT_EQ(inlay::quantize_multiplier(0.0), zero);
  EXPECT_EQ(inlay::quantize_multiplier(-0.5), zero);
  EXPECT_EQ(inlay::quantize_multiplier(std::nan("")), zero);
  EXPECT_EQ(inlay::quantize_multiplier(std::numeric_limits<double>::denorm_min()), zero);
}

TEST(fixed_point, shifts_left_saturating_or_wrapping) {
  random_source random(6);
  for (int i = 0; i < 100000; ++i) {
    const std::int32_t value = random.any_int32();
    const auto bits = static_cast<int>(random.between(0, 31));
    const wide exact = wide{value} * (wide{1} << bits);
    const wide saturated = exact < INT32_MIN ? INT32_MIN : exact > INT32_MAX ? INT32_MAX : exact;
    ASSERT_EQ(inlay::saturating_shift_left(value, bits), saturated);
    ASSERT_EQ(inlay::wrapping_shift_left(value, bits), low_32_bits(exact));
    const std::int32_t other = random.any_int32();
    ASSERT_EQ(inlay::wrapping_add(value, other), low_32_bits(wide{value} + other));
  }
}

} // namespace
