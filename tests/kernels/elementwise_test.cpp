// SPDX-License-Identifier: Apache-2.0
#include "run_step.hpp"

#include <cmath>
#include <cstring>
#include <limits>

// Steps that make each output of one element of each input.

namespace {

using namespace inlay;
using namespace inlay::test;

constexpr element i8 = element::int8;
constexpr element u8 = element::uint8;

constexpr step::add sum_of(element type, float first, int first_zero, float second, int second_zero,
                           float out, int out_zero, value_range clamp) {
  const double twice_max = 2.0 * static_cast<double>(first > second ? first : second);
  return {.type = type,
          .elements = 65536,
          .first_zero_point = first_zero,
          .second_zero_point = second_zero,
          .first_multiplier = quantize_multiplier(static_cast<double>(first) / twice_max),
          .second_multiplier = quantize_multiplier(static_cast<double>(second) / twice_max),
          .output_zero_point = out_zero,
          .output_multiplier =
              quantize_multiplier(twice_max / ((1 << 20) * static_cast<double>(out))),
          .clamp = clamp};
}
constexpr step::add sums[] = {
    sum_of(i8, 0.0471F, -3, 0.0823F, 5, 0.0902F, -1, {-128, 127}),
    sum_of(i8, 0.0823F, 127, 0.0471F, -128, 0.03F, 127, {-128, 127}),
    sum_of(i8, 1, -128, 1, -128, 1, -128, {-128, 127}),
    sum_of(i8, 1e-6F, 4, 250, -9, 100, 0, {-100, 100}),
    sum_of(i8, 250, 4, 1e-6F, -9, 260, 0, {-128, 127}),
    sum_of(u8, 0.4014F, 136, 0.2755F, 119, 0.4321F, 133, {0, 255}),
    sum_of(u8, 0.02F, 0, 0.03F, 255, 0.002F, 128, {128, 255}),
    sum_of(u8, 0.5F, 0, 0.5F, 0, 2, 0, {0, 3}),
};

struct holds_for_every_pair {
  template <auto Step>
  void operator()(std::size_t) const {
    constexpr auto step = Step;
    bytes first(65536);
    bytes second(65536);
    for (std::size_t i = 0; i < 65536; ++i) {
      first[i] = static_cast<unsigned char>(i);
      second[i] = static_cast<unsigned char>(i >> 8);
    }
    const auto scaled = [](std::int32_t value, quantized_multiplier by) {
      return multiply_exactly(value << 20, by);
    };
    const bytes found = run_step<Step>(65536, first, second);
    bytes in_place = first;
    targets::reference::run<Step>(
        {.inputs = {in_place.data(), second.data()}, .output = in_place.data()});
    ASSERT_EQ(in_place, found);
    for (std::size_t i = 0; i < 65536; ++i) {
      const std::int32_t both =
          scaled(element_of(first, step.type, i) - step.first_zero_point, step.first_multiplier) +
          scaled(element_of(second, step.type, i) - step.second_zero_point, step.second_multiplier);
      const std::int32_t expected = clamped(
          std::int64_t{multiply_exactly(both, step.output_multiplier)} + step.output_zero_point,
          step.clamp.low, step.clamp.high);
      ASSERT_EQ(element_of(found, step.type, i), expected) << "element " << i;
    }
  }
};
TEST(add, holds_for_every_pair_of_inputs) {
  for_each_step<sums>(holds_for_every_pair{});
}

constexpr step::requantize requantizations[] = {
    {u8, i8, 256, 127, -1, quantize_multiplier(1)},
    {u8, i8, 256, 128, 0, quantize_multiplier(1)},
    {i8, u8, 256, -128, 0, quantize_multiplier(1)},
    {i8, i8, 256, -7, 3, quantize_multiplier(0.6913716)},
    {i8, u8, 256, -7, 90, quantize_multiplier(1.9152542)},
    {u8, u8, 256, 200, 0, quantize_multiplier(37.5)},
    {i8, i8, 256, 0, 0, quantize_multiplier(0.5)},
    {i8, i8, 256, 0, 0, quantize_multiplier(0.25)},
    {i8, i8, 256, 5, 5, quantize_multiplier(1e-9)},
    {i8, i8, 256, 127, -128, quantize_multiplier(1e6)},
    {i8, i8, 256, 0, 0, {}},
};

bytes every_byte() {
  bytes result(256);
  for (std::size_t i = 0; i < 256; ++i) {
    result[i] = static_cast<unsigned char>(i);
  }
  return result;
}

struct holds_for_every_value {
  template <auto Step>
  void operator()(std::size_t) const {
    constexpr auto step = Step;
    const bytes input = every_byte();
    const bytes found = run_step<Step>(256, input);
    for (std::size_t i = 0; i < 256; ++i) {
      const std::int32_t centered = element_of(input, step.from, i) - step.input_zero_point;
      const std::int32_t expected = clamped(
          low_32_bits(wide{multiply_exactly(centered, step.multiplier)} + step.output_zero_point),
          lowest_of(step.to), highest_of(step.to));
      ASSERT_EQ(element_of(found, step.to, i), expected) << "value " << i;
    }
  }
};
TEST(requantize, holds_for_every_value) {
  for_each_step<requantizations>(holds_for_every_value{});
}

TEST(requantize, flips_the_highest_bit_between_types_128_apart) {
  bytes found = run_step<requantizations[0]>(256, every_byte());
  for (std::size_t i = 0; i < 256; ++i) {
    ASSERT_EQ(found[i], i ^ 0x80);
  }
}

constexpr step::quantize quantizations[] = {
    {i8, 4000, {0.0187F, 11}}, {i8, 4000, {1, -128}},  {u8, 4000, {0.5F, 0}},
    {u8, 4000, {1e-6F, 255}},  {i8, 4000, {1e20F, 0}}, {u8, 4000, {0.0078125F, 128}},
};

struct rounds_half_away {
  template <auto Step>
  void operator()(std::size_t number) const {
    constexpr auto step = Step;
    random_source random(7 + number);
    std::vector<float> input(4000);
    for (float& value : input) {
      const auto steps = static_cast<float>(random.between(-600, 600)) / 2;
      value = random.one_in(2) ? steps * step.output.scale
                               : static_cast<float>(random.real(-1000, 1000));
    }
    input[0] = std::numeric_limits<float>::infinity();
    input[1] = -input[0];
    input[2] = std::numeric_limits<float>::max();
    input[3] = std::numeric_limits<float>::denorm_min();
    const bytes found = run_step<Step>(4000, bytes_of(input));
    for (std::size_t i = 0; i < input.size(); ++i) {
      const float steps = std::round(input[i] / step.output.scale);
      const double moved = static_cast<double>(steps) + step.output.zero_point;
      const double low = lowest_of(step.to);
      const double high = highest_of(step.to);
      ASSERT_EQ(element_of(found, step.to, i), moved < low    ? low
                                               : moved > high ? high
                                                              : moved)
          << input[i];
    }
  }
};
TEST(quantize, rounds_half_away_from_zero_and_clamps) {
  for_each_step<quantizations>(rounds_half_away{});
}

TEST(quantize, gives_the_lowest_value_for_what_is_no_number) {
  std::vector<float> input(4000, std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(run_step<quantizations[0]>(4000, bytes_of(input))[9], 0x80);
}

constexpr step::dequantize dequantizations[] = {
    {i8, 256, {0.0187F, 11}}, {u8, 256, {1.0F / 256, 0}}, {i8, 256, {3e37F, -128}}};

struct is_scale_times_difference {
  template <auto Step>
  void operator()(std::size_t) const {
    constexpr auto step = Step;
    const bytes input = every_byte();
    const bytes found = run_step<Step>(1024, input);
    for (std::size_t i = 0; i < 256; ++i) {
      float result = 0;
      std::memcpy(&result, found.data() + 4 * i, 4);
      // Exact in double precision: 24 bits times 9.
      const double exact = static_cast<double>(step.input.scale) *
                           (element_of(input, step.from, i) - step.input.zero_point);
      ASSERT_EQ(result, static_cast<float>(exact)) << i;
    }
  }
};
TEST(dequantize, is_scale_times_difference) {
  for_each_step<dequantizations>(is_scale_times_difference{});
}

constexpr step::logistic logistics[] = {
    {i8, 256, {0.061F, -21}}, {i8, 256, {0.0431F, 15}},  {i8, 256, {1, 0}},
    {i8, 256, {1e-4F, -128}}, {u8, 256, {0.0473F, 119}}, {u8, 256, {2, 255}},
};

struct is_the_logistic_function {
  template <auto Step>
  void operator()(std::size_t) const {
    constexpr auto step = Step;
    const bytes input = every_byte();
    const bytes found = run_step<Step>(256, input);
    for (std::size_t i = 0; i < 256; ++i) {
      const double x = static_cast<double>(step.input.scale) *
                       (element_of(input, step.type, i) - step.input.zero_point);
      const double exact = 256 / (1 + std::exp(-x)) + lowest_of(step.type);
      const double limited = std::min<double>(exact, highest_of(step.type));
      ASSERT_NEAR(element_of(found, step.type, i), limited, 0.51) << "value " << i;
    }
  }
};
TEST(logistic, is_the_rounded_logistic_function) {
  for_each_step<logistics>(is_the_logistic_function{});
}

} // namespace
