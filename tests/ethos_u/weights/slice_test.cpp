// SPDX-License-Identifier: Apache-2.0
#include "../../support/random.hpp"
#include "stream_reader.hpp"

#include <inlay/kernels/ethos_u/golomb_rice.hpp>

#include <array>
#include <gtest/gtest.h>
#include <vector>

namespace {

using inlay::ethos_u::bit_writer;
using inlay::ethos_u::bits_of_index;
using inlay::ethos_u::index_of;
using inlay::ethos_u::slice_coding;
using inlay::ethos_u::weight_palette;

/// Weights of one slice, as a decoder gives them, and what the slice is made of.
struct slice {
  weight_palette palette;
  slice_coding coding;
  std::vector<std::uint32_t> indices;
  std::vector<std::uint32_t> runs;
  std::vector<int> weights;
};

/// A palette of odd entries, and direct codes from 6 on.
weight_palette any_palette(inlay::test::random_source& random) {
  weight_palette made;
  made.first = random.one_in(2) ? 0 : 6;
  made.bits = 9;
  made.size = random.one_in(2) ? 0 : static_cast<int>(random.between(2, weight_palette::most));
  for (int i = 0; i < made.size; ++i) {
    made.codes[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>(508 - 7 * i);
  }
  return made;
}

slice any_slice(inlay::test::random_source& random, const weight_palette& palette,
                slice_coding coding, bool has_first_run) {
  slice made{palette, coding, {}, {}, {}};
  const bool compressed = coding.weight_bits != slice_coding::uncompressed;
  const int most_bits = compressed ? coding.weight_bits : uncompressed_bits(palette);
  const int quotients = !compressed ? 1 : coding.truncates ? 3 : 32;
  const bool has_runs = coding.run_bits != slice_coding::no_runs;
  const auto most_index =
      std::min<std::int64_t>((std::int64_t{quotients} << most_bits) - 1, 511 - palette.first);
  const auto take_run = [&] {
    const auto run = random.one_in(3) ? random.between(0, 200) : random.between(0, 3);
    made.runs.push_back(static_cast<std::uint32_t>(run));
    made.weights.insert(made.weights.end(), static_cast<std::size_t>(run), 0);
  };
  if (has_runs && has_first_run) {
    take_run();
  }
  for (auto left = random.between(1, 200); left > 0; --left) {
    auto index = static_cast<std::uint32_t>(random.between(0, most_index));
    auto code = static_cast<int>(index);
    if (index < static_cast<std::uint32_t>(palette.size)) {
      code = palette.codes[index];
    } else {
      code += palette.first - palette.size;
    }
    if (code > 511) {
      index = 0;
      code = palette.size == 0 ? palette.first : palette.codes[0];
    }
    made.indices.push_back(index);
    made.weights.push_back(code % 2 != 0 ? -(code / 2) : code / 2);
    if (has_runs) {
      take_run();
    }
  }
  return made;
}

void put(bit_writer& out, const slice& each, bool is_new) {
  put_slice(out, each.coding, each.indices, each.runs, each.palette, is_new);
}

slice_coding any_coding(inlay::test::random_source& random, bool runs) {
  slice_coding made;
  made.run_bits = runs ? static_cast<int>(random.between(0, 3)) : slice_coding::no_runs;
  if (!random.one_in(6)) {
    made.weight_bits = static_cast<int>(random.between(0, 5));
    made.truncates = random.one_in(2);
  }
  return made;
}

TEST(Slice, EveryCodingIsReadBack) {
  inlay::test::random_source random(4);
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE(round);
    const bool runs = random.one_in(2);
    const weight_palette palette = any_palette(random);
    const slice first = any_slice(random, palette, any_coding(random, runs), true);
    const slice second = any_slice(random, palette, any_coding(random, runs), false);
    std::vector<unsigned char> stream(1 << 14);
    bit_writer out(stream.data());
    put(out, first, true);
    put(out, second, false);
    put_end(out);
    stream.resize(static_cast<std::size_t>(out.bits() / 8));
    std::vector<int> expected = first.weights;
    expected.insert(expected.end(), second.weights.begin(), second.weights.end());
    inlay::test::stream_reader reader(stream);
    ASSERT_EQ(reader.read(), expected);
    EXPECT_EQ(reader.slices(), 2);
  }
}

TEST(Slice, CountedBitsAreThoseWritten) {
  inlay::test::random_source random(5);
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(round);
    const weight_palette palette = any_palette(random);
    const slice made = any_slice(random, palette, any_coding(random, false), true);
    bit_writer out(nullptr);
    put(out, made, true);
    std::int64_t expected = inlay::ethos_u::slice_head_bits + palette_bits(palette);
    for (const std::uint32_t index : made.indices) {
      expected += made.coding.weight_bits == slice_coding::uncompressed
                      ? uncompressed_bits(palette)
                      : bits_of_index(index, made.coding.weight_bits, made.coding.truncates);
    }
    // The last chunk's places are filled up.
    EXPECT_GE(out.bits(), expected);
    EXPECT_LT(out.bits(), expected + 12);
  }
}

TEST(Slice, IndexOfACodeIsItsPlaceOrFollowsThePalette) {
  weight_palette palette;
  palette.codes = {9, 4};
  palette.size = 2;
  palette.first = 6;
  EXPECT_EQ(index_of(palette, 9), 0U);
  EXPECT_EQ(index_of(palette, 4), 1U);
  EXPECT_EQ(index_of(palette, 6), 2U);
  EXPECT_EQ(index_of(palette, 300), 296U);
  EXPECT_GT(index_of(palette, 5), inlay::ethos_u::greatest_index);
}

// In the compiler: weights 1, -1, 0, 0, 5 with a run.
static_assert([] {
  std::array<unsigned char, 16> stream{};
  bit_writer out(stream.data());
  weight_palette palette;
  palette.first = 2;
  const std::array<std::uint32_t, 3> indices{0, 1, 8};
  const std::array<std::uint32_t, 4> runs{0, 0, 2, 0};
  put_slice(out, {.run_bits = 0, .weight_bits = 1}, indices, runs, palette, true);
  put_end(out);
  return out.bits() == 128 && stream[15] == 0xff;
}());

} // namespace
