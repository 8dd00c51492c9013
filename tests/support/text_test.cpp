// SPDX-License-Identifier: Apache-2.0
#include <inlay/support/diagnosis.hpp>

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <string>

namespace {

template <class... Parts>
constexpr inlay::text joined(const Parts&... parts) {
  inlay::text result;
  (result << ... << parts);
  return result;
}

template <class... Parts>
std::string written(const Parts&... parts) {
  return std::string(joined(parts...).view());
}

static_assert(joined("a ", 12, std::string_view("b")).view() == "a 12b");
static_assert(joined(std::numeric_limits<std::int64_t>::min()).view() == "-9223372036854775808");
static_assert(joined(std::numeric_limits<std::uint64_t>::max()).view() == "18446744073709551615");
static_assert(joined(-0.5).view() == "-0.5");

TEST(text, cuts_what_does_not_fit) {
  inlay::text out;
  for (std::size_t i = 0; i < inlay::text::capacity + 9; ++i) {
    out << (i % 2 == 0 ? "a" : "b");
  }
  EXPECT_EQ(out.size(), inlay::text::capacity);
  EXPECT_EQ(out.view().substr(out.size() - 2), "ab");
}

TEST(text, writes_numbers_that_are_not_finite) {
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "infinity");
  EXPECT_EQ(written(-std::numeric_limits<double>::infinity()), "-infinity");
}

TEST(text, writes_decimals_as_a_reader_expects) {
  EXPECT_EQ(written(0.0), "0");
  EXPECT_EQ(written(1.0), "1");
  EXPECT_EQ(written(10.0), "10");
  EXPECT_EQ(written(100.0), "100");
  EXPECT_EQ(written(0.00390625), "0.00390625");
  EXPECT_EQ(written(0.0001), "0.0001");
  EXPECT_EQ(written(1234567.0), "1234567");
  EXPECT_EQ(written(12345678.0), "1.234568e7");
  EXPECT_EQ(written(9999999.6), "1e7");
  EXPECT_EQ(written(0.99999999), "1");
}

TEST(text, keeps_seven_digits_of_any_double) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20000; ++i) {
    const double magnitude = std::uniform_real_distribution<double>(-300, 300)(random);
    const double value = std::pow(10.0, i % 2 == 0 ? magnitude : magnitude / 50);
    const std::string digits = written(value);
    EXPECT_NEAR(std::stod(digits) / value, 1, 6e-7) << digits;
    EXPECT_LE(digits.size(), 15U) << digits;
  }
}

constexpr inlay::diagnosis two_complaints() {
  inlay::diagnosis found("layer");
  found.at(3, "ADD");
  found.expect(true, "not said");
  found.expect(false, "first ", 1);
  found.fail("second");
  return found;
}
static_assert(!two_complaints().ok());
static_assert(two_complaints().message().view() == "layer 3 (ADD): first 1");

TEST(diagnosis, stays_false_after_a_complaint) {
  inlay::diagnosis found;
  EXPECT_TRUE(found.expect(true, "fine"));
  EXPECT_FALSE(found.expect(false, "wrong"));
  EXPECT_FALSE(found.expect(true, "fine"));
  EXPECT_EQ(found.message().view(), "wrong");
}

} // namespace
