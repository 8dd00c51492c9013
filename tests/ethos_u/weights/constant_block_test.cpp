// SPDX-License-Identifier: Apache-2.0
#include "two_layers.hpp"

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

constexpr auto depthwise_weights = bytes_from<std::size_t{9} * 10>(1);
constexpr auto pointwise_weights = [] {
  auto made = bytes_from<std::size_t{4} * 12>(2);
  made[5] = 0x80; // -128
  return made;
}();
constexpr auto bias = bytes_from<std::size_t{4} * 12>(3);
constexpr std::array<layer_weights, 2> layers =
    inlay::test::two_layers(depthwise_weights, pointwise_weights, bias);

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
