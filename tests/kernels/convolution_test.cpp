// SPDX-License-Identifier: Apache-2.0
#include "run_step.hpp"

// Convolutions against a model that goes the other way: from each input element and each tap to
// the outputs that they reach, summed up in 64 bits.

namespace {

using namespace inlay;
using namespace inlay::test;

constexpr element i8 = element::int8;
constexpr element u8 = element::uint8;
constexpr value_range all_i8{-128, 127};
constexpr value_range all_u8{0, 255};

// Members: type, in, out, {kernel, stride, dilation, padding top, left}, zero points of input,
// weights, output, clamp, per channel.
constexpr step::convolution convolutions[] = {
    {i8, {5, 7, 3}, {5, 7, 8}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, -1, 0, -128, {-128, 100}, true},
    {i8, {8, 9, 3}, {4, 5, 4}, {{3, 3}, {2, 2}, {1, 1}, 0, 1}, 127, 0, 127, all_i8, true},
    {i8, {9, 8, 2}, {4, 7, 5}, {{3, 2}, {2, 1}, {1, 1}, 0, 0}, -128, 0, 3, {3, 127}, false},
    {i8, {9, 11, 2}, {9, 11, 3}, {{3, 3}, {1, 1}, {2, 2}, 2, 2}, 5, 0, -5, all_i8, true},
    {i8, {9, 11, 2}, {8, 9, 3}, {{2, 3}, {1, 1}, {1, 1}, 0, 0}, 0, 0, 0, {-7, 7}, true},
    {i8, {4, 5, 37}, {4, 5, 19}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, -17, 0, 11, all_i8, true},
    {i8, {7, 7, 16}, {1, 1, 6}, {{7, 7}, {7, 7}, {1, 1}, 0, 0}, -128, 0, 0, all_i8, true},
    {i8, {3, 4, 5}, {3, 4, 7}, {{5, 9}, {1, 1}, {1, 1}, 2, 4}, 100, 0, -100, all_i8, true},
    {i8, {6, 6, 1}, {2, 3, 1}, {{4, 1}, {3, 2}, {1, 3}, 1, 0}, 0, 0, 0, all_i8, false},
    {i8, {12, 1, 6}, {12, 1, 5}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 2, 0, -2, {-128, 50}, false},
    {u8, {9, 7, 3}, {5, 4, 8}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, 128, 122, 0, all_u8, false},
    {u8, {5, 5, 4}, {5, 5, 4}, {{3, 3}, {1, 1}, {2, 2}, 2, 2}, 0, 255, 255, {20, 240}, false},
    {u8, {5, 5, 4}, {3, 3, 2}, {{3, 3}, {1, 1}, {1, 1}, 0, 0}, 255, 0, 128, all_u8, false},
    {u8, {1, 1, 64}, {1, 1, 11}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 7, 201, 58, all_u8, false},
    // The padding of a PAD that asks for more than SAME would.
    {i8, {4, 4, 3}, {4, 4, 2}, {{3, 3}, {2, 2}, {1, 1}, 3, 2}, -9, 0, 1, all_i8, true},
};

constexpr step::depthwise_convolution depthwise[] = {
    {i8, {7, 6, 9}, {7, 6, 9}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, -128, 0, -128, all_i8, true},
    {i8, {8, 8, 8}, {4, 4, 8}, {{3, 3}, {2, 2}, {1, 1}, 0, 0}, 1, 17, 0, -3, {-3, 80}, true},
    {i8, {7, 7, 4}, {4, 4, 4}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, 1, 127, 0, 127, all_i8, true},
    {i8, {6, 9, 5}, {5, 4, 10}, {{2, 3}, {1, 2}, {1, 1}, 0, 0}, 2, 0, 0, 0, all_i8, false},
    {i8, {5, 5, 1}, {5, 5, 3}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 3, -5, 0, 9, {-10, 30}, true},
    {i8, {9, 8, 6}, {9, 8, 6}, {{3, 3}, {1, 1}, {2, 2}, 2, 2}, 1, 44, 0, -44, all_i8, true},
    {i8, {9, 8, 3}, {5, 7, 3}, {{3, 2}, {1, 1}, {2, 1}, 0, 0}, 1, -44, 0, 0, all_i8, true},
    {i8, {3, 4, 2}, {3, 4, 2}, {{5, 9}, {1, 1}, {1, 1}, 2, 4}, 1, 3, 0, 1, all_i8, true},
    {i8, {5, 4, 2}, {3, 4, 2}, {{3, 1}, {2, 1}, {1, 5}, 1, 0}, 1, 3, 0, 1, all_i8, false},
    {i8, {4, 4, 19}, {4, 4, 19}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 1, 0, 0, 0, all_i8, true},
    {u8, {7, 6, 9}, {7, 6, 9}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, 0, 165, 0, all_u8, false},
    {u8, {8, 7, 4}, {4, 4, 4}, {{3, 3}, {2, 2}, {1, 1}, 0, 1}, 1, 128, 0, 200, {9, 99}, false},
    {u8, {5, 5, 2}, {5, 5, 4}, {{3, 3}, {1, 1}, {2, 2}, 2, 2}, 2, 255, 255, 128, all_u8, false},
    {u8, {9, 9, 3}, {3, 3, 9}, {{3, 3}, {3, 3}, {1, 1}, 0, 0}, 3, 1, 52, 0, all_u8, false},
    {i8, {5, 6, 3}, {3, 3, 3}, {{3, 3}, {2, 2}, {1, 1}, 1, 2}, 1, -9, 0, 1, all_i8, true},
};

template <class Step>
constexpr bool is_depthwise = requires(Step step) {
  step.multiplier;
};

/// Random parameters of a layer, dead channels and extreme ones among them.
struct parameters {
  bytes weights;
  std::vector<std::int32_t> bias;
  std::vector<quantized_multiplier> multipliers;
};

parameters random_parameters(random_source& random, std::size_t weights, std::size_t per_output,
                             std::int32_t outputs, bool per_channel, bool depthwise_layout) {
  parameters made{random.bytes(weights), {}, {}};
  const bool has_bias = !random.one_in(4);
  for (std::int32_t channel = 0; channel < outputs; ++channel) {
    quantized_multiplier by{static_cast<std::int32_t>(random.between(1 << 30, INT32_MAX)),
                            static_cast<std::int32_t>(random.between(-9, 1))};
    auto bias = static_cast<std::int32_t>(random.between(-30000, 30000));
    if (random.one_in(5)) { // dead: no weights, a tiny scale, a huge bias
      by.shift = -21;
      bias = random.one_in(2) ? -324204896 : 324204896;
      for (std::size_t i = 0; i < per_output; ++i) {
        const auto at = static_cast<std::size_t>(channel);
        made.weights[depthwise_layout ? i * static_cast<std::size_t>(outputs) + at
                                      : at * per_output + i] = 0;
      }
    } else if (random.one_in(6)) {
      bias = random.any_int32();
      by = random.one_in(2) ? quantized_multiplier{} : by;
    }
    if (has_bias) {
      made.bias.push_back(bias);
    }
    if (per_channel || channel == 0) {
      made.multipliers.push_back(by);
    }
  }
  return made;
}

/// The sums of all outputs: each input element is sent to where it counts.
template <class Step>
std::vector<std::int64_t> sums(const Step& step, const bytes& input, const bytes& weights) {
  std::vector<std::int64_t> result(static_cast<std::size_t>(step.out.elements()));
  const auto& w = step.window;
  const std::int32_t columns = step.in.width;
  for (std::int32_t at = 0; at < step.in.height * columns; ++at) {
    for (std::int32_t tap = 0; tap < w.kernel.height * w.kernel.width; ++tap) {
      const std::int32_t ky = tap / w.kernel.width;
      const std::int32_t kx = tap % w.kernel.width;
      const std::int32_t down = at / columns + w.padding_top - ky * w.dilation.height;
      const std::int32_t right = at % columns + w.padding_left - kx * w.dilation.width;
      if (down < 0 || right < 0 || down % w.stride.height != 0 || right % w.stride.width != 0 ||
          down / w.stride.height >= step.out.height || right / w.stride.width >= step.out.width) {
        continue;
      }
      const std::int32_t pixel = down / w.stride.height * step.out.width + right / w.stride.width;
      for (std::int32_t c = 0; c < step.in.channels; ++c) {
        const std::int64_t x =
            element_of(input, step.type, static_cast<std::size_t>(at * step.in.channels + c)) -
            step.input_zero_point;
        for (std::int32_t o = 0; o < step.out.channels; ++o) {
          std::int32_t index = (o * w.kernel.height * w.kernel.width + tap) * step.in.channels + c;
          if constexpr (is_depthwise<Step>) {
            if (o / step.multiplier != c) {
              continue;
            }
            index = tap * step.out.channels + o;
          }
          result[static_cast<std::size_t>(pixel * step.out.channels + o)] +=
              x * (element_of(weights, step.type, static_cast<std::size_t>(index)) -
                   step.weights_zero_point);
        }
      }
    }
  }
  return result;
}

template <class Step>
std::vector<std::int32_t> expected_of(const Step& step, const bytes& input,
                                      const parameters& layer) {
  std::vector<std::int32_t> result;
  const auto channels = static_cast<std::size_t>(step.out.channels);
  for (const std::int64_t sum : sums(step, input, layer.weights)) {
    const std::size_t channel = result.size() % channels;
    const std::int32_t biased = low_32_bits(sum + (layer.bias.empty() ? 0 : layer.bias[channel]));
    const std::int32_t scaled =
        multiply_exactly(biased, layer.multipliers[step.per_channel ? channel : 0]);
    result.push_back(clamped(low_32_bits(wide{scaled} + step.output_zero_point), step.clamp.low,
                             step.clamp.high));
  }
  return result;
}

struct holds_against_the_model {
  template <auto Step>
  void operator()(std::size_t number) const {
    constexpr auto step = Step;
    random_source random(100 + number);
    const auto taps = static_cast<std::size_t>(step.window.kernel.height) *
                      static_cast<std::size_t>(step.window.kernel.width);
    const std::size_t per_output =
        is_depthwise<decltype(step)> ? taps : taps * static_cast<std::size_t>(step.in.channels);
    for (int round = 0; round < 12; ++round) {
      const parameters layer = random_parameters(
          random, per_output * static_cast<std::size_t>(step.out.channels), per_output,
          step.out.channels, step.per_channel, is_depthwise<decltype(step)>);
      const bytes input = random.bytes(static_cast<std::size_t>(step.in.elements()));
      const bytes bias = bytes_of(layer.bias);
      const auto expected = expected_of(step, input, layer);
      const bytes found = run_step<Step>(expected.size(), input, {},
                                         {.weights = constant_of(layer.weights),
                                          .bias = constant_of(bias),
                                          .multipliers = layer.multipliers.data()});
      for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(element_of(found, step.type, i), expected[i])
            << "element " << i << ", round " << round;
      }
    }
  }
};

TEST(convolution, is_the_sum_over_the_taps_inside_the_image) {
  for_each_step<convolutions>(holds_against_the_model{});
}

TEST(depthwise_convolution, is_the_sum_over_the_taps_inside_the_image) {
  for_each_step<depthwise>(holds_against_the_model{});
}

} // namespace
