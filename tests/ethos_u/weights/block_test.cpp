// SPDX-License-Identifier: Apache-2.0
#include "../../support/random.hpp"
#include "stream_reader.hpp"
#include "two_layers.hpp"

#include <inlay/kernels/ethos_u/packed_block.hpp>

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace {

using inlay::diagnosis;
using inlay::ethos_u::layer_weights;
using inlay::ethos_u::pack_block;
using inlay::ethos_u::packed_block;
using inlay::ethos_u::packed_range;
using inlay::ethos_u::weight_coding;

struct model {
  explicit model(std::uint64_t seed) {
    inlay::test::random_source random(seed);
    depthwise_weights = random.bytes(9 * 20);
    pointwise_weights = random.bytes(20 * 12);
    for (unsigned char& each : pointwise_weights) {
      each = each == 0x80 ? 0x81 : each;
    }
    bias = random.bytes(4 * 20);
    layers = inlay::test::two_layers(depthwise_weights, pointwise_weights, bias);
  }

  std::vector<unsigned char> depthwise_weights;
  std::vector<unsigned char> pointwise_weights;
  std::vector<unsigned char> bias;
  std::array<layer_weights, 2> layers{};
};

TEST(PackedBlock, HoldsEveryStreamAndEveryRecord) {
  const model made(12);
  for (const auto coding : {weight_coding::uncompressed, weight_coding::smallest}) {
    diagnosis found;
    const packed_block block = pack_block(made.layers, coding, found);
    ASSERT_TRUE(found.ok()) << found.message().view();
    ASSERT_EQ(block.layers.size(), made.layers.size());
    std::int64_t end = 0;
    for (std::size_t i = 0; i < made.layers.size(); ++i) {
      const layer_weights& layer = made.layers[i];
      for (int core = 0; core < 2; ++core) {
        const packed_range& range = block.layers[i].cores[static_cast<std::size_t>(core)];
        EXPECT_EQ(range.weights, end);
        EXPECT_EQ(range.scales, range.weights + range.weights_bytes);
        end = range.end();
        EXPECT_EQ(range.weights % 16 + range.scales % 16 + end % 16, 0);
        std::vector<int> expected;
        each_weight(layer.layout, core, layer, [&](int weight) { expected.push_back(weight); });
        const auto stream = std::span(block.bytes)
                                .subspan(static_cast<std::size_t>(range.weights),
                                         static_cast<std::size_t>(range.weights_bytes));
        EXPECT_EQ(inlay::test::stream_reader(stream).read(), expected);
        for (int output = core; output < layer.layout.outputs; output += 2) {
          const unsigned char* record = block.bytes.data() + range.scales + 10 * (output / 2);
          EXPECT_EQ(inlay::load<std::int32_t>(record),
                    layer.constants.bias.at<std::int32_t>(static_cast<std::size_t>(output)));
          EXPECT_EQ(record[9], layer.scale_of(output).shift);
        }
      }
    }
    EXPECT_EQ(static_cast<std::int64_t>(block.bytes.size()), end);
  }
}

TEST(PackedBlock, SmallestIsNotLarger) {
  for (std::uint64_t seed = 20; seed < 30; ++seed) {
    const model made(seed);
    diagnosis found;
    EXPECT_LE(pack_block(made.layers, weight_coding::smallest, found).bytes.size(),
              pack_block(made.layers, weight_coding::uncompressed, found).bytes.size());
  }
}

TEST(PackedBlock, WeightThatDoesNotFitIsNamed) {
  model made(13);
  made.pointwise_weights[7] = 0x80;
  diagnosis found("layer");
  pack_block(made.layers, weight_coding::uncompressed, found);
  EXPECT_EQ(found.message().view(), "layer 1 (weights): a weight has more than 8 bits as magnitude "
                                    "and sign; expected weights in [-127, 127], or the coding "
                                    "smallest");
  diagnosis compressed("layer");
  pack_block(made.layers, weight_coding::smallest, compressed);
  EXPECT_TRUE(compressed.ok());
}

TEST(PackedBlock, MultiplierThatDoesNotFitIsNamed) {
  model made(14);
  made.layers[0].constants.scaling.weight = 1e20F;
  diagnosis found("layer");
  pack_block(made.layers, weight_coding::smallest, found);
  EXPECT_EQ(found.message().view(), "layer 0 (weights): a bias has more than 40 bits, or a "
                                    "multiplier is not in [2^-32, 2^31)");
}

} // namespace
