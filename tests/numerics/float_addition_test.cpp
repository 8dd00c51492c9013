// SPDX-License-Identifier: Apache-2.0
#include "../support/exact.hpp"
#include "../support/random.hpp"

#include <inlay/numerics/float_addition.hpp>

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace {

using inlay::element;
using inlay::float_addition;
using inlay::quantized_addition;
using inlay::test::multiply_exactly;
using inlay::test::random_source;

/// ADD of two tensors with these scales, as its preparation computes it.
quantized_addition addition(element type, double first, double second, double out,
                            random_source& random) {
  const double twice_larger = 2 * std::max(first, second);
  const std::int32_t low = lowest_of(type);
  const std::int32_t high = highest_of(type);
  const auto zero_point = [&] { return static_cast<std::int32_t>(random.between(low, high)); };
  quantized_addition result{};
  result.first_zero_point = zero_point();
  result.second_zero_point = zero_point();
  result.first_multiplier = inlay::quantize_multiplier(first / twice_larger);
  result.second_multiplier = inlay::quantize_multiplier(second / twice_larger);
  result.output_zero_point = zero_point();
  result.output_multiplier = inlay::quantize_multiplier(twice_larger / ((1 << 20) * out));
  result.clamp = {random.one_in(4) ? result.output_zero_point : low, high};
  result.type = type;
  return result;
}

std::int32_t reference_output(const quantized_addition& how, std::int32_t first,
                              std::int32_t second) {
  constexpr std::int32_t unit = 1 << 20;
  const std::int32_t sum =
      multiply_exactly((first - how.first_zero_point) * unit, how.first_multiplier) +
      multiply_exactly((second - how.second_zero_point) * unit, how.second_multiplier);
  return std::clamp(multiply_exactly(sum, how.output_multiplier) + how.output_zero_point,
                    how.clamp.low, how.clamp.high);
}

/// All pairs of inputs; the processor's own operations in place of their models.
template <bool Fused>
void expect_exact(const quantized_addition& how, const float_addition& form, std::int32_t origin) {
  const std::int32_t low = lowest_of(how.type);
  for (std::int32_t first = low; first < low + 256; ++first) {
    for (std::int32_t second = low; second < low + 256; ++second) {
      const auto a = static_cast<float>(first - origin);
      const auto b = static_cast<float>(second - origin);
      float sum = 0;
      if (Fused) {
        sum = std::fma(a, form.first_scale, std::fma(b, form.second_scale, form.offset));
      } else {
        volatile float product = b * form.second_scale;
        volatile const float inner = product + form.offset;
        product = a * form.first_scale;
        sum = product + inner;
      }
      ASSERT_EQ(sum, inlay::sum_of<Fused>(form, first - origin, second - origin));
      const std::int32_t output = static_cast<std::int32_t>(sum) + low;
      ASSERT_EQ(std::clamp(output, how.clamp.low, how.clamp.high),
                reference_output(how, first, second))
          << first << " + " << second;
    }
  }
}

template <bool Fused>
int exact_of_random_ones(int seed, int count) {
  random_source random(static_cast<std::uint64_t>(seed));
  int exact = 0;
  for (int i = 0; i < count && !testing::Test::HasFatalFailure(); ++i) {
    const element type = random.one_in(2) ? element::int8 : element::uint8;
    const bool ties = random.one_in(8);
    const double first = ties ? 0.25 : random.real(0.05, 0.3);
    const double second = ties ? 0.5 : random.real(0.05, 0.3);
    const double out = ties ? 0.5 : std::max(first, second) * random.real(0.6, 2.5);
    const quantized_addition how = addition(type, first, second, out, random);
    const std::int32_t origin = random.one_in(2) ? 0 : lowest_of(type);
    const float_addition form = inlay::prove_addition<Fused>(how, origin);
    if (form.exact) {
      ++exact;
      expect_exact<Fused>(how, form, origin);
    }
  }
  return exact;
}

TEST(prove_addition, holds_for_all_pairs) {
  EXPECT_GE(exact_of_random_ones<true>(1, 40), 34);
  EXPECT_GE(exact_of_random_ones<false>(2, 40), 32);
}

TEST(prove_addition, refuses_what_single_precision_cannot_hold) {
  random_source random(3);
  const quantized_addition coarse = addition(element::int8, 0.5, 0.5, 0.001, random);
  EXPECT_FALSE(inlay::prove_addition<true>(coarse, 0).exact);
  quantized_addition dead = coarse;
  dead.first_multiplier = {};
  EXPECT_FALSE(inlay::prove_addition<true>(dead, 0).exact);
}

TEST(quantized_addition, is_the_reference) {
  random_source random(4);
  for (int i = 0; i < 2000; ++i) {
    const quantized_addition how =
        addition(element::int8, random.real(0.05, 0.3), random.real(0.001, 0.3),
                 random.real(0.05, 0.3), random);
    const auto first = static_cast<std::int32_t>(random.between(-128, 127));
    const auto second = static_cast<std::int32_t>(random.between(-128, 127));
    ASSERT_EQ(how.output(first, second), reference_output(how, first, second));
  }
}

} // namespace
