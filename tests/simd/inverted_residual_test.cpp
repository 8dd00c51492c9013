// SPDX-License-Identifier: Apache-2.0
#include "architecture.hpp"
#include "random_layer.hpp"

// Fused blocks against the reference kernels, one step after the other.

namespace {

using namespace inlay;
using namespace inlay::test;

/// What a configuration says of a block; the rest follows.
struct shape_of_block {
  element type = element::int8;
  step::image in{};
  /// First convolution instead of an expansion: 3x3, stride 2.
  bool convolves = false;
  std::int32_t expanded = 0;
  std::int32_t stride = 1;
  std::int32_t padding = 1;
  std::int32_t out = 0;
  bool adds = false;
  std::int32_t zero_point = -128;
  std::int32_t weights_zero_point = 0;
  bool narrow = false;
};

constexpr step::inverted_residual block_of(const shape_of_block& given) {
  step::inverted_residual block;
  const bool wide = given.type == element::int8;
  const value_range all = wide ? value_range{-128, 127} : value_range{0, 255};
  const value_range relu =
      given.narrow ? value_range{given.zero_point, given.zero_point + 90} : all;
  const step::sliding_window one{{1, 1}, {1, 1}, {1, 1}, 0, 0};
  step::image middle = given.in;
  std::int32_t zero_point = wide ? 7 : 130;
  const std::int32_t weights = given.weights_zero_point;
  if (given.expanded > 0) {
    block.expands = true;
    middle.channels = given.expanded;
    if (given.convolves) {
      middle.height = (given.in.height + 1) / 2;
      middle.width = (given.in.width + 1) / 2;
    }
    block.expansion = {given.type,
                       given.in,
                       middle,
                       given.convolves ? step::sliding_window{{3, 3}, {2, 2}, {1, 1}, 0, 1} : one,
                       zero_point,
                       weights,
                       given.zero_point,
                       relu,
                       wide};
    zero_point = given.zero_point;
  }
  const auto slid = [&](std::int32_t size) {
    return (size + 2 * given.padding - 3) / given.stride + 1;
  };
  const step::image after{slid(middle.height), slid(middle.width), middle.channels};
  block.depthwise = {
      given.type, middle,
      after,      {{3, 3}, {given.stride, given.stride}, {1, 1}, given.padding, given.padding},
      1,          zero_point,
      weights,    given.zero_point,
      relu,       wide};
  block.projection = {given.type,
                      after,
                      {after.height, after.width, given.out},
                      one,
                      given.zero_point,
                      weights,
                      wide ? -9 : 99,
                      all,
                      wide};
  if (given.adds) {
    block.adds = true;
    block.sum = {.type = given.type,
                 .elements = after.height * std::int64_t{after.width} * given.out,
                 .first_zero_point = wide ? -9 : 99,
                 .second_zero_point = wide ? 7 : 130,
                 .first_multiplier = quantize_multiplier(0.31),
                 .second_multiplier = quantize_multiplier(0.5),
                 .output_zero_point = wide ? 3 : 120,
                 .output_multiplier = quantize_multiplier(1.3 / (1 << 20)),
                 .clamp = all};
  }
  return block;
}

constexpr element i8 = element::int8;
constexpr element u8 = element::uint8;
constexpr shape_of_block shapes[] = {
    {i8, {14, 14, 16}, false, 96, 1, 1, 16, true},
    {i8, {7, 7, 24}, false, 144, 1, 1, 40, false},
    {i8, {28, 28, 8}, false, 48, 2, 1, 24, false},
    {i8, {13, 9, 10}, false, 33, 2, 1, 7, false, 5, 0, true},
    {i8, {17, 20, 3}, true, 32, 1, 1, 16, false},
    {i8, {9, 11, 32}, false, 0, 1, 1, 12, false},
    {i8, {6, 5, 12}, false, 20, 1, 1, 12, true, -20, 0, true},
    {i8, {2, 3, 4}, false, 16, 1, 1, 8, false},
    {i8, {8, 10, 16}, false, 64, 1, 0, 100, false},
    {u8, {14, 14, 16}, false, 96, 1, 1, 16, true, 0, 122},
    {u8, {7, 5, 20}, false, 32, 2, 1, 24, false, 0, 255},
    {u8, {12, 12, 3}, true, 16, 1, 1, 8, false, 0, 1, true},
    {i8, {27, 4, 8}, false, 16, 1, 1, 8, false},
};

/// How many output rows the first half of a block's quads has.
template <std::size_t I>
constexpr int rows_of_half = [] {
  constexpr step::inverted_residual block = block_of(shapes[I]);
  using kernel = kernels::simd::inverted_residual<architecture, block>;
  return kernel::units / 2 * kernel::numbers::rows - kernel::above;
}();
static_assert(rows_of_half<0> == 7, "14 rows");
static_assert(rows_of_half<2> == 7, "14 rows, stride 2");
static_assert(rows_of_half<12> == 14, "27 rows");

template <std::size_t I>
void check() {
  SCOPED_TRACE("configuration " + std::to_string(I));
  constexpr step::inverted_residual block = block_of(shapes[I]);
  static_assert(kernels::simd::fuses<architecture>(block));
  random_source random(I);
  for (int round = 0; round < 6; ++round) {
    const random_layer expansion = layer_of(block.expansion, random);
    const random_layer depthwise = layer_of(block.depthwise, random);
    const random_layer projection = layer_of(block.projection, random);
    const auto elements = [](const step::image& image) {
      return static_cast<std::size_t>(image.elements());
    };
    const bytes input =
        random.bytes(elements(block.expands ? block.expansion.in : block.depthwise.in));
    bytes expected = input;
    std::vector<layer_constants> layers;
    if constexpr (block.expands) {
      constexpr auto step = block.expansion;
      expected = reference_output<step>(elements(step.out), expected, {}, &expansion);
      layers.push_back(expansion.constants());
    }
    constexpr auto second = block.depthwise;
    constexpr auto third = block.projection;
    expected = reference_output<second>(elements(second.out), expected, {}, &depthwise);
    expected = reference_output<third>(elements(third.out), expected, {}, &projection);
    layers.push_back(depthwise.constants());
    layers.push_back(projection.constants());
    if constexpr (block.adds) {
      constexpr auto sum = block.sum;
      expected = reference_output<sum>(expected.size(), expected, input);
    }
    const bytes found =
        target_output<target, block>(expected.size(), input, {}, layers, round % 2 != 0);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(int{found[i]}, int{expected[i]}) << "element " << i << ", round " << round;
    }
  }
}

TEST(simd, fused_blocks_equal_their_steps) {
  []<std::size_t... I>(std::index_sequence<I...>) {
    (check<I * every>(), ...);
  }
  (std::make_index_sequence<(std::size(shapes) + every - 1) / every>{});
}

} // namespace
