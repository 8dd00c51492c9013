// SPDX-License-Identifier: Apache-2.0
#include "../support/random.hpp"

#include <inlay/numerics/reachable_sums.hpp>

#include <gtest/gtest.h>

namespace {

using inlay::element;
using inlay::test::random_source;

/// Each input at the end of its range, or left out, that makes the sum least or greatest.
template <element Type>
void expect_sums(random_source& random) {
  const std::int64_t count = random.between(0, 9000);
  const std::int64_t stride = random.one_in(2) ? 1 : random.between(1, 5);
  const auto weights = random.bytes(static_cast<std::size_t>(count * stride));
  const auto weights_zero_point =
      static_cast<std::int32_t>(Type == element::int8 && random.one_in(2)
                                    ? 0
                                    : random.between(lowest_of(Type), highest_of(Type)));
  const auto zero_point =
      static_cast<std::int32_t>(random.between(lowest_of(Type), highest_of(Type)));
  const std::int64_t bias = random.any_int32();
  std::int64_t low = bias;
  std::int64_t high = bias;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t weight =
        static_cast<inlay::element_t<Type>>(weights[static_cast<std::size_t>(i * stride)]) -
        weights_zero_point;
    const std::int64_t ends[] = {0, weight * (lowest_of(Type) - zero_point),
                                 weight * (highest_of(Type) - zero_point)};
    low += *std::min_element(std::begin(ends), std::end(ends));
    high += *std::max_element(std::begin(ends), std::end(ends));
  }
  const inlay::weight_sums sums =
      inlay::sums_of_weights<Type>(weights.data(), count, stride, weights_zero_point);
  const inlay::reachable_sums reached = inlay::reachable(bias, sums, Type, zero_point);
  ASSERT_EQ(reached.low, low);
  ASSERT_EQ(reached.high, high);
}

TEST(reachable, is_what_the_ends_of_the_inputs_reach) {
  random_source random(1);
  for (int i = 0; i < 300; ++i) {
    expect_sums<element::int8>(random);
    expect_sums<element::uint8>(random);
  }
}

TEST(sums_of_weights, does_not_overflow_between) {
  const std::vector<unsigned char> least(20000, 128);
  EXPECT_EQ(inlay::sums_of_weights<element::int8>(least.data(), 20000, 1, 0).negative, -2560000);
  const std::vector<unsigned char> most(20000, 127);
  EXPECT_EQ(inlay::sums_of_weights<element::int8>(most.data(), 20000, 1, 0).positive, 2540000);
}

} // namespace
