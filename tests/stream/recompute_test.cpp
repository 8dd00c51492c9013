// SPDX-License-Identifier: Apache-2.0
#include "../support/random.hpp"

#include <inlay/lower/recompute.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <string>

// Rows that a depthwise convolution computes for itself are read where they would be: pieces of
// columns, rows of what the convolution reads, and what both cost are counted one by one.

namespace {

using namespace inlay;
using test::random_source;

std::int32_t any(random_source& random, int low, int high) {
  return static_cast<std::int32_t>(random.between(low, high));
}

/// Of images that it fills: each window has something to see.
template <class Step>
Step random_step(random_source& random, step::image in) {
  Step made;
  made.in = in;
  made.window.kernel = {any(random, 1, 4), any(random, 1, 4)};
  made.window.stride = {any(random, 1, 3), any(random, 1, 3)};
  made.window.dilation = {any(random, 1, 2), any(random, 1, 2)};
  const auto reach = [](std::int32_t kernel, std::int32_t dilation) {
    return (kernel - 1) * dilation;
  };
  const std::int32_t down = reach(made.window.kernel.height, made.window.dilation.height);
  const std::int32_t across = reach(made.window.kernel.width, made.window.dilation.width);
  made.window.padding_top = any(random, 0, down / 2);
  made.window.padding_left = any(random, 0, across / 2);
  const auto outputs = [&](std::int32_t size, std::int32_t before, std::int32_t stride) {
    return (size - 1 + before) / stride + 1 - any(random, 0, 1);
  };
  made.out.height = std::max(
      1, outputs(in.height, made.window.padding_top, made.window.stride.height) - down / 2);
  made.out.width = std::max(
      1, outputs(in.width, made.window.padding_left, made.window.stride.width) - across / 2);
  made.out.channels = any(random, 1, 20);
  return made;
}

/// The elements of an axis that window `at` sees.
std::set<std::int32_t> seen(std::int32_t at, std::int32_t kernel, std::int32_t stride,
                            std::int32_t dilation, std::int32_t padding, std::int32_t size) {
  std::set<std::int32_t> elements;
  for (std::int32_t k = 0; k < kernel; ++k) {
    const std::int32_t element = at * stride - padding + k * dilation;
    if (element >= 0 && element < size) {
      elements.insert(element);
    }
  }
  return elements;
}
template <class Step>
std::set<std::int32_t> columns(const Step& step, std::int32_t x) {
  return seen(x, step.window.kernel.width, step.window.stride.width, step.window.dilation.width,
              step.window.padding_left, step.in.width);
}
template <class Step>
std::set<std::int32_t> rows(const Step& step, std::int32_t y) {
  return seen(y, step.window.kernel.height, step.window.stride.height, step.window.dilation.height,
              step.window.padding_top, step.in.height);
}

constexpr graph_size size{4, 3};

/// An image, a convolution and the depthwise convolution that reads it, as rows.
struct pair_of_steps {
  step::convolution made;
  step::depthwise_convolution reader;
  schedule<size> work{};
  row_stream<size> stream{};

