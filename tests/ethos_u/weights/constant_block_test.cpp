// SPDX-License-Identifier: Apache-2.0
#include <inlay/kernels/ethos_u/constant_block.hpp>

#include <algorithm>
#include <gtest/gtest.h>

namespace {

using inlay::ethos_u::layer_weights;
using inlay::ethos_u::packed_block;
using inlay::ethos_u::weight_coding;

template <std::size_t Size>
constexpr auto bytes_from(std::uint32_t seed) {
  std::array<unsigned char, Size> made{};
  for (unsigned char& each : made) {
    seed = seed * 1664525 + 1013904223;
    each = static_cast<unsigned char>(seed >> 24);
  }
  return made;
}

// Two layers on two cores: a 3x3 depthwise convolution of legacy weights with a zero point, and a
// pointwise one with a weight of -128.
constexpr auto depthwise_weights = bytes_from<std::size_t{9} * 10>(1);
constexpr auto pointwise_weights = [] {
  auto made = bytes_from<std::size_t{4} * 12>(2);
  made[5] = 0x80;
  return made;
}();
constexpr auto bias = bytes_from<std::size_t{4} * 12>(3);
constexpr std::array<layer_weights, 2> layers = [] {
  inlay::layer_constants constants;
  constants.scaling.input = constants.scaling.output = 1;
  constants.scaling.weight = 0.01F;
  constants.bias = {bias.data(), bias.size()};
  std::array<layer_weights, 2> made{};
  inlay::step::depthwise_convolution depthwise;
  depthwise.type = inlay::element::uint8;
  depthwise.window.kernel = {3, 3};
  depthwise.in = depthwise.out = {5, 5, 10};
  depthwise.weights_zero_point = 130;
  depthwise.per_channel = false;
  constants.weights = {depthwise_weights.data(), depthwise_weights.size()};
  made[0] = inlay::ethos_u::layer_weights_of(depthwise, constants);
  inlay::step::convolution pointwise;
  pointwise.in = {5, 5, 4};
  pointwise.out = {5, 5, 12};
  pointwise.per_channel = false;
  constants.weights = {pointwise_weights.data(), pointwise_weights.size()};
  made[1] = inlay::ethos_u::layer_weights_of(pointwise, constants,
                                             inlay::ethos_u::traversal::depth_first);
  for (layer_weights& each : made) {
    each.layout.block_depth = 16;
    each.layout.cores = 2;
  }
  return made;
}();

using inlay::ethos_u::smallest;
constexpr const auto& table = smallest::table<layers>;
constexpr auto block = [] {
  std::array<unsigned char, static_cast<std::size_t>(table.bytes)> made{};
  if (!smallest::write<layers>(made.data())) {
    made[0] = 0xff;
  }
  return made;
}();
static_assert(table.bytes < uncompressed_table(layers).bytes);
static_assert(table.layers[1].cores[1].end() == table.bytes);

TEST(ConstantBlock, CompilerWritesWhatAProgramWrites) {
  inlay::diagnosis found("layer");
  const packed_block expected = pack_block(layers, weight_coding::smallest, found);
  ASSERT_TRUE(found.ok()) << found.message().view();
  EXPECT_TRUE(std::equal(expected.layers.begin(), expected.layers.end(), table.layers.begin(),
                         table.layers.end()));
  EXPECT_EQ(std::vector(block.begin(), block.end()), expected.bytes);
}

} // namespace
