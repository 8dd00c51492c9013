// SPDX-License-Identifier: Apache-2.0
#include "../support/random.hpp"

#include <inlay/numerics/rounding_bounds.hpp>

#include <bit>
#include <cmath>
#include <gtest/gtest.h>

namespace {

using inlay::conversion;
using inlay::test::random_source;

float any_float(random_source& random, int least_exponent, int greatest_exponent) {
  const auto mantissa = static_cast<float>(random.between(1 << 23, (1 << 24) - 1));
  const float magnitude = std::ldexp(
      mantissa, static_cast<int>(random.between(least_exponent, greatest_exponent)) - 23);
  return random.one_in(2) ? -magnitude : magnitude;
}

TEST(fused_multiply_add, is_fma) {
  random_source random(1);
  for (int i = 0; i < 300000; ++i) {
    const float a = any_float(random, -3, 22);
    const float b = any_float(random, -20, 0);
    // Often what nearly or exactly cancels, or what leaves a tie.
    const float c = random.one_in(3)   ? -a * b
                    : random.one_in(2) ? std::ldexp(a * b, 24)
                                       : any_float(random, -30, 20);
    ASSERT_EQ(inlay::fused_multiply_add(a, b, c), std::fma(a, b, c)) << a << ' ' << b << ' ' << c;
  }
  // A tie in single precision that only a bit far below decides.
  const float one = 1;
  const float tie = 0x1p-24F;
  EXPECT_EQ(inlay::fused_multiply_add(one, tie, 1), 1);
  EXPECT_EQ(inlay::fused_multiply_add(1 + 0x1p-23F, tie * (1 - 0x1p-24F), 1),
            std::fma(1 + 0x1p-23F, tie * (1 - 0x1p-24F), 1.0F));
  EXPECT_EQ(inlay::fused_multiply_add(0x1.000002p0F, 0x1.fffffep-26F, 1),
            std::fma(0x1.000002p0F, 0x1.fffffep-26F, 1.0F));
}

TEST(to_integer, is_the_processors_conversion) {
  random_source random(2);
  for (int i = 0; i < 200000; ++i) {
    const float value = random.one_in(3) ? static_cast<float>(random.between(-600, 600)) / 2
                                         : any_float(random, -3, 30);
    ASSERT_EQ(inlay::to_integer<conversion::truncate>(value), std::trunc(value)) << value;
    ASSERT_EQ(inlay::to_integer<conversion::nearest_even>(value), std::nearbyint(value)) << value;
  }
}

template <conversion How>
void expect_bounds() {
  constexpr const auto& bounds = inlay::rounding_bounds<How>;
  for (int level = 1; level <= 256; ++level) {
    const double bound = bounds[static_cast<std::size_t>(level)];
    const auto level_of = [](double value) {
      return inlay::to_integer<How>(static_cast<float>(value));
    };
    ASSERT_EQ(level_of(std::nextafter(bound, 1e9)), level);
    ASSERT_EQ(level_of(std::nextafter(bound, -1e9)), level - 1);
  }
}

TEST(rounding_bounds, divide_the_real_numbers_by_what_becomes_of_them) {
  expect_bounds<conversion::truncate>();
  expect_bounds<conversion::nearest_even>();
}

} // namespace