  explicit pair_of_steps(random_source& random)
      : made(random_step<step::convolution>(
            random, {any(random, 4, 30), any(random, 4, 30), any(random, 1, 9)})),
        reader(random_step<step::depthwise_convolution>(random, made.out)) {
    reader.out.channels = made.out.channels;
    work.step_count = 2;
    work.steps[0].what = made;
    work.steps[1].what = reader;
    stream.count = 3;
    describe(0, -1, made.in);
    describe(1, 0, made.out);
    describe(2, 1, reader.out);
    connect(1, made);
    connect(2, reader);
    stream.nodes[2].is_output = true;
  }

private:
  void describe(std::size_t number, int step, const step::image& image) {
    row_node& node = stream.nodes[number];
    node.step = step;
    node.rows = node.height = image.height;
    node.row_bytes = node.row_pitch = node.pitch = std::int64_t{image.width} * image.channels;
  }
  template <class Step>
  void connect(int number, const Step& step) {
    row_node& node = stream.nodes[static_cast<std::size_t>(number)];
    node.input_count = 1;
    row_input& input = node.inputs[0];
    input.node = number - 1;
    input.rows = input.height = step.in.height;
    input.row_bytes = stream[number - 1].row_bytes;
    input.stride = step.window.stride.height;
    input.before = step.window.padding_top;
    input.reach = (step.window.kernel.height - 1) * step.window.dilation.height;
    input.out_height = step.out.height;
  }
};

TEST(stream_recompute, pieces_see_the_columns_that_the_whole_sees) {
  int pieces = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_source random(seed);
    const pair_of_steps steps(random);
    const row_pieces cut = row_pieces::of(steps.reader, std::int64_t{1} << any(random, 0, 4));
    std::int32_t next = 0;
    for (std::int32_t i = 0; i < cut.count; ++i, ++pieces) {
      ASSERT_EQ(cut.first(i), next);
      const std::int32_t width = cut.width_of(i, steps.reader.out.width);
      ASSERT_GT(width, 0);
      next += width;
      const auto part = piece_of(steps.reader, cut.first(i), width);
      for (std::int32_t x = 0; x < width; ++x) {
        std::set<std::int32_t> found;
        for (const std::int32_t column : columns(part.step, x)) {
          found.insert(column + part.first_input);
        }
        EXPECT_EQ(found, columns(steps.reader, cut.first(i) + x));
      }
    }
    ASSERT_EQ(next, steps.reader.out.width);
  }
  EXPECT_GT(pieces, 900);
}

TEST(stream_recompute, readers_keep_the_rows_that_they_need_and_costs_are_what_is_computed) {
  int known = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_source random(seed);
    const pair_of_steps steps(random);
    const row_stream<size> made = without<size>(steps.stream, {true});
    ASSERT_EQ(made.count, 2);
    ASSERT_EQ(made[1].step, 1);
    ASSERT_EQ(made[1].recomputes, 0);
    const row_input& input = made[1].inputs[0];
    ASSERT_EQ(input.node, 0);
    std::int64_t computed_rows = 0;
    std::int32_t before = 0;
    for (std::int32_t y = 0; y < steps.reader.out.height; ++y) {
      ASSERT_GE(input.first(y), before) << "a row is needed again after it was not";
      before = input.first(y);
      for (const std::int32_t row : rows(steps.reader, y)) {
        ++computed_rows;
        for (const std::int32_t above : rows(steps.made, row)) {
          ASSERT_LE(input.first(y), above);
          ASSERT_GE(input.last(y), above);
        }
      }
    }
    const std::int64_t cost = recomputation_costs<size>(steps.stream, steps.work, 1)[0];
    if (steps.made.out.height == 1 || steps.reader.out.height == 1) {
      EXPECT_EQ(cost, -1);
      continue;
    }
    const row_pieces cut = row_pieces::of(steps.reader, 1);
    std::int64_t computed_columns = 0;
    for (std::int32_t i = 0; i < cut.count; ++i) {
      std::set<std::int32_t> all;
      for (std::int32_t x = 0; x < cut.width_of(i, steps.reader.out.width); ++x) {
        all.merge(columns(steps.reader, cut.first(i) + x));
      }
      computed_columns += all.empty() ? 0 : *all.rbegin() - *all.begin() + 1;
    }
    const std::int64_t pixel = std::int64_t{steps.made.out.channels} *
                               steps.made.window.kernel.height * steps.made.window.kernel.width *
                               steps.made.in.channels;
    const std::int64_t once = std::int64_t{steps.made.out.height} * steps.made.out.width;
    if (cost >= 0) {
      ++known;
      // A piece may begin or end in padding between the taps of a dilated window.
      EXPECT_GE(cost, std::max<std::int64_t>(0, computed_rows * computed_columns - once) * pixel);
      if (steps.reader.window.dilation.width == 1) {
        EXPECT_EQ(cost, std::max<std::int64_t>(0, computed_rows * computed_columns - once) * pixel);
      }
    }
  }
  EXPECT_GT(known, 300);
}

} // namespace
