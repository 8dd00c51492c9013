// SPDX-License-Identifier: Apache-2.0
#include "reader_streams.hpp"
#include "trial.hpp"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <memory>

// The generator's streams of the bundled network are good, and what is changed in them is noticed.

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;

TEST(EthosUStreams, AreSound) {
  for (std::size_t npu = 0; npu < machines.size(); ++npu) {
    SCOPED_TRACE(machines.at(npu).name);
    const captured& stream = reader_stream(npu);
    const program what = decode(stream.payload);
    EXPECT_EQ(what.machine.name, machines.at(npu).name);
    EXPECT_EQ(text_of(check(what, options_for(stream, what))), "");
    EXPECT_GT(what.operations.size(), 10U);
  }
}

struct mutation {
  std::string name;
  /// Changes an operation; false where it does not apply.
  std::function<bool(operation&)> change;
  /// Of a hundred changed operations, how many at least are noticed: a rounding need not matter
  /// for one picture.
  int least = 100;
};

bool weighted(const operation& one) {
  return one.has_weights();
}
bool sums(const operation& one) {
  return one.kind == kind::elementwise && one.elementwise_mode() == elementwise::add;
}
bool windowed(const operation& one) {
  return one.is_kernel() && one.kind != kind::elementwise && one.kernel_height > 1;
}
bool strided(const operation& one) {
  return windowed(one) && one.stride_y > 1;
}
bool padded(const operation& one) {
  return windowed(one) && one.pad_top + one.pad_bottom + one.pad_left + one.pad_right > 0;
}

template <class Where, class Change>
std::function<bool(operation&)> where(Where applies, Change change) {
  return [applies, change](operation& one) {
    if (!applies(one)) {
      return false;
    }
    change(one);
    return true;
  };
}

const auto any_kernel = [](const operation& one) { return one.is_kernel(); };

