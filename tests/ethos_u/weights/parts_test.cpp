// SPDX-License-Identifier: Apache-2.0
#include "../../support/random.hpp"
#include "two_layers.hpp"

#include <inlay/kernels/ethos_u/node_cost.hpp>
#include <inlay/kernels/ethos_u/weight_stream.hpp>

#include <gtest/gtest.h>
#include <vector>

// The constants of operations that make some of a convolution's output channels each.

namespace {

using namespace inlay;
using ethos_u::channel_range;
using ethos_u::layer_weights;

std::vector<std::int32_t> weights_read(const layer_weights& layer, int core) {
  std::vector<std::int32_t> read;
  each_weight(layer.layout, core, layer, [&](std::int32_t weight) { read.push_back(weight); });
  return read;
}

TEST(EthosUParts, HaveTheWeightsAndScalesOfTheirChannels) {
  constexpr std::int32_t inputs = 40;
  constexpr std::int32_t outputs = 12;
  const std::vector<unsigned char> depthwise(9 * 8, 130);
  std::vector<unsigned char> pointwise(std::size_t{inputs} * outputs);
  for (std::size_t i = 0; i < pointwise.size(); ++i) {
    pointwise[i] = static_cast<unsigned char>(i * 7 % 128);
  }
  std::vector<unsigned char> bias(std::size_t{outputs} * 4);
  for (std::size_t i = 0; i < bias.size(); i += 4) {
    bias[i] = static_cast<unsigned char>(i);
  }
  layer_weights all = test::two_layers(depthwise, pointwise, bias)[1];
  all.layout.cores = 1;
  for (const channel_range which :
       {channel_range{0, 5}, channel_range{5, 7}, channel_range{0, 12}}) {
    const layer_weights some = weights_of(all, which);
    EXPECT_EQ(some.layout.outputs, which.count);
    // As a layer of its own has them.
    std::vector<unsigned char> own(pointwise.begin() + which.first * inputs,
                                   pointwise.begin() + (which.first + which.count) * inputs);
    layer_weights alone = all;
    alone.constants.weights = {own.data(), own.size()};
    alone.layout.outputs = which.count;
    EXPECT_EQ(weights_read(some, 0), weights_read(alone, 0));
    for (std::int32_t i = 0; i < which.count; ++i) {
      EXPECT_EQ(some.scale_of(i), all.scale_of(which.first + i));
      EXPECT_EQ(some.scale_of(i).bias, 4 * (which.first + i));
    }
  }
}

// A part whose constants are larger than planned would not be copied.
TEST(EthosUParts, HaveNoMoreBytesThanPlanned) {
  test::random_source random(5);
  const auto between = [&](std::int32_t low, std::int32_t high) {
    return static_cast<std::int32_t>(random.between(low, high));
  };
  for (int i = 0; i < 2000; ++i) {
    ethos_u::weight_layout layout;
    const bool is_part_kernel = random.one_in(2);
    layout.order =
        is_part_kernel ? ethos_u::traversal::part_kernel : ethos_u::traversal::depth_first;
    const std::int32_t kernel = between(1, 3);
    layout.kernel = {kernel, kernel};
    layout.dilation = {1, 1};
    layout.inputs = between(1, 400);
    layout.outputs = between(17, 700);
    layout.cores = between(1, 2);
    layout.micro_outputs = random.one_in(2) ? 8 : 4;
    layout.block_depth = 16 * between(1, 8);
    layout.bits = between(8, 9);
    const ethos_u::node_cost all{.constants = uncompressed_bytes(layout),
                                 .channels = layout.outputs};

    const std::int64_t room = random.between(0, all.constants);
    const std::int32_t channels = all.channels_within(room);
    EXPECT_EQ(channels % ethos_u::channel_granule, 0);
    EXPECT_TRUE(channels == 0 || all.of(channels).constants <= room);

    ethos_u::weight_layout some = layout;
    some.outputs = 16 * between(1, (layout.outputs - 1) / 16);
    some.block_depth = 16 * between(1, 8);
    EXPECT_GE(all.of(some.outputs).constants, uncompressed_bytes(some))
        << some.outputs << " of " << layout.outputs << " outputs, " << layout.inputs << " inputs";
  }
}

} // namespace
