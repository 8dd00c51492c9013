// SPDX-License-Identifier: Apache-2.0
#include <inlay/kernels/ethos_u/emitter.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <optional>
#include <vector>

namespace {

using namespace inlay::ethos_u;

operation pointwise() {
  operation made;
  made.input = {.base = 0x1000,
                .first_rows = 4,
                .height = 4,
                .width = 4,
                .depth = 16,
                .row_stride = 64,
                .is_blocked = true,
                .zero_point = -3};
  made.output = {.base = 0x2000,
                 .first_rows = 4,
                 .height = 4,
                 .width = 4,
                 .depth = 24,
                 .row_stride = 128,
                 .is_blocked = true,
                 .zero_point = 5};
  made.clamp = {-128, 127};
  made.blocks = {{4, 4, 24}, {6, 0, 14, true}};
  made.weights.cores[0] = {0x100, 0x200, 0x300, 0xF0};
  return made;
}

class words {
public:
  explicit words(const npu& on) : on_(on) {}

  void run(const operation& what) {
    const auto sink = [this](std::uint32_t word) { all_.push_back(word); };
    emitter(on_, registers_, sink).run(what);
  }
  /// The parameter of the last command with that number.
  [[nodiscard]] std::optional<std::uint32_t> value(std::uint32_t code) const {
    std::optional<std::uint32_t> found;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const bool is_long = (all_[i] & 0x4000) != 0;
      if ((all_[i] & 0xFFFF) == code) {
        found = is_long ? all_[i + 1] : all_[i] >> 16;
      }
      i += is_long ? 1 : 0;
    }
    return found;
  }
  std::vector<std::uint32_t> all_;

private:
  npu on_;
  register_file registers_;
};

TEST(EthosUEmitter, WritesRegistersAsTheirFieldsSay) {
  words stream(u55(128));
  stream.run(pointwise());
  EXPECT_EQ(stream.all_.back(), 2U);     // CONV
  EXPECT_EQ(stream.value(0x105), 0x41U); // signed, blocked
  EXPECT_EQ(stream.value(0x109), 0xFFFDU);
  EXPECT_EQ(stream.value(0x114), 0x41U); // records, double rounding
  EXPECT_EQ(stream.value(0x118), 5U);
  EXPECT_EQ(stream.value(0x113), 23U);
  EXPECT_EQ(stream.value(0x126), 0xFF80U);
  EXPECT_EQ(stream.value(0x4000), 0x1000U);
  EXPECT_EQ(stream.value(0x4006), 64U); // 16 channels of 4 pixels
  EXPECT_EQ(stream.value(0x4014), 16U);
  EXPECT_EQ(stream.value(0x4021), 0x200U);
  EXPECT_EQ(stream.value(0x4022), 0x300U);
  EXPECT_EQ(stream.value(0x4002), std::nullopt); // no ring
  EXPECT_EQ(stream.value(0x4090), std::nullopt); // one core
}

TEST(EthosUEmitter, LeavesOutWhatHasNotChanged) {
  words stream(u55(128));
  stream.run(pointwise());
  stream.all_.clear();
  operation next = pointwise();
  next.input.zero_point = 7;
  stream.run(next);
  EXPECT_EQ(stream.all_, (std::vector<std::uint32_t>{7U << 16 | 0x109, 2}));
}

TEST(EthosUEmitter, RingsHaveASecondTile) {
  words stream(u55(128));
  operation ring = pointwise();
  ring.input.first_rows = 3;
  ring.input.wrapped_base = 0x800;
  stream.run(ring);
  EXPECT_EQ(stream.value(0x10B), 2U);
  EXPECT_EQ(stream.value(0x4002), 0x800U);
}

TEST(EthosUEmitter, TwoCoresHaveTwoStreams) {
  words stream(u65(512));
  operation both = pointwise();
  both.weights.cores[1] = {0x400, 0x1F0, 0x600, 0x80};
  stream.run(both);
  EXPECT_EQ(stream.value(0x4090), 0x400U);
  EXPECT_EQ(stream.value(0x4091), 0x1F0U);
  EXPECT_EQ(stream.value(0x4092), 0x600U);
  EXPECT_EQ(stream.value(0x4093), 0x80U);
}

TEST(EthosUEmitter, AdditionHasOneScaleAndASecondInput) {
  words stream(u55(128));
  operation add = pointwise();
  add.kind = operation_kind::add;
  add.second = add.input;
  add.second.base = 0x3000;
  add.scaled = scaled_operand::second;
  add.operand_multiplier = 1U << 30;
  add.operand_shift = 12;
  add.output_multiplier = 0x50000000;
  add.output_shift = 49;
  add.blocks.banks = {22, 10, 22, true};
  stream.run(add);
  EXPECT_EQ(stream.all_.back(), 0x00010006U);
  EXPECT_EQ(stream.value(0x105), 0x241U);
  EXPECT_EQ(stream.value(0x185), 0x41U);
  EXPECT_EQ(stream.value(0x114), 0x141U);
  EXPECT_EQ(stream.value(0x18D), 10U);
  EXPECT_EQ(stream.value(0x4080), 0x3000U);
  EXPECT_EQ(std::count(stream.all_.begin(), stream.all_.end(), 12U << 16 | 0x4025), 1);
  EXPECT_EQ(std::count(stream.all_.begin(), stream.all_.end(), 49U << 16 | 0x4024), 1);
  EXPECT_EQ(stream.value(0x4025), 1U << 30);
  EXPECT_EQ(stream.value(0x4020), std::nullopt); // no weights
}

static_assert(kernel_stride(1, 1, 1, 1, false) == 0);
static_assert(kernel_stride(2, 2, 1, 1, true) == 0b111);
static_assert(kernel_stride(3, 1, 1, 1, false) == 1 << 9);
static_assert(kernel_stride(1, 3, 1, 1, false) == 1 << 6);
static_assert(kernel_stride(1, 1, 2, 2, false) == 0b11000);

} // namespace
