// SPDX-License-Identifier: Apache-2.0
#include "stream_error.hpp"
#include "weight_writer.hpp"

#include <gtest/gtest.h>

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;

std::vector<std::int16_t> some_weights(random_source& random, int count) {
  const std::int64_t most = random.one_in(3) ? 4 : random.one_in(2) ? 127 : 255;
  const int zeros = static_cast<int>(random.between(1, 4));
  std::vector<std::int16_t> weights(static_cast<std::size_t>(count));
  for (std::int16_t& weight : weights) {
    weight = random.one_in(zeros) && zeros > 1
                 ? std::int16_t{0}
                 : static_cast<std::int16_t>(random.between(-most, most));
  }
  return weights;
}

TEST(WeightStream, IsDecodedWhateverItsCoding) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_source random(seed);
    const auto weights = some_weights(random, static_cast<int>(random.between(1, 2000)));
    const coding how{seed % 4 != 0, static_cast<int>(random.between(1, 700))};
    ASSERT_EQ(decoded_weights(weight_stream(weights, how, random)), weights);
  }
}

TEST(WeightStream, GivesBackItsOrder) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_source random(seed);
    traversal order;
    order.depthwise = random.one_in(3);
    order.part_kernel = !order.depthwise && random.one_in(2);
    order.input_bits = random.one_in(4) ? 16 : 8;
    order.outputs = static_cast<int>(random.between(1, 70));
    order.inputs = order.depthwise ? 1 : static_cast<int>(random.between(1, 70));
    order.kernel_height = static_cast<int>(random.between(1, 10));
    order.kernel_width = static_cast<int>(random.between(1, 10));
    order.dilation_y = static_cast<int>(random.between(1, 2));
    order.dilation_x = static_cast<int>(random.between(1, 2));
    order.block_depth = static_cast<int>(random.between(1, 5)) * 16;
    order.micro_depth = random.one_in(2) ? 8 : 4;
    const auto weights = some_weights(random, order.outputs * order.kernel_height *
                                                  order.kernel_width * order.inputs);
    ASSERT_EQ(arranged(in_stream_order(weights, order), order), weights);
  }
}

std::string error_of(std::vector<std::byte> stream) {
  try {
    (void)decoded_weights(stream);
  } catch (const stream_error& error) {
    return error.what();
  }
  return "";
}

TEST(WeightStream, SaysWhatIsWrong) {
  random_source random(1);
  const std::vector<std::int16_t> weights(100, 5);
  auto stream = weight_stream(weights, {false, 100}, random);
  stream.resize(20);
  EXPECT_NE(error_of(stream).find("ends within a slice"), std::string::npos);
  EXPECT_NE(error_of({std::byte{4}, std::byte{0}}).find("divisor 4"), std::string::npos);
  // Zero runs off, one weight, no palette.
  EXPECT_NE(error_of({std::byte{6}, std::byte{0}, std::byte{0x1C}, std::byte{0}}).find("palette"),
            std::string::npos);
}

TEST(WeightStream, MustHaveAsManyWeightsAsTheOperationTakes) {
  traversal order;
  order.outputs = 8;
  order.inputs = 8;
  order.block_depth = 16;
  std::vector<std::int16_t> values(8 * 32);
  EXPECT_NO_THROW((void)arranged(values, order));
  values.pop_back();
  EXPECT_THROW((void)arranged(values, order), stream_error);
  values.resize(8 * 32 + 1);
  EXPECT_THROW((void)arranged(values, order), stream_error);
  values.resize(8 * 32);
  values.back() = 1; // there is no input 31
  EXPECT_THROW((void)arranged(values, order), stream_error);
}

TEST(ScaleRecord, HasFortyBitsOfBias) {
  std::vector<std::byte> bytes;
  append_scale(bytes, {-(std::int64_t{1} << 39), 0xFFFFFFFF, 63});
  append_scale(bytes, {(std::int64_t{1} << 39) - 1, 1, 0});
  const scale_record least = read_scale(std::span(bytes).first(10));
  EXPECT_EQ(least.bias, -(std::int64_t{1} << 39));
  EXPECT_EQ(least.multiplier, 0xFFFFFFFF);
  EXPECT_EQ(least.shift, 63);
  EXPECT_EQ(read_scale(std::span(bytes).subspan(10)).bias, (std::int64_t{1} << 39) - 1);
}

} // namespace
