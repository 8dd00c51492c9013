// SPDX-License-Identifier: Apache-2.0
#include "../../program/tiny_network.hpp"
#include "observe.hpp"

#include <inlay/kernels/ethos_u/constant_block.hpp>

namespace {

using namespace inlay;

template <class Target, class Weights = ethos_u::uncompressed>
void expect_tiny() {
  using engine = ethos_u_engine<test::tiny, Target, ethos_u_options{}, Weights>;
  EXPECT_EQ(test::findings<engine>(), "");
  const test::bytes image(test::tiny_image.begin(), test::tiny_image.end());
  const test::observed found = test::run_on_npu<engine>(image, 0x55);
  test::bytes layers;
  for (const auto& [index, layer] : found.layers) {
    layers.insert(layers.end(), layer.begin(), layer.end());
  }
  test::bytes expected;
  for (const int value : test::tiny_layers) {
    expected.push_back(static_cast<unsigned char>(value));
  }
  EXPECT_EQ(layers, expected) << Target::name;
}

TEST(EthosUSmall, NetworkComputedByHand) {
  expect_tiny<targets::ethos_u55<32>>();
  expect_tiny<targets::ethos_u55<64>>();
  expect_tiny<targets::ethos_u55<128>>();
  expect_tiny<targets::ethos_u55<256>>();
  expect_tiny<targets::ethos_u65<256>>();
  expect_tiny<targets::ethos_u65<512>>();
}

TEST(EthosUSmall, WeightsThatTheCompilerCoded) {
  expect_tiny<targets::ethos_u55<128>, ethos_u::smallest>();
  expect_tiny<targets::ethos_u65<512>, ethos_u::smallest>();
}

} // namespace
