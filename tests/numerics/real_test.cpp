// SPDX-License-Identifier: Apache-2.0
#include "../support/random.hpp"

#include <inlay/numerics/real.hpp>

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace {

using inlay::test::random_source;
using limits = std::numeric_limits<double>;

void expect_parts(double value) {
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  const inlay::binary_parts parts = inlay::take_apart(value);
  ASSERT_EQ(std::ldexp(static_cast<double>(parts.mantissa), -53), fraction) << value;
  ASSERT_EQ(parts.exponent, exponent) << value;
}

TEST(take_apart, is_frexp) {
  random_source random(1);
  for (int i = 0; i < 200000; ++i) {
    expect_parts(random.any_positive());
  }
  for (double edge : {limits::denorm_min(), 2 * limits::denorm_min(), limits::min(),
                      std::nextafter(limits::min(), 0.0), limits::max(), 1.0, 0.5}) {
    expect_parts(edge);
  }
  EXPECT_EQ(inlay::take_apart(0).mantissa, 0U);
}

TEST(is_finite, knows_infinity_and_nan) {
  EXPECT_TRUE(inlay::is_finite(limits::max()) && inlay::is_finite(-limits::denorm_min()));
  EXPECT_FALSE(inlay::is_finite(limits::infinity()) || inlay::is_finite(-limits::infinity()));
  EXPECT_FALSE(inlay::is_finite(limits::quiet_NaN()));
}

void expect_rounded(double value) {
  const double limit = 1 << 30;
  const double expected = std::clamp(std::round(value), -limit, limit);
  ASSERT_EQ(inlay::round_to_int32(value), expected) << value;
}

TEST(round_to_int32, rounds_half_away_from_zero_within_its_limits) {
  random_source random(2);
  for (int i = 0; i < 100000; ++i) {
    expect_rounded(random.real(-300, 300));
    expect_rounded(random.real(-3e9, 3e9));
    const double tie = static_cast<double>(random.between(-(1 << 30), 1 << 30)) + 0.5;
    expect_rounded(tie);
    expect_rounded(std::nextafter(tie, limits::max()));
    expect_rounded(std::nextafter(tie, limits::lowest()));
  }
  for (double edge :
       {0.49999999999999994, -0.49999999999999994, 1073741823.5, -1073741823.5, 1073741824.0,
        -1073741824.0, limits::infinity(), -limits::infinity(), limits::max(), limits::lowest()}) {
    expect_rounded(edge);
  }
  EXPECT_EQ(inlay::round_to_int32(limits::quiet_NaN()), -(1 << 30));
}

TEST(exponential, is_exp_to_a_few_units_in_the_last_place) {
  random_source random(3);
  for (int i = 0; i < 200000; ++i) {
    const double x = i % 2 == 0 ? random.real(-690, 690) : random.real(-5, 5);
    ASSERT_NEAR(inlay::exponential(x) / std::exp(x), 1, 4 * limits::epsilon()) << x;
  }
  EXPECT_EQ(inlay::exponential(0), 1);
  EXPECT_EQ(inlay::exponential(701), limits::infinity());
  EXPECT_EQ(inlay::exponential(-701), 0);
}

} // namespace
