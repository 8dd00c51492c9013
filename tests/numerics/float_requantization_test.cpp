// SPDX-License-Identifier: Apache-2.0
#include "../support/exact.hpp"
#include "../support/random.hpp"

#include <inlay/numerics/float_requantization.hpp>

#include <gtest/gtest.h>
#include <vector>

namespace {

using inlay::conversion;
using inlay::element;
using inlay::float_requantization;
using inlay::reachable_sums;
using inlay::requantization;
using inlay::test::random_source;

requantization any_requantization(random_source& random, int least_shift) {
  requantization how{};
  how.type = random.one_in(2) ? element::int8 : element::uint8;
  const std::int32_t low = lowest_of(how.type);
  const std::int32_t high = highest_of(how.type);
  how.by = {static_cast<std::int32_t>(random.between(1 << 30, INT32_MAX)),
            static_cast<std::int32_t>(random.between(least_shift, 0))};
  if (random.one_in(16)) {
    how.by.mantissa = 1 << 30; // many ties
  }
  how.zero_point = static_cast<std::int32_t>(random.between(low, high));
  how.clamp = {low, high};
  if (random.one_in(2)) { // RELU, RELU6
    how.zero_point = random.one_in(2) ? low : how.zero_point;
    how.clamp = {
        how.zero_point,
        random.one_in(2) ? high : static_cast<std::int32_t>(random.between(how.zero_point, high))};
  }
  return how;
}

/// The reference by schoolbook division.
std::int32_t reference_output(const requantization& how, std::int32_t sum) {
  const std::int32_t result = inlay::test::multiply_exactly(sum, how.by) + how.zero_point;
  return inlay::clamp(result, how.clamp.low, how.clamp.high);
}

struct tally {
  int exact = 0;
  int all = 0;
  [[nodiscard]] double share() const { return exact / static_cast<double>(all); }
};

/// Where a form is said to be exact it must be, at each sum that is looked at.
template <conversion How, bool Fused, class Sums>
void expect_exact(const requantization& how, reachable_sums sums, const Sums& looked_at,
                  tally& counted) {
  const float_requantization form = inlay::prove<How, Fused>(how, sums);
  ++counted.all;
  if (!form.exact) {
    return;
  }
  ++counted.exact;
  ASSERT_GE(form.offset, how.has_two_sides() ? 0 : -512);
  for (const std::int64_t one : looked_at) {
    const auto sum = static_cast<std::int32_t>(one);
    ASSERT_EQ((inlay::output_of<How, Fused>(form, how, sum)), reference_output(how, sum))
        << "sum " << sum << " mantissa " << how.by.mantissa << " shift " << how.by.shift
        << " zero point " << how.zero_point << " clamp " << how.clamp.low << ' ' << how.clamp.high
        << " reachable " << sums.low << ' ' << sums.high;
  }
}

template <conversion How, bool Fused>
double share_of_small_ranges(int seed) {
  random_source random(static_cast<std::uint64_t>(seed));
  tally counted{};
  for (int i = 0; i < 600 && !testing::Test::HasFatalFailure(); ++i) {
    const requantization how = any_requantization(random, -10);
    const std::int64_t middle = random.between(-20000, 20000);
    const std::int64_t half = random.between(0, 8000);
    const reachable_sums sums{middle - half, middle + half};
    std::vector<std::int64_t> all;
    for (std::int64_t sum = sums.low; sum <= sums.high; ++sum) {
      all.push_back(sum);
    }
    expect_exact<How, Fused>(how, sums, all, counted);
  }
  return counted.share();
}

TEST(prove, holds_for_every_sum_of_small_ranges) {
  EXPECT_GT((share_of_small_ranges<conversion::truncate, true>(1)), 0.95);
  EXPECT_GT((share_of_small_ranges<conversion::truncate, false>(2)), 0.9);
  EXPECT_GT((share_of_small_ranges<conversion::nearest_even, true>(3)), 0.9);
  EXPECT_GT((share_of_small_ranges<conversion::nearest_even, false>(4)), 0.85);
}

/// The sums around each step of the reference, found by bisection, and around the ends.
std::vector<std::int64_t> sums_at_steps(const requantization& how, reachable_sums sums) {
  std::vector<std::int64_t> result;
  const auto around = [&](std::int64_t sum) {
    for (std::int64_t near = sum - 2; near <= sum + 2; ++near) {
      if (near >= sums.low && near <= sums.high) {
        result.push_back(near);
      }
    }
  };
  around(sums.low);
  around(sums.high);
  around(0);
  for (std::int32_t output = how.clamp.low + 1; output <= how.clamp.high; ++output) {
    std::int64_t low = sums.low;
    std::int64_t high = sums.high;
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      const bool reached = reference_output(how, static_cast<std::int32_t>(middle)) >= output;
      (reached ? high : low) = reached ? middle : middle + 1;
    }
    around(low);
  }
  return result;
}

