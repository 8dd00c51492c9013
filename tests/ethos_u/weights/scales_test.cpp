// SPDX-License-Identifier: Apache-2.0
#include "../../support/random.hpp"

#include <inlay/kernels/ethos_u/scales.hpp>

#include <array>
#include <cmath>
#include <gtest/gtest.h>

namespace {

using inlay::ethos_u::scale_record;

TEST(Scales, RecordHasBiasMultiplierAndShift) {
  std::array<unsigned char, 10> bytes{};
  store(scale_record{-2, 0x87654321, 33}, bytes.data());
  EXPECT_EQ(bytes, (std::array<unsigned char, 10>{0xfe, 0xff, 0xff, 0xff, 0xff, 0x21, 0x43, 0x65,
                                                  0x87, 33}));
}

TEST(Scales, MultiplierIsTheRealNumber) {
  inlay::test::random_source random(2);
  for (int i = 0; i < 10000; ++i) {
    const double real = std::ldexp(random.real(0.5, 1), static_cast<int>(random.between(-31, 31)));
    const scale_record made = inlay::ethos_u::scale_record_of(7, inlay::quantize_multiplier(real));
    ASSERT_TRUE(is_representable(made));
    ASSERT_NEAR(std::ldexp(static_cast<double>(made.multiplier), -made.shift) / real, 1, 1e-9);
  }
  EXPECT_EQ(inlay::ethos_u::scale_record_of(7, {}), (scale_record{7, 0, 0}));
}

TEST(Scales, WhatHasTooManyBitsIsSeen) {
  EXPECT_TRUE(is_representable(scale_record{(std::int64_t{1} << 39) - 1, ~0U, 63}));
  EXPECT_FALSE(is_representable(scale_record{std::int64_t{1} << 39, 0, 0}));
  EXPECT_FALSE(is_representable(scale_record{-(std::int64_t{1} << 39) - 1, 0, 0}));
  EXPECT_FALSE(is_representable(scale_record{0, 0, 64}));
  EXPECT_FALSE(is_representable(scale_record{0, 0, -1}));
}

} // namespace
