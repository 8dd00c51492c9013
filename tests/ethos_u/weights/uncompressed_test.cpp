// SPDX-License-Identifier: Apache-2.0
#include "layouts.hpp"
#include "stream_reader.hpp"

#include <inlay/kernels/ethos_u/weight_stream.hpp>

#include <gtest/gtest.h>
#include <vector>

namespace {

using inlay::ethos_u::layer_weights;
using inlay::ethos_u::layer_weights_of;
using inlay::ethos_u::traversal;
using inlay::ethos_u::weight_layout;

TEST(UncompressedWeights, AreReadBack) {
  inlay::test::random_source random(3);
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE(round);
    weight_layout layout = inlay::test::any_layout(random);
    layout.bits = random.one_in(2) ? 8 : 9;
    const int most = layout.bits == 8 ? 127 : 255;
    const auto weight = [&](int output, int y, int x, int input) {
      const int mixed = output * 7919 + y * 104729 + x * 1299709 + input * 15485863 + round;
      return mixed % 5 == 0 ? most * (mixed % 2 == 0 ? 1 : -1) : mixed % (most + 1);
    };
    for (int core = 0; core < layout.cores; ++core) {
      std::vector<int> expected;
      each_weight(layout, core, weight, [&](int value) { expected.push_back(value); });
      std::vector<unsigned char> stream(static_cast<std::size_t>(uncompressed_bytes(layout, core)));
      ASSERT_TRUE(write_uncompressed(layout, core, weight, stream.data()));
      if (expected.empty()) {
        EXPECT_TRUE(stream.empty());
        continue;
      }
      EXPECT_EQ(inlay::test::stream_reader(stream).read(), expected);
    }
  }
}

TEST(UncompressedWeights, WeightThatHasTooManyBitsIsRefused) {
  weight_layout layout;
  layout.outputs = layout.inputs = layout.block_depth = 8;
  std::vector<unsigned char> stream(static_cast<std::size_t>(uncompressed_bytes(layout, 0)));
  const auto all = [&](int value) {
    return write_uncompressed(
        layout, 0, [&](int, int, int, int) { return value; }, stream.data());
  };
  EXPECT_TRUE(all(-127));
  EXPECT_FALSE(all(-128));
  EXPECT_FALSE(all(128));
}

// Two layers in the compiler: a pointwise convolution of four weights and a depthwise one by 1, 2,
// 3, ... of all channels.
constexpr unsigned char weights[]{1, 2, 3, 0xff};
constexpr unsigned char bias[]{0x10, 0, 0, 0};
constexpr auto taps = [] {
  std::array<unsigned char, std::size_t{9} * 8> made{};
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i] = static_cast<unsigned char>(i / 8 + 1);
  }
  return made;
}();
constexpr std::array<layer_weights, 2> layers = [] {
  std::array<layer_weights, 2> made{};
  inlay::step::convolution pointwise;
  pointwise.in = {1, 1, 4};
  pointwise.out = {1, 1, 1};
  inlay::layer_constants constants;
  constants.weights = {weights, 4};
  constants.bias = {bias, 4};
  constants.scaling.input = constants.scaling.output = 1;
  constants.scaling.weight = 0.25F;
  pointwise.per_channel = false;
  made[0] = layer_weights_of(pointwise, constants, traversal::depth_first);
  inlay::step::depthwise_convolution depthwise;
  depthwise.window.kernel = {3, 3};
  depthwise.in = {3, 3, 8};
  depthwise.out = {1, 1, 8};
  depthwise.per_channel = false;
  constants.weights = {taps.data(), taps.size()};
  constants.bias = {};
  constants.scaling.weight = 0.125F;
  made[1] = layer_weights_of(depthwise, constants);
  for (layer_weights& each : made) {
    each.layout.block_depth = 8;
  }
  return made;
}();
constexpr auto table = uncompressed_table(layers);
constexpr auto block = [] {
  std::array<unsigned char, static_cast<std::size_t>(table.bytes)> made{};
  if (write_uncompressed(layers, table, made.data()) != -1) {
    made[0] = 0;
  }
  return made;
}();

std::span<const unsigned char> part(std::int64_t first, std::int64_t bytes) {
  return std::span(block).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(bytes));
}

TEST(UncompressedWeights, BlockIsMadeInTheCompiler) {
  const auto& pointwise = table.layers[0].cores[0];
  const auto& depthwise = table.layers[1].cores[0];
  EXPECT_EQ(pointwise.scales_bytes, 16);
  EXPECT_EQ(depthwise.scales_bytes, 80);
  EXPECT_EQ(depthwise.weights, pointwise.end());
  EXPECT_EQ(table.bytes, depthwise.end());
  EXPECT_EQ(table.layers[0].cores[1], inlay::ethos_u::packed_range{});

  const auto first = inlay::test::stream_reader(part(0, pointwise.weights_bytes)).read();
  std::vector<int> expected(8 * 32);
  std::copy_n(std::array{1, 2, 3, -1}.begin(), 4, expected.begin());
  EXPECT_EQ(first, expected);
  // 2^-2 = 2^30 / 2^32.
  const auto scale = part(pointwise.scales, 10);
  EXPECT_EQ(std::vector(scale.begin(), scale.end()),
            (std::vector<unsigned char>{0x10, 0, 0, 0, 0, 0, 0, 0, 0x40, 32}));

  const auto second =
      inlay::test::stream_reader(part(depthwise.weights, depthwise.weights_bytes)).read();
  ASSERT_EQ(second.size(), 8U * 12);
  for (std::size_t i = 0; i < second.size(); ++i) {
    EXPECT_EQ(second[i], i < 8U * 9 ? static_cast<int>(i / 8) + 1 : 0);
  }
  // 2^-3 = 2^30 / 2^33.
  const auto division = part(depthwise.scales + 70, 10);
  EXPECT_EQ(std::vector(division.begin(), division.end()),
            (std::vector<unsigned char>{0, 0, 0, 0, 0, 0, 0, 0, 0x40, 33}));
}

} // namespace
