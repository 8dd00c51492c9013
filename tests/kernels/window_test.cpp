// SPDX-License-Identifier: Apache-2.0
#include "run_step.hpp"

#include <cmath>
#include <numeric>

// Pooling, means, padding and softmax.

namespace {

using namespace inlay;
using namespace inlay::test;

constexpr element i8 = element::int8;
constexpr element u8 = element::uint8;

// Members: type, in, out, {kernel, stride, dilation, padding top, left}, clamp.
constexpr step::average_pool pools[] = {
    {i8, {7, 7, 8}, {1, 1, 8}, {{7, 7}, {7, 7}, {1, 1}, 0, 0}, {-128, 127}},
    {i8, {5, 6, 4}, {3, 3, 4}, {{3, 3}, {2, 2}, {1, 1}, 1, 0}, {-128, 127}},
    {i8, {3, 3, 4}, {3, 3, 4}, {{2, 2}, {1, 1}, {1, 1}, 0, 0}, {-9, 127}},
    {i8, {5, 9, 3}, {4, 3, 3}, {{2, 5}, {1, 2}, {1, 1}, 0, 0}, {-20, 20}},
    {u8, {7, 7, 5}, {1, 1, 5}, {{7, 7}, {1, 1}, {1, 1}, 0, 0}, {0, 255}},
    {u8, {6, 6, 3}, {6, 6, 3}, {{4, 4}, {1, 1}, {1, 1}, 1, 1}, {0, 255}},
    {u8, {4, 4, 3}, {4, 4, 3}, {{9, 9}, {1, 1}, {1, 1}, 4, 4}, {7, 200}},
    {u8, {2, 2, 3}, {2, 2, 3}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, {0, 255}},
};

struct pools_as_defined {
  template <auto Step>
  void operator()(std::size_t number) const {
    constexpr auto step = Step;
    constexpr auto w = step.window;
    random_source random(number);
    for (int round = 0; round < 20; ++round) {
      const bytes input = random.bytes(static_cast<std::size_t>(step.in.elements()));
      const bytes found = run_step<Step>(static_cast<std::size_t>(step.out.elements()), input);
      for (std::int32_t i = 0; i < step.out.elements(); ++i) {
        const std::int32_t c = i % step.out.channels;
        const std::int32_t top =
            i / step.out.channels / step.out.width * w.stride.height - w.padding_top;
        const std::int32_t left =
            i / step.out.channels % step.out.width * w.stride.width - w.padding_left;
        std::vector<std::int32_t> inside;
        for (std::int32_t y = std::max(top, 0); y < std::min(top + w.kernel.height, step.in.height);
             ++y) {
          for (std::int32_t x = std::max(left, 0);
               x < std::min(left + w.kernel.width, step.in.width); ++x) {
            inside.push_back(element_of(
                input, step.type,
                static_cast<std::size_t>((y * step.in.width + x) * step.in.channels + c)));
          }
        }
        // A sum and a count are small whole numbers: a double tells every tie apart.
        const double mean =
            std::accumulate(inside.begin(), inside.end(), 0.0) / static_cast<double>(inside.size());
        ASSERT_EQ(element_of(found, step.type, static_cast<std::size_t>(i)),
                  clamped(std::lround(mean), step.clamp.low, step.clamp.high))
            << "element " << i;
      }
    }
  }
};
TEST(average_pool, is_the_mean_of_the_taps_inside_rounded_half_away) {
  for_each_step<pools>(pools_as_defined{});
}

constexpr step::mean means[] = {
    {i8, {5, 7, 11}, 3, -30, {864840122, -4}},
    {i8, {7, 7, 10}, -128, -128, {1764575239, -5}},
    {i8, {1, 1, 5}, 17, 4, {1 << 30, 1}},
    {i8, {9, 2, 3}, 127, -128, {INT32_MAX, -2}},
    {u8, {7, 7, 6}, 0, 0, {1402438301, -5}},
    {u8, {3, 3, 6}, 128, 100, {1402438301, 0}},
    {i8, {3, 5, 4}, 0, 1, {}},
    {u8, {16, 16, 2}, 255, 255, {1 << 30, -7}},
};

struct is_the_scaled_sum {
  template <auto Step>
  void operator()(std::size_t number) const {
    constexpr auto step = Step;
    random_source random(number);
    const std::int32_t pixels = step.in.height * step.in.width;
    for (int round = 0; round < 20; ++round) {
      const bytes input = random.bytes(static_cast<std::size_t>(step.in.elements()));
      const bytes found = run_step<Step>(static_cast<std::size_t>(step.in.channels), input);
      for (std::int32_t c = 0; c < step.in.channels; ++c) {
        std::int64_t sum = -std::int64_t{pixels} * step.input_zero_point;
        for (std::int32_t i = 0; i < pixels; ++i) {
          sum += element_of(input, step.type, static_cast<std::size_t>(i * step.in.channels + c));
        }
        const std::int64_t moved =
            std::int64_t{multiply_exactly(static_cast<std::int32_t>(sum), step.multiplier)} +
            step.output_zero_point;
        ASSERT_EQ(element_of(found, step.type, static_cast<std::size_t>(c)),
                  clamped(moved, lowest_of(step.type), highest_of(step.type)));
      }
    }
  }
};
TEST(mean, is_the_scaled_sum_of_a_channel) {
  for_each_step<means>(is_the_scaled_sum{});
}

constexpr step::pad pads[] = {
    {{8, 6, 3}, {0, 1, 0, 1}, -17},       {{4, 3, 8}, {1, 1, 2, 0}, 127},
    {{2, 2, 1}, {0, 0, 0, 0}, 5},         {{3, 2, 4}, {0, 0, 1, 0, 2, 3}, -128},
    {{1, 1, 2}, {3, 2, 1, 4, 1, 0}, 200},
};

struct surrounds_the_image {
  template <auto Step>
  void operator()(std::size_t number) const {
    constexpr auto step = Step;
    constexpr auto b = step.border;
    random_source random(number);
    const bytes input = random.bytes(static_cast<std::size_t>(step.in.elements()));
    const std::int32_t width = step.in.width + b.left + b.right;
    const std::int32_t height = step.in.height + b.top + b.bottom;
    const std::int32_t channels = step.in.channels + b.channels_before + b.channels_after;
    bytes expected(static_cast<std::size_t>(width * height * channels),
                   static_cast<unsigned char>(step.fill));
    for (std::int32_t i = 0; i < step.in.elements(); ++i) {
      const std::int32_t c = i % step.in.channels + b.channels_before;
      const std::int32_t x = i / step.in.channels % step.in.width + b.left;
      const std::int32_t y = i / step.in.channels / step.in.width + b.top;
      expected[static_cast<std::size_t>((y * width + x) * channels + c)] =
          input[static_cast<std::size_t>(i)];
    }
    EXPECT_EQ(run_step<Step>(expected.size(), input), expected);
  }
};
TEST(pad, puts_the_fill_around_the_image) {
  for_each_step<pads>(surrounds_the_image{});
}

/// As lowering has it, in double precision.
constexpr step::softmax softmax_of(element type, int rows, int depth, double beta_scale) {
  const double real = beta_scale * (1 << 26);
  const quantized_multiplier by = quantize_multiplier(real);
  return {type, rows, depth, by,
          -static_cast<std::int32_t>(31.0 * (1 << 26) / static_cast<double>(1LL << by.shift))};
}
constexpr double sharp = 0.1;
constexpr step::softmax softmaxes[] = {
    softmax_of(i8, 6, 41, 0.11), softmax_of(i8, 3, 10, 1.7),     softmax_of(i8, 1, 1001, sharp),
    softmax_of(u8, 2, 21, 0.05), softmax_of(u8, 1, 300, 0.0989), softmax_of(i8, 4, 2, 1e-3),
    softmax_of(i8, 2, 1, 0.3),   softmax_of(i8, 1, 4095, 0.004),
};

struct is_within_one_of_softmax {
  template <auto Step>
  void operator()(std::size_t number) const {
    constexpr auto step = Step;
    random_source random(number);
    const auto depth = static_cast<std::size_t>(step.depth);
    const double scale = std::ldexp(step.multiplier.mantissa, step.multiplier.shift - 31 - 26);
    for (int round = 0; round < 30; ++round) {
      bytes input = random.bytes(depth * static_cast<std::size_t>(step.rows));
      if (round == 0) {
        std::fill(input.begin(), input.end(), static_cast<unsigned char>(round));
      }
      const bytes found = run_step<Step>(input.size(), input);
      for (std::size_t row = 0; row < static_cast<std::size_t>(step.rows); ++row) {
        double sum = 0;
        for (std::size_t i = 0; i < depth; ++i) {
          sum += std::exp(scale * element_of(input, step.type, row * depth + i));
        }
        for (std::size_t i = row * depth; i < (row + 1) * depth; ++i) {
          const double exact = 256 * std::exp(scale * element_of(input, step.type, i)) / sum;
          const double limited = std::min(exact, 255.0);
          ASSERT_NEAR(element_of(found, step.type, i) - lowest_of(step.type), limited, 0.52)
              << "element " << i << ", round " << round;
        }
      }
    }
  }
};
TEST(softmax, is_within_a_rounding_of_the_real_one) {
  for_each_step<softmaxes>(is_within_one_of_softmax{});
}

TEST(softmax, of_a_thousand_equal_scores_is_the_lowest_value_everywhere) {
  for (const int score : {-128, 0, 127}) {
    const bytes input(1001, static_cast<unsigned char>(score));
    EXPECT_EQ(run_step<softmaxes[2]>(1001, input), bytes(1001, 0x80));
  }
}

} // namespace