const std::vector<mutation>& mutations() {
  static const std::vector<mutation> all{
      {"rounding is natural", where(weighted, [](operation& o) { o.rounding = rounding::natural; }),
       20},
      {"rounding truncates",
       where(weighted, [](operation& o) { o.rounding = rounding::truncate; })},
      {"sums are rounded otherwise",
       where(sums, [](operation& o) { o.rounding = rounding::truncate; })},
      {"the input's zero point, which padding reads as",
       where(padded, [](operation& o) { ++o.ifm.zero_point; })},
      {"the output's zero point", where(weighted, [](operation& o) { ++o.ofm.zero_point; })},
      {"the input's stride of rows", where(windowed, [](operation& o) { o.ifm.stride_y += 16; })},
      {"the output's stride of rows", where(windowed, [](operation& o) { o.ofm.stride_y -= 16; })},
      {"the kernel's stride", where(strided, [](operation& o) { o.stride_y = 1; })},
      {"the padding goes to the other side", where(padded,
                                                   [](operation& o) {
                                                     std::swap(o.pad_top, o.pad_bottom);
                                                     std::swap(o.pad_left, o.pad_right);
                                                     if (o.pad_top == o.pad_bottom &&
                                                         o.pad_left == o.pad_right) {
                                                       o.pad_top = 0;
                                                     }
                                                   })},
      {"the input's layout",
       where([](const operation& o) { return o.is_kernel() && o.ifm.depth > 16; },
             [](operation& o) {
               const bool plain = o.ifm.layout == tensor_layout::nhwc;
               o.ifm.layout = plain ? tensor_layout::nhcwb16 : tensor_layout::nhwc;
             })},
      {"the input counts as unsigned",
       where(any_kernel, [](operation& o) { o.ifm.is_signed = false; })},
      {"the input lies elsewhere", where(any_kernel, [](operation& o) { o.ifm.base[0] += 16; })},
      {"the input is not aligned", where(any_kernel, [](operation& o) { o.ifm.base[0] += 8; })},
      {"the output takes the input's place",
       where(weighted, [](operation& o) { o.ofm.base = o.ifm.base; })},
      {"the output goes among the constants",
       where(any_kernel, [](operation& o) { o.ofm.region = 0; })},
      {"the output leaves the arena",
       where(any_kernel, [](operation& o) { o.ofm.base[0] += 1 << 20; })},
      {"the weights are others", where(weighted, [](operation& o) { o.weights[0].base += 16; })},
      {"the weights are too short",
       where(weighted, [](operation& o) { o.weights[0].bytes -= 16; })},
      {"the scales are others", where(weighted, [](operation& o) { o.scales[0].base += 16; })},
      {"the weights are taken in another order",
       where(
           [](const operation& o) {
             return o.kind == kind::convolution && (o.ifm.depth > 8 || o.kernel_height > 1);
           },
           [](operation& o) { o.part_kernel = !o.part_kernel; })},
      {"the block is deeper than the weights' order",
       where(
           [](const operation& o) { // of 32 inputs and fewer the order is the same
             return o.kind == kind::convolution && o.ifm.depth > 32 && o.ofm.depth > o.block_depth;
           },
           [](operation& o) { o.block_depth += 16; })},
      {"the block is no multiple of the micro-block",
       where(any_kernel, [](operation& o) { o.block_depth -= 1; })},
      {"the block is too large for its banks", where(any_kernel,
                                                     [](operation& o) {
                                                       o.block_height = 32;
                                                       o.block_width = 64;
                                                       o.block_depth = 128;
                                                     })},
      {"the buffers overlap",
       where([](const operation& o) { return o.is_kernel() && o.kind != kind::elementwise; },
             [](operation& o) { o.sum_start = o.input_end - 2; })},
      {"the sums leave SHRAM", where(any_kernel, [](operation& o) { o.sum_start = 48; })},
      {"the activation's maximum", where(weighted, [](operation& o) { o.activation_max -= 60; }),
       60},
      {"the activation's minimum",
       where([](const operation& o) { return o.has_weights() && o.ofm.zero_point == -128; },
             [](operation& o) { o.activation_min += 20; })},
      {"the operands' scales are exchanged",
       where(sums, [](operation& o) { o.scale_mode = 3 - o.scale_mode; })},
      {"the sum is scaled by half", where(sums, [](operation& o) { ++o.ofm_scale.shift; })},
      {"channels are forgotten",
       where([](const operation& o) { return o.kind == kind::convolution && o.ifm.depth > 16; },
             [](operation& o) { o.ifm.depth -= 16; })},
      {"BLOCKDEP is 4", where(any_kernel, [](operation& o) { o.block_dependency = 4; })},
  };
  return all;
}

void expect_noticed(const trial& on, const mutation& one, int most) {
  int applied = 0;
  int noticed = 0;
  std::string missed;
  for (std::size_t i = 0; i < on.good().operations.size() && applied < most; ++i) {
    program changed = on.good();
    if (!one.change(changed.operations[i])) {
      continue;
    }
    ++applied;
    if (on.noticed_by(changed).empty()) {
      missed += " " + describe(on.good().operations[i]);
    } else {
      ++noticed;
    }
  }
  EXPECT_GT(noticed, 0) << one.name << ", of " << applied;
  EXPECT_GE(noticed * 100, applied * one.least) << one.name << ", missed:" << missed;
}

TEST(EthosUStreams, MutationsAreNoticed) {
  for (const std::size_t npu : {std::size_t{2}, std::size_t{5}}) {
    SCOPED_TRACE(machines.at(npu).name);
    const trial on = trial_of(reader_stream(npu));
    for (const mutation& one : mutations()) {
      expect_noticed(on, one, 4);
    }
  }
}

