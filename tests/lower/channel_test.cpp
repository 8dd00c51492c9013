// SPDX-License-Identifier: Apache-2.0
#include "../support/loaded_model.hpp"

#include <inlay/lower/channel.hpp>
#include <inlay/lower/lower.hpp>

#include <gtest/gtest.h>
#include <memory>

namespace {

using inlay::test::loaded_model;
using schedule = inlay::schedule<loaded_model::capacity>;

struct tally {
  int channels = 0;
  int exact = 0;
  int additions = 0;
  int exact_additions = 0;
};

tally count_forms(const char* model) {
  const loaded_model read(inlay::test::shared_folder() / "models" / model);
  EXPECT_TRUE(read.found.ok()) << read.message();
  const auto steps = std::make_unique<schedule>();
  inlay::lower(*read.graph, inlay::lowering{}, *steps);
  tally counted{};
  for (int i = 0; i < steps->step_count; ++i) {
    const inlay::forms found = inlay::forms_of((*steps)[i].what, (*steps)[i].layers[0]);
    const bool is_add = (*steps)[i].what.is<inlay::step::add>();
    (is_add ? counted.additions : counted.channels) += found.all;
    (is_add ? counted.exact_additions : counted.exact) += found.exact;
  }
  return counted;
}

TEST(forms_of, finds_exact_ones_for_nearly_all_channels_of_int8) {
  if (inlay::test::shared_folder().empty()) {
    GTEST_SKIP() << "INLAY_SHARED names no folder with models/";
  }
  const tally counted = count_forms("tf2_mobilenet_v2_1.0_224_ptq.tflite");
  EXPECT_EQ(counted.channels, 18057);
  EXPECT_GE(counted.exact, 17900);
  EXPECT_EQ(counted.additions, 10);
  EXPECT_GE(counted.exact_additions, 9);
}

TEST(forms_of, finds_exact_ones_for_all_channels_of_uint8) {
  if (inlay::test::shared_folder().empty()) {
    GTEST_SKIP() << "INLAY_SHARED names no folder with models/";
  }
  const tally counted = count_forms("mobilenet_v2_1.0_224_quant.tflite");
  EXPECT_EQ(counted.exact, counted.channels);
  EXPECT_EQ(counted.channels, 18057);
  EXPECT_EQ(counted.exact_additions, 10);
}

} // namespace
