// SPDX-License-Identifier: Apache-2.0
#include "../support/random.hpp"

#include <inlay/numerics/quantization.hpp>

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace {

using inlay::activation;
using inlay::element;
using inlay::quantization;
using inlay::value_range;
using inlay::test::random_source;

// The usual ReLU6 layer fills its range; the classifier's layers are not bounded.
static_assert(inlay::activation_range(activation::relu6, element::int8, {6.0F / 255, -128}) ==
              value_range{-128, 127});
static_assert(inlay::activation_range(activation::none, element::uint8, {0.1F, 58}) ==
              value_range{0, 255});
static_assert(inlay::activation_range(activation::relu, element::int8, {0.1F, -20}) ==
              value_range{-20, 127});
static_assert(inlay::activation_range(activation::relu6, element::int8, {0.1F, -20}) ==
              value_range{-20, 40});
static_assert(inlay::activation_range(activation::relu_n1_to_1, element::uint8, {0.1F, 3}) ==
              value_range{0, 13});

/// What the bound of an activation becomes, by <cmath> in single precision.
double quantized(float bound, quantization out) {
  return out.zero_point + static_cast<double>(std::round(bound / out.scale));
}

TEST(activation_range, is_the_rounded_bound_within_the_type) {
  random_source random(1);
  for (int i = 0; i < 100000; ++i) {
    const element type = random.one_in(2) ? element::int8 : element::uint8;
    const std::int32_t low = type == element::int8 ? -128 : 0;
    const std::int32_t high = low + 255;
    const quantization out{static_cast<float>(std::exp(random.real(-12, 3))),
                           static_cast<std::int32_t>(random.between(low, high))};
    const auto check = [&](activation function, double least, double most) {
      const value_range found = inlay::activation_range(function, type, out);
      ASSERT_EQ(found.low, std::max<double>(low, least)) << name_of(function) << " " << out.scale;
      ASSERT_EQ(found.high, std::min<double>(high, most)) << name_of(function) << " " << out.scale;
    };
    check(activation::none, low, high);
    check(activation::relu, quantized(0, out), high);
    check(activation::relu6, quantized(0, out), quantized(6, out));
    check(activation::relu_n1_to_1, quantized(-1, out), quantized(1, out));
  }
}

} // namespace
