// SPDX-License-Identifier: Apache-2.0
#include <inlay/kernels/ethos_u/block_search.hpp>

#include <gtest/gtest.h>
#include <random>

namespace {

using namespace inlay::ethos_u;

// 3x3 of 32 inputs: 10 rows of 10, rounded up to whole micro-blocks; 10 * 10 * 32 bytes are 4
// banks, twice that is 8. 8 * 8 * 16 sums of 4 bytes are 4 banks, twice that is 8.
static_assert(lay_out_banks(u55(128),
                            {operation_kind::convolution, {56, 56, 64}, 32, {3, 3}, {1, 1}, false},
                            {8, 8, 16}) == bank_layout{10, 0, 14, true});
// The same where sums come in multiples of 16 banks and inputs in multiples of 8.
static_assert(lay_out_banks(u55(256),
                            {operation_kind::convolution, {56, 56, 64}, 32, {3, 3}, {1, 1}, false},
                            {8, 8, 16}) == bank_layout{10, 0, 30, true});
// Depthwise, the inputs are those of the block's channels; stride 2 needs 17 rows and columns,
// of which columns come in pairs: 17 * 18 * 16 bytes are 5 banks.
static_assert(lay_out_banks(u55(128),
                            {operation_kind::depthwise, {28, 28, 96}, 96, {3, 3}, {2, 2}, false},
                            {8, 8, 16}) == bank_layout{14, 0, 14, true});
// ADD has two inputs and no sums.
static_assert(lay_out_banks(u55(128),
                            {operation_kind::add, {14, 14, 64}, 64, {1, 1}, {1, 1}, false},
                            {14, 4, 64}) == bank_layout{22, 10, 22, true});
// One row of outputs has the sums of one row, though micro-blocks have two.
static_assert(
    lay_out_banks(u55(256),
                  {operation_kind::convolution, {1, 1, 1001}, 1280, {1, 1}, {1, 1}, false},
                  {2, 64, 128}) == bank_layout{10, 0, -18, false});
static_assert(
    lay_out_banks(u55(256),
                  {operation_kind::convolution, {1, 1, 1001}, 1280, {1, 1}, {1, 1}, false},
                  {2, 32, 128}) == bank_layout{10, 0, 14, true});

static_assert(reads_part_kernel_first(3, {3, 3}));
static_assert(!reads_part_kernel_first(16, {1, 1}));
static_assert(reads_part_kernel_first(16, {3, 3}));
static_assert(!reads_part_kernel_first(32, {3, 3}));
static_assert(!reads_part_kernel_first(320, {1, 1}));

/// Whether an NPU may work with such blocks, by the rules and not by the search.
void expect_legal(const npu& on, const block_request& request, const block_choice& chosen) {
  const block& size = chosen.output;
  const block& unit = on.micro_block;
  ASSERT_TRUE(chosen.banks.fits);
  EXPECT_GE(size.height, 1);
  EXPECT_LE(size.height, 32);
  EXPECT_LE(size.width, 64);
  EXPECT_LE(size.depth, 128);
  EXPECT_EQ(size.height % unit.height, 0);
  EXPECT_EQ(size.width % unit.width, 0);
  EXPECT_EQ(size.depth % unit.depth, 0);
  if (size.depth < request.output.depth) {
    EXPECT_EQ(size.depth % 16, 0);
  }
  EXPECT_EQ(chosen.banks, lay_out_banks(on, request, size));
  EXPECT_LE(chosen.banks.input_end, on.banks);
  EXPECT_LE(chosen.banks.sum_begin, on.banks > 16 ? on.banks - 2 : on.banks);
}

TEST(EthosUBlocks, OfAnyOperationAreLegal) {
  std::mt19937 random(7); // NOLINT(cert-msc51-cpp)
  const auto up_to = [&](int most) {
    return static_cast<std::int32_t>(random() % static_cast<unsigned>(most)) + 1;
  };
  for (const npu& on : {u55(32), u55(64), u55(128), u55(256), u65(256), u65(512)}) {
    for (int i = 0; i < 60; ++i) {
      const auto kind = static_cast<operation_kind>(random() % 4);
      const std::int32_t kernel = kind == operation_kind::add ? 1 : up_to(7);
      const std::int32_t stride = kind == operation_kind::add ? 1 : up_to(3);
      const block output{up_to(112), up_to(112), up_to(1280)};
      const std::int32_t inputs = kind == operation_kind::convolution ? up_to(1280) : output.depth;
      const block_request request{kind,
                                  output,
                                  inputs,
                                  {kernel, kernel},
                                  {stride, stride},
                                  kind == operation_kind::convolution &&
                                      reads_part_kernel_first(inputs, {kernel, kernel})};
      expect_legal(on, request,
                   choose_blocks(on, request, flash_beside(on), constants_place::outside));
    }
  }
}

} // namespace