/// What only streams in bands have.
const std::vector<mutation>& band_mutations() {
  const auto in_tiles = [](const operation& o) {
    return o.is_kernel() && o.ifm.height0 < o.ifm.height;
  };
  static const std::vector<mutation> all{
      {"BASE2 is ignored",
       where(in_tiles,
             [](operation& o) { o.ifm.base[2] = o.ifm.base[0] + o.ifm.height0 * o.ifm.stride_y; })},
      {"HEIGHT0 is one row more", where(in_tiles, [](operation& o) { ++o.ifm.height0; })},
      {"HEIGHT0 is one row less",
       where([&](const operation& o) { return in_tiles(o) && o.ifm.height0 > 1; },
             [](operation& o) { --o.ifm.height0; })},
      {"a band begins one row too late",
       where(in_tiles, [](operation& o) { o.ifm.base[0] += o.ifm.stride_y; })},
      {"BLOCKDEP is not 0", where(
                                [](const operation& o) {
                                  // its first block reads all columns and channels
                                  const bool all_channels = o.kind == kind::convolution
                                                                ? o.ifm.depth <= 16
                                                                : o.block_depth >= o.ofm.depth;
                                  return o.is_kernel() && o.block_dependency == 0 && o.index > 0 &&
                                         o.block_width >= o.ofm.width && all_channels;
                                },
                                [](operation& o) { o.block_dependency = 3; })},
  };
  return all;
}

TEST(EthosUStreams, MutationsOfBandsAreNoticed) {
  const trial on = trial_of(cascaded_reader_stream());
  for (const mutation& one : band_mutations()) {
    expect_noticed(on, one, 12);
  }
}

TEST(EthosUStreams, OperationsThatAreLeftOutOrExchangedAreNoticed) {
  const trial on = trial_of(reader_stream(2));
  for (std::size_t i = 0; i + 1 < on.good().operations.size(); ++i) {
    program without = on.good();
    without.operations.erase(without.operations.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_NE(on.noticed_by(without), "") << describe(on.good().operations[i]);
    program exchanged = on.good();
    std::swap(exchanged.operations[i], exchanged.operations[i + 1]);
    EXPECT_NE(on.noticed_by(exchanged), "") << describe(on.good().operations[i]);
  }
}

TEST(EthosUStreams, BitsOfConstantsMatter) {
  const trial on = trial_of(reader_stream(2));
  const captured& stream = reader_stream(2);
  for (const operation& one : on.good().operations) {
    if (!one.has_weights()) {
      continue;
    }
    auto constants = stream.constants;
    for (int c = 0; c < one.ofm.depth; ++c) {
      constants[static_cast<std::size_t>(one.scales[0].base + std::int64_t{c} * 10 + 8)] ^=
          std::byte{0x20};
    }
    EXPECT_NE(on.noticed_by(on.good(), constants), "") << describe(one);
  }
}

/// A command of a payload is left out: a register keeps what it had, or has nothing.
TEST(EthosUStreams, EveryRegisterOfTheFirstOperationMatters) {
  const captured& stream = reader_stream(2);
  const program good = decode(stream.payload);
  const trial on = trial_of(reader_stream(2));
  std::vector<std::uint32_t> words;
  for (std::size_t at = 0; at < stream.payload.size(); at += 4) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      word |= std::to_integer<std::uint32_t>(stream.payload[at + i]) << (8 * i);
    }
    words.push_back(word);
  }
  constexpr std::size_t header = 8;
  const std::size_t end = good.operations.front().word;
  int tried = 0;
  for (std::size_t at = 0; at < end;) {
    const std::size_t length = (words[header + at] & 0x4000) != 0 ? 2 : 1;
    std::vector<std::byte> payload = stream.payload;
    // A register that exists and matters to no operation of the NPU's kind: DMA's.
    for (std::size_t i = 0; i < length; ++i) {
      const std::uint32_t word = length == 2 ? (i == 0 ? 0x4030U : 0U) : 0x0130U;
      for (std::size_t b = 0; b < 4; ++b) {
        payload[(header + at + i) * 4 + b] = static_cast<std::byte>(word >> (8 * b));
      }
    }
    ++tried;
    // Nothing reaches the tiles behind the first, so that their bases do not count.
    const std::uint32_t code = words[header + at] & 0x3FF;
    const bool tile = length == 2 && (code & 0xF) >= 1 && (code & 0xF) <= 3 &&
                      (code >> 4 == 0 || code >> 4 == 1 || code >> 4 == 8);
    EXPECT_EQ(on.noticed_by(decode(payload)).empty(), tile) << "command " << code;
    at += length;
  }
  EXPECT_GT(tried, 20);
}

} // namespace