template <conversion How, bool Fused>
double share_of_large_ranges(int seed) {
  random_source random(static_cast<std::uint64_t>(seed));
  tally counted{};
  for (int i = 0; i < 1000 && !testing::Test::HasFatalFailure(); ++i) {
    const requantization how = any_requantization(random, random.one_in(2) ? -12 : -31);
    const std::int64_t greatest = std::int64_t{1} << random.between(10, 31);
    reachable_sums sums{random.between(-greatest, greatest), random.between(-greatest, greatest)};
    sums = {std::max<std::int64_t>(std::min(sums.low, sums.high), INT32_MIN),
            std::min<std::int64_t>(std::max(sums.low, sums.high), INT32_MAX)};
    std::vector<std::int64_t> looked_at = sums_at_steps(how, sums);
    for (int k = 0; k < 300; ++k) {
      looked_at.push_back(random.between(sums.low, sums.high));
    }
    expect_exact<How, Fused>(how, sums, looked_at, counted);
  }
  return counted.share();
}

TEST(prove, holds_at_the_steps_of_large_ranges) {
  EXPECT_GT((share_of_large_ranges<conversion::truncate, true>(5)), 0.5);
  EXPECT_GT((share_of_large_ranges<conversion::truncate, false>(6)), 0.5);
  EXPECT_GT((share_of_large_ranges<conversion::nearest_even, true>(7)), 0.5);
  EXPECT_GT((share_of_large_ranges<conversion::nearest_even, false>(8)), 0.5);
}

TEST(prove, takes_dead_channels) {
  const requantization how{{1518500250, -21}, -128, {-128, 127}, element::int8};
  const float_requantization form =
      inlay::prove<conversion::truncate, true>(how, {-324204896, -324204896});
  EXPECT_TRUE(form.exact);
  EXPECT_EQ((inlay::output_of<conversion::truncate, true>(form, how, -324204896)), -128);
  const requantization linear{{1518500250, -21}, 5, {-128, 127}, element::int8};
  const float_requantization below =
      inlay::prove<conversion::truncate, true>(linear, {-324204896, -324204896});
  EXPECT_TRUE(below.exact);
  EXPECT_EQ((inlay::output_of<conversion::truncate, true>(below, linear, -324204896)),
            reference_output(linear, -324204896));
}

TEST(prove, refuses_what_wraps_around) {
  const requantization doubled{{1 << 30, 2}, 0, {-128, 127}, element::int8};
  EXPECT_FALSE(doubled.is_monotone({-(1 << 30), 1 << 30}));
  EXPECT_TRUE(doubled.is_monotone({-(1 << 29), (1 << 29) - 1}));
  const requantization whole{{INT32_MAX, 0}, 100, {-128, 127}, element::int8};
  EXPECT_FALSE(whole.is_monotone({0, INT32_MAX}));
  EXPECT_FALSE((inlay::prove<conversion::truncate, true>(whole, {0, INT32_MAX}).exact));
  EXPECT_FALSE((inlay::prove<conversion::truncate, true>(whole, {0, std::int64_t{1} << 40}).exact));
}

constexpr requantization relu6{{1518500250, -8}, -128, {-128, 127}, element::int8};
constexpr requantization linear{{1518500250, -8}, 3, {-128, 127}, element::int8};

TEST(prove, gives_the_same_in_constant_expressions) {
  constexpr reachable_sums sums{-30000, 50000};
  constexpr float_requantization a = inlay::prove<conversion::truncate, true>(relu6, sums);
  constexpr float_requantization b = inlay::prove<conversion::truncate, true>(linear, sums);
  constexpr float_requantization c = inlay::prove<conversion::nearest_even, false>(linear, sums);
  static_assert(a.exact && b.exact);
  EXPECT_EQ(a, (inlay::prove<conversion::truncate, true>(relu6, sums)));
  EXPECT_EQ(b, (inlay::prove<conversion::truncate, true>(linear, sums)));
  EXPECT_EQ(c, (inlay::prove<conversion::nearest_even, false>(linear, sums)));
}

} // namespace
