// SPDX-License-Identifier: Apache-2.0
#include "layouts.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace {

using inlay::ethos_u::each_weight;
using inlay::ethos_u::traversal;
using inlay::ethos_u::weight_layout;

std::vector<int> traversed(const weight_layout& layout, int core) {
  std::vector<int> seen;
  each_weight(
      layout, core,
      [&](int output, int y, int x, int input) {
        const bool depthwise = layout.order == traversal::depthwise;
        EXPECT_LT(output, layout.outputs);
        EXPECT_LT(input, depthwise ? 1 : layout.inputs);
        return 1 + ((output * layout.kernel.height + y) * layout.kernel.width + x) * 128 + input;
      },
      [&](int weight) { seen.push_back(weight); });
  return seen;
}

TEST(WeightLayout, EveryWeightHasItsPlaceAndTheRestIsZero) {
  inlay::test::random_source random(1);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    const weight_layout layout = inlay::test::any_layout(random);
    for (int core = 0; core < layout.cores; ++core) {
      std::vector<int> seen = traversed(layout, core);
      ASSERT_EQ(seen.size(), static_cast<std::size_t>(weight_count(layout, core)));
      const inlay::test::weight_place place(layout, core);
      const int inputs = layout.order == traversal::depthwise ? 1 : layout.inputs;
      for (int output = core; output < layout.outputs; output += layout.cores) {
        for (int y = 0; y < layout.kernel.height; ++y) {
          for (int x = 0; x < layout.kernel.width; ++x) {
            for (int input = 0; input < inputs; ++input) {
              const auto at = static_cast<std::size_t>(place(output / layout.cores, y, x, input));
              ASSERT_LT(at, seen.size());
              ASSERT_EQ(seen[at],
                        1 + ((output * layout.kernel.height + y) * layout.kernel.width + x) * 128 +
                            input);
              seen[at] = 0;
            }
          }
        }
      }
      EXPECT_EQ(std::count(seen.begin(), seen.end(), 0), static_cast<std::ptrdiff_t>(seen.size()));
    }
  }
}

// 3x3x3 to 32 channels: 8 inputs, 12 elements; 3x3 depthwise: 12 elements; 16 to 96: 32 inputs.
TEST(WeightLayout, PadsToMicroBlocksAndFours) {
  weight_layout first;
  first.order = traversal::part_kernel;
  first.kernel = {3, 3};
  first.inputs = 3;
  first.outputs = 32;
  first.block_depth = 16;
  EXPECT_EQ(weight_count(first, 0), 32 * 8 * 12);
  weight_layout depthwise = first;
  depthwise.order = traversal::depthwise;
  EXPECT_EQ(weight_count(depthwise, 0), 32 * 12);
  weight_layout pointwise = first;
  pointwise.order = traversal::depth_first;
  pointwise.kernel = {};
  pointwise.inputs = 16;
  pointwise.outputs = 90;
  EXPECT_EQ(weight_count(pointwise, 0), 96 * 32);
  pointwise.cores = 2;
  pointwise.outputs = 1;
  EXPECT_EQ(weight_count(pointwise, 0), 8 * 32);
  EXPECT_EQ(weight_count(pointwise, 1), 0);
}

} // namespace
