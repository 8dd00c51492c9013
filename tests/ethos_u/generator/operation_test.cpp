// SPDX-License-Identifier: Apache-2.0
#include <inlay/kernels/ethos_u/band_operation.hpp>
#include <inlay/kernels/ethos_u/block_dependency.hpp>
#include <inlay/kernels/ethos_u/block_search.hpp>
#include <inlay/kernels/ethos_u/step_operation.hpp>

#include <gtest/gtest.h>
#include <string>

namespace {

using namespace inlay;
using ethos_u::operation;
using ethos_u::step_operation;

constexpr step::convolution strided{.in = {224, 224, 3},
                                    .out = {112, 112, 32},
                                    .window = {.kernel = {3, 3}, .stride = {2, 2}},
                                    .input_zero_point = -1,
                                    .output_zero_point = -128,
                                    .clamp = {-128, 127}};

operation operation_of(const auto& what, const step::image& in, const step::image& out) {
  step::any any;
  any = what;
  return step_operation(any, in, out, element::int8).made();
}

TEST(EthosUOperation, PaddingIsWhatTheLastWindowLacks) {
  const operation made = operation_of(strided, strided.in, strided.out);
  EXPECT_EQ(made.padding.top, 0);
  EXPECT_EQ(made.padding.left, 0);
  EXPECT_EQ(made.padding.bottom, 1);
  EXPECT_EQ(made.padding.right, 1);
  EXPECT_EQ(made.input.zero_point, -1);
  EXPECT_EQ(made.output.zero_point, -128);
  EXPECT_TRUE(made.part_kernel_first);
}

TEST(EthosUOperation, AdditionScalesTheSmallerOperand) {
  // 0.25 and 0.5, to 0.5: 0.25 / (2 * 0.5) = 2^-2, 2 * 0.5 / (0.5 * 2^20) = 2^-19.
  step::add add{.elements = 8,
                .first_zero_point = 3,
                .second_zero_point = 5,
                .first_multiplier = quantize_multiplier(0.25),
                .second_multiplier = quantize_multiplier(0.5),
                .output_multiplier = quantize_multiplier(1.0 / (1 << 19)),
                .clamp = {-128, 127}};
  const step::image shape{1, 1, 8};
  operation made = operation_of(add, shape, shape);
  EXPECT_EQ(made.scaled, ethos_u::scaled_operand::first);
  // 2^-2 * 2^20 = 2^30 / 2^12.
  EXPECT_EQ(made.operand_multiplier, 1U << 30);
  EXPECT_EQ(made.operand_shift, 12);
  // 2^-19 = 2^30 / 2^49.
  EXPECT_EQ(made.output_multiplier, 1U << 30);
  EXPECT_EQ(made.output_shift, 49);
  EXPECT_EQ(made.input.zero_point, 3);
  EXPECT_EQ(made.second.zero_point, 5);
  std::swap(add.first_multiplier, add.second_multiplier);
  made = operation_of(add, shape, shape);
  EXPECT_EQ(made.scaled, ethos_u::scaled_operand::second);
  EXPECT_EQ(made.operand_shift, 12);
}

TEST(EthosUOperation, MeanIsAPoolOverAll) {
  const step::mean mean{.in = {7, 7, 1280},
                        .input_zero_point = -128,
                        .output_zero_point = 4,
                        .multiplier = {3 << 29, -5}};
  const operation made = operation_of(mean, mean.in, {1, 1, 1280});
  EXPECT_EQ(made.kind, ethos_u::operation_kind::average_pool);
  EXPECT_EQ(made.kernel, (extent{7, 7}));
  EXPECT_EQ(made.input.zero_point, -128);
  EXPECT_EQ(made.output.zero_point, 4);
  EXPECT_EQ(made.clamp, (value_range{-128, 127}));
  // 3 * 2^29 * 2^(-5 - 31).
  EXPECT_EQ(made.output_multiplier, 3U << 29);
  EXPECT_EQ(made.output_shift, 36);
}

TEST(EthosUOperation, MeansWhoseMultiplierDoesNotFitAreRefused) {
  const auto complaint = [](std::int32_t shift) {
    step::any what;
    what = step::mean{.in = {7, 7, 8}, .multiplier = {1 << 30, shift}};
    diagnosis found("layer");
    ethos_u::check_step(what, found);
    return std::string(found.message().view());
  };
  EXPECT_EQ(complaint(-32), "");
  EXPECT_EQ(complaint(31), "");
  EXPECT_NE(
      complaint(32).find("means whose multiplier is in [2^-32, 2^31), found 1073741824 * 2^1"),
      std::string::npos)
      << complaint(32);
  EXPECT_NE(complaint(-33).find("found 1073741824 * 2^-64"), std::string::npos) << complaint(-33);
}

TEST(EthosUOperation, AverageDividesExactly) {
  for (const int side : {1, 2, 3, 5, 7, 8, 16, 33}) {
    step::average_pool pool{.in = {side, side, 1}, .out = {1, 1, 1}, .clamp = {-128, 127}};
    pool.window.kernel = {side, side};
    const operation made = operation_of(pool, pool.in, pool.out);
    const int count = side * side;
    for (int sum = -128 * count; sum <= 127 * count; ++sum) {
      const std::int64_t product = std::int64_t{sum} * made.output_multiplier;
      const std::int64_t high = (product + (std::int64_t{1} << 30)) >> 31;
      const int average =
          rounding_divide_by_pot(static_cast<std::int32_t>(high), made.output_shift - 31);
      const int expected = sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
      ASSERT_EQ(average, expected) << sum << " / " << count;
    }
  }
}

/// The whole operation with rows of 100 bytes at 1000 (inputs) and 5000 (outputs).
ethos_u::npu_node node_of(std::int32_t input_ring, std::int32_t output_ring) {
  step::any any;
  step::convolution same = strided;
  same.in = {20, 5, 16};
  same.out = {20, 5, 16};
  same.window = {.kernel = {3, 3}, .padding_top = 1, .padding_left = 1};
  any = same;
  const step_operation whole(any, same.in, same.out, element::int8);
  ethos_u::npu_node node;
  node.whole = whole.made();
  constexpr ethos_u::npu on = ethos_u::u55(128);
  node.whole.blocks =
      choose_blocks(on, whole.request(4), flash_beside(on), ethos_u::constants_place::outside);
  node.whole.input.base = 1000;
  node.whole.input.row_stride = 100;
  node.whole.output.base = 5000;
  node.whole.output.row_stride = 100;
  node.input_rings[0] = input_ring;
  node.output_ring = output_ring;
  return node;
}

TEST(EthosUOperation, BandsArePaddedAtTheEndsOnly) {
  const ethos_u::npu on = ethos_u::u55(128);
  const ethos_u::npu_node node = node_of(20, 20);
  const operation first = band_operation(on, node, 0, 4);
  EXPECT_EQ(first.padding.top, 1);
  EXPECT_EQ(first.padding.bottom, 0);
  EXPECT_EQ(first.input.base, 1000);
  EXPECT_EQ(first.input.height, 5);
  EXPECT_EQ(first.output.base, 5000);
  const operation inner = band_operation(on, node, 4, 4);
  EXPECT_EQ(inner.padding.top, 0);
  EXPECT_EQ(inner.padding.bottom, 0);
  EXPECT_EQ(inner.input.base, 1300);
  EXPECT_EQ(inner.input.height, 6);
  EXPECT_EQ(inner.output.base, 5400);
  const operation last = band_operation(on, node, 16, 4);
  EXPECT_EQ(last.padding.bottom, 1);
  EXPECT_EQ(last.input.base, 2500);
  EXPECT_EQ(last.input.height, 5);
  EXPECT_EQ(last.input.first_rows, 5);
}

TEST(EthosUOperation, RingsGoOnAtTheirBeginning) {
  const operation inner = band_operation(ethos_u::u55(128), node_of(8, 4), 4, 4);
  // Rows 3 to 8 of the input: 3 to 7, and 8 in the place of 0.
  EXPECT_EQ(inner.input.base, 1300);
  EXPECT_EQ(inner.input.first_rows, 5);
  EXPECT_EQ(inner.input.height, 6);
  EXPECT_EQ(inner.input.wrapped_base, 1000);
  EXPECT_EQ(inner.output.base, 5000);
}

/// A pointwise convolution of 16x16x16 in blocks of 4 rows, from one address to another.
operation rows_in_blocks(std::int64_t from, std::int64_t to) {
  step::any any;
  step::convolution same = strided;
  same.in = same.out = {16, 16, 16};
  same.window = {};
  any = same;
  operation made = step_operation(any, same.in, same.out, element::int8).made();
  made.input.base = from;
  made.output.base = to;
  made.input.row_stride = made.output.row_stride = 256;
  made.blocks.output = {4, 16, 16};
  return made;
}

TEST(EthosUBlockDependency, BlocksThatAreReadMustBeFinished) {
  using ethos_u::block_dependency;
  const operation first = rows_in_blocks(0, 8192);
  EXPECT_EQ(block_dependency(first, rows_in_blocks(16384, 0)), 3);
  // Of four blocks the first one must be there, so that the other three may follow.
  EXPECT_EQ(block_dependency(first, rows_in_blocks(8192, 0)), 3);
  operation lower = rows_in_blocks(8192 + 2048, 0);
  EXPECT_EQ(block_dependency(first, lower), 1); // it begins with the last but one
  lower.input.base = 8192 + 3072;
  EXPECT_EQ(block_dependency(first, lower), 0);
  operation whole = rows_in_blocks(8192, 0);
  whole.blocks.output.height = 16;
  EXPECT_EQ(block_dependency(first, whole), 0);
  // A second block reads what the last block makes, one block later.
  operation two = rows_in_blocks(8192, 0);
  two.blocks.output.height = 8;
  EXPECT_EQ(block_dependency(first, two), 1);
  operation single = rows_in_blocks(0, 32768);
  single.blocks.output.height = 16;
  EXPECT_EQ(block_dependency(single, first), 1); // not into what came before
}

TEST(EthosUBlockDependency, SeesRingsAndBothOperands) {
  using ethos_u::block_dependency;
  const operation first = rows_in_blocks(0, 8192);
  operation ring = rows_in_blocks(20480, 0);
  ring.input.first_rows = 2;
  ring.input.wrapped_base = 8192 + 14 * 256;
  EXPECT_EQ(block_dependency(first, ring), 0);
  operation add = rows_in_blocks(20480, 0);
  add.kind = ethos_u::operation_kind::add;
  add.second = add.input;
  EXPECT_EQ(block_dependency(first, add), 3);
  add.second.base = 8192 + 3072;
  EXPECT_EQ(block_dependency(first, add), 0);
}

TEST(EthosUOperation, SomeChannelsLieWhereTheyDoInTheWholeTensor) {
  ethos_u::feature_map map{
      .base = 640, .first_rows = 7, .wrapped_base = 640, .height = 7, .width = 7, .depth = 40};
  map.row_stride = 7 * 40;
  const ethos_u::feature_map rows = channels_of(map, {16, 24});
  EXPECT_EQ(rows.base, 640 + 16);
  EXPECT_EQ(rows.wrapped_base, 640 + 16);
  EXPECT_EQ(rows.depth, 24);
  EXPECT_EQ(rows.stride_x(), 40);
  EXPECT_EQ(rows.stride_c(), 1);
  EXPECT_EQ(rows.row_bytes(), 6 * 40 + 24);

  map.is_blocked = true;
  map.row_stride = 7 * 48;
  const ethos_u::feature_map slices = channels_of(map, {16, 24});
  EXPECT_EQ(slices.base, 640 + 16 * 7);
  EXPECT_EQ(slices.stride_x(), 16);
  EXPECT_EQ(slices.stride_c(), 16 * 7);
  EXPECT_EQ(slices.row_bytes(), 2 * 16 * 7);
}

TEST(EthosUBlockDependency, OperationsThatMakeOtherChannelsDoNotWaitForEachOther) {
  operation all;
  all.kernel = all.stride = all.dilation = {1, 1};
  all.blocks.output = {8, 8, 16};
  all.input = {.first_rows = 7, .height = 7, .width = 7, .depth = 32, .row_stride = 7 * 32};
  all.output = {.base = 4096, .first_rows = 7, .height = 7, .width = 7, .depth = 64};
  all.output.row_stride = 7 * 64;
  all.output.is_blocked = true;
  operation first = all;
  first.output = channels_of(all.output, {0, 48});
  operation last = all;
  last.output = channels_of(all.output, {48, 16});
  EXPECT_EQ(block_dependency(first, last), 3);
  // What follows reads the last channels, too.
  operation next = all;
  next.input = all.output;
  next.output.base = 16384;
  EXPECT_EQ(block_dependency(last, next), 0);
}

} // namespace
