// SPDX-License-Identifier: Apache-2.0
#include "../support/random.hpp"

#include <inlay/numerics/exponential.hpp>

#include <cmath>
#include <gtest/gtest.h>

// gemmlowp's functions against <cmath>, within what their polynomial leaves out: the next term of
// the Taylor series around -1/8, (1/8)^5 / 5!. The bits themselves are held by the corpus, whose
// softmax and logistic models another implementation computed.

namespace {

using inlay::test::random_source;

double real(std::int32_t raw, int integer_bits) {
  return std::ldexp(static_cast<double>(raw), integer_bits - 31);
}

constexpr double tolerance = 1.0 / 32768 / 120 * 1.01;

template <int IntegerBits>
void expect_exponential(random_source& random) {
  for (int i = 0; i < 50000; ++i) {
    const auto a = static_cast<std::int32_t>(-(random.bits() >> 33)) >> random.between(0, 30);
    ASSERT_NEAR(real(inlay::exp_of_negative<IntegerBits>(a), 0), std::exp(real(a, IntegerBits)),
                tolerance)
        << a << " with " << IntegerBits << " integer bits";
  }
  ASSERT_EQ(inlay::exp_of_negative<IntegerBits>(0), INT32_MAX);
  ASSERT_NEAR(real(inlay::exp_of_negative<IntegerBits>(INT32_MIN), 0),
              std::exp(real(INT32_MIN, IntegerBits)), tolerance);
}

TEST(exp_of_negative, is_exp) {
  random_source random(1);
  expect_exponential<0>(random);
  expect_exponential<1>(random);
  expect_exponential<2>(random);
  expect_exponential<3>(random);
  expect_exponential<4>(random);
  expect_exponential<5>(random);
}

TEST(one_over_one_plus, is_the_reciprocal) {
  random_source random(2);
  for (int i = 0; i < 100000; ++i) {
    const auto x = static_cast<std::int32_t>(random.between(0, INT32_MAX));
    ASSERT_NEAR(real(inlay::one_over_one_plus(x), 0), 1 / (1 + real(x, 0)), tolerance) << x;
  }
  EXPECT_NEAR(real(inlay::one_over_one_plus(0), 0), 1, tolerance);
  EXPECT_NEAR(real(inlay::one_over_one_plus(INT32_MAX), 0), 0.5, tolerance);
}

TEST(logistic_of, is_the_logistic_function) {
  random_source random(3);
  for (int i = 0; i < 100000; ++i) {
    const auto a =
        static_cast<std::int32_t>(random.between(-INT32_MAX, INT32_MAX)) >> random.between(0, 30);
    ASSERT_NEAR(real(inlay::logistic_of(a), 0), 1 / (1 + std::exp(-real(a, 4))), tolerance) << a;
  }
  EXPECT_EQ(inlay::logistic_of(0), 1 << 30);
}

TEST(reciprocal_of, is_mantissa_and_power_of_two) {
  random_source random(4);
  for (int i = 0; i < 100000; ++i) {
    const auto sum =
        static_cast<std::int32_t>(random.between(1, INT32_MAX) >> random.between(0, 30)) | 1;
    const inlay::reciprocal found = inlay::reciprocal_of(sum, 12);
    const double expected = 1 / real(sum, 12);
    ASSERT_NEAR(std::ldexp(real(found.mantissa, 0), -found.bits_over_unit) / expected, 1,
                2 * tolerance)
        << sum;
  }
}

} // namespace
