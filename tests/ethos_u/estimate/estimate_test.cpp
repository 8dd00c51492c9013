// SPDX-License-Identifier: Apache-2.0
#include "../../support/loaded_model.hpp"

#include <inlay/kernels/ethos_u/band_cost.hpp>
#include <inlay/kernels/ethos_u/block_search.hpp>
#include <inlay/lower/lower.hpp>

#include <gtest/gtest.h>

namespace {

using namespace inlay;
using ethos_u::npu;
using ethos_u::operation_cost;

constexpr npu u55_128 = ethos_u::u55(128);

// Worked out by hand: 7 blocks of 12 groups of inputs, 8 micro-blocks deep, 14 of 4 cycles each.
constexpr ethos_u::block_request pointwise{
    .output = {14, 14, 64}, .input_depth = 384, .kernel = {1, 1}, .stride = {1, 1}};
constexpr operation_cost of_pointwise =
    estimate(u55_128, pointwise, {14, 2, 64}, sram_around(u55_128));
static_assert(of_pointwise.compute_cycles == 7 * 12 * 8 * 14 * 4 + 1668);
static_assert(of_pointwise.cycles == of_pointwise.compute_cycles + 112 / 8);
static_assert(of_pointwise.multiply_accumulates == 14 * 14 * 64 * 384);
static_assert(of_pointwise.bytes_read == 14 * 14 * 384);
static_assert(of_pointwise.bytes_written == 14 * 14 * 64);
static_assert(of_pointwise.constant_bytes == 7 * 64 * (384 + 10), "read again for each block");

// From flash, at a byte a cycle, the weights are what takes longest.
static_assert(estimate(u55_128, pointwise, {14, 2, 64}, flash_beside(u55_128)).cycles ==
              of_pointwise.constant_bytes + 112);

// 72 blocks, each 35 by 2 micro-blocks of three times four taps.
constexpr ethos_u::block_request depthwise{.kind = ethos_u::operation_kind::depthwise,
                                           .output = {14, 14, 384},
                                           .input_depth = 384,
                                           .kernel = {3, 3},
                                           .stride = {1, 1}};
constexpr operation_cost of_depthwise =
    estimate(u55_128, depthwise, {5, 14, 16}, sram_around(u55_128));
static_assert(of_depthwise.compute_cycles == 72 * 35 * 2 * 3 * 4 + 560);
static_assert(of_depthwise.constant_bytes == 3 * 384 * (9 + 10));

// Sums leave by three halves of a cycle an element, of whole blocks.
constexpr ethos_u::block_request sum{.kind = ethos_u::operation_kind::add,
                                     .output = {28, 28, 32},
                                     .input_depth = 32,
                                     .kernel = {1, 1},
                                     .stride = {1, 1}};
constexpr operation_cost of_sum = estimate(u55_128, sum, {28, 4, 32}, sram_around(u55_128));
static_assert(of_sum.compute_cycles >= 28 * 28 * 32 * 3 / 2);
static_assert(of_sum.constant_bytes == 0 && of_sum.multiply_accumulates == 0);
static_assert(of_sum.bytes_read == 2 * of_sum.bytes_written);

using chooser = ethos_u::block_choice (*)(const npu&, const ethos_u::block_request&,
                                          const ethos_u::memory_speed&, ethos_u::constants_place);

/// All operations of a model made in bands of `band` rows.
operation_cost cost_of(const test::loaded_model& model, const npu& on, std::int32_t band,
                       chooser choose = ethos_u::choose_blocks) {
  const auto work = std::make_unique<schedule<test::loaded_model::capacity>>();
  lower(*model.graph, {}, *work);
  operation_cost all;
  for (int i = 0; i < work->step_count; ++i) {
    const scheduled_step& step = (*work)[i];
    if (!ethos_u::is_for_npu(step.what)) {
      continue;
    }
    const tensor_type& in = model.graph->at(step.inputs[0]).type;
    const tensor_type& out = model.graph->at(step.output).type;
    const ethos_u::step_operation what(step.what, ethos_u::input_of(step.what, in.shape),
                                       ethos_u::output_of(step.what, out.shape), out.element);
    const std::int32_t rows = std::min(band, what.made().output.height);
    const ethos_u::memory_speed memory = sram_around(on);
    const auto blocks =
        choose(on, what.request(rows), memory, ethos_u::constants_place::outside).output;
    all += cost_of_bands(on, what, rows, blocks, memory);
  }
  return all;
}

class EthosUEstimate : public testing::Test {
protected:
  void SetUp() override {
    const std::filesystem::path shared = test::shared_folder();
    if (shared.empty()) {
      GTEST_SKIP() << "INLAY_SHARED names no folder with models/ and golden/";
    }
    model =
        std::make_unique<test::loaded_model>(shared / "models/tf2_mobilenet_v2_1.0_224_ptq.tflite");
    ASSERT_TRUE(model->found.ok()) << model->message();
  }

  std::unique_ptr<test::loaded_model> model;
};

TEST_F(EthosUEstimate, BandsDoTheSameWorkInMoreCycles) {
  const operation_cost whole = cost_of(*model, u55_128, 1000);
  EXPECT_EQ(whole.multiply_accumulates, 300'775'552);
  for (const int band : {1, 3, 8}) {
    const operation_cost bands = cost_of(*model, u55_128, band);
    EXPECT_EQ(bands.multiply_accumulates, whole.multiply_accumulates);
    EXPECT_EQ(bands.bytes_written, whole.bytes_written);
    EXPECT_GE(bands.cycles, whole.cycles) << "bands of " << band << " rows";
  }
}

// What another compiler (Vela 3.10) estimates for this model with everything in SRAM, for its own
// blocks; those of the fewest bytes are nearer to these than the best ones.
TEST_F(EthosUEstimate, IsNearAnotherCompilers) {
  const auto cycles =
      static_cast<double>(cost_of(*model, u55_128, 1000, ethos_u::choose_blocks_roughly).cycles);
  EXPECT_NEAR(cycles, 6'427'565, 0.1 * 6'427'565);
}

} // namespace
