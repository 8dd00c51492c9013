// SPDX-License-Identifier: Apache-2.0
#include "../support/random.hpp"

#include <inlay/graph/network.hpp>
#include <inlay/lower/lower.hpp>

#include <cmath>
#include <gtest/gtest.h>

namespace {

using namespace inlay;

constexpr quantization q{0.05F, -3};

// A PAD goes into the VALID convolution behind it, if nobody else reads it.
using padded =
    network<input<shape{8, 6, 3}, element::int8, q>, pad<border{0, 1, 2, 1}>,
            conv2d<conv2d_options{.filters = 4,
                                  .kernel = {3, 3},
                                  .stride = {2, 2},
                                  .padding = padding::valid,
                                  .quantization = q}>,
            pad<border{1, 0, 0, 0}>,
            conv2d<conv2d_options{
                .filters = 4, .kernel = {3, 3}, .padding = padding::same, .quantization = q}>,
            pad<border{0, 0, 0, 0, 1, 0}>,
            conv2d<conv2d_options{.filters = 2, .padding = padding::valid, .quantization = q}>>;

template <class Network>
constexpr auto lowered(lowering wishes = {}) {
  schedule<Network::graph.capacity> made;
  lower(Network::graph, wishes, made);
  return made;
}

constexpr auto folded = lowered<padded>();
static_assert(folded.step_count == 5, "one PAD is folded");
static_assert(folded[0].node == 1 && folded[0].inputs[0] == padded::graph.input);
constexpr auto first = folded[0].what.as<step::convolution>();
static_assert(first.in == step::image{8, 6, 3} && first.out == step::image{4, 4, 4});
static_assert(first.window.padding_top == 0 && first.window.padding_left == 2);
static_assert(folded.storage_of(padded::graph[0].output) == -1, "what is folded is not stored");
static_assert(folded[1].what.is<step::pad>(), "SAME convolutions have their own padding");
static_assert(folded[3].what.is<step::pad>(), "channels are no part of a window");
static_assert(lowered<padded>({.fold_padding = false}).step_count == 6);

// Nothing is done for a RESHAPE: its output lies where its input does.
using reshaped = network<input<shape{2, 3, 4}, element::int8, q>, global_mean<q>, reshape<shape{4}>,
                         reshape<shape{2, 2}>, softmax>;
constexpr auto in_places = lowered<reshaped>();
static_assert(in_places.storage_of(reshaped::graph[2].output) == reshaped::graph[0].output);
static_assert(in_places[1].what.is<step::alias>());
constexpr auto rows = in_places[3].what.as<step::softmax>();
static_assert(rows.rows == 2 && rows.depth == 2);

// A fully connected layer is a 1x1 convolution over rows; float32 is quantized by its own step.
using dense =
    network<input<shape{2, 3}, element::float32, quantization{}>, quantize<element::int8, q>,
            fully_connected<fully_connected_options{.outputs = 5, .quantization = q}>, dequantize>;
constexpr auto dense_work = lowered<dense>();
static_assert(dense_work[0].what.is<step::quantize>());
static_assert(dense_work[1].what.as<step::convolution>().in == step::image{1, 1, 6});
static_assert(dense_work[1].what.as<step::convolution>().out == step::image{1, 1, 5});
static_assert(dense_work[2].what.is<step::dequantize>());

/// The real number that a multiplier stands for.
double real(quantized_multiplier by) {
  return std::ldexp(by.mantissa, by.shift - 31);
}

struct two_scales {
  tensor in{};
  tensor out{};

  scheduled_step lower(const operation& what) const {
    operands around;
    around.add(in);
    around.output = &out;
    scheduled_step made;
    what.visit(inlay::detail::step_maker{around, made});
    return made;
  }
};

TEST(lower, puts_the_division_of_a_mean_into_its_multiplier) {
  inlay::test::random_source random(1);
  for (int i = 0; i < 20000; ++i) {
    two_scales given;
    const auto height = static_cast<std::int32_t>(random.between(1, 300));
    const auto width = static_cast<std::int32_t>(random.between(1, 300));
    given.in.type = {
        element::int8, {height, width, 2}, {static_cast<float>(std::exp(random.real(-5, 5))), 0}};
    given.out.type = {element::int8, {2}, {static_cast<float>(std::exp(random.real(-5, 5))), 0}};
    operation what;
    what = op::mean{};
    const auto found = given.lower(what).what.as<step::mean>().multiplier;
    const double exact = static_cast<double>(given.in.type.quantization.scale) /
                         static_cast<double>(given.out.type.quantization.scale) / (height * width);
    // Truncated, after a shift that leaves at least 30 bits unless the shift is limited.
    ASSERT_LE(real(found), exact * (1 + 1e-9));
    ASSERT_GE(real(found), exact * (1 - 1e-8)) << height << "x" << width;
  }
}

TEST(lower, limits_the_shift_of_a_mean) {
  two_scales given;
  given.in.type = {element::int8, {64, 64, 1}, {1e-9F, 0}};
  given.out.type = {element::int8, {1}, {1, 0}};
  operation what;
  what = op::mean{};
  // q(1e-9) has shift -29: of the 12 bits of 4096 only 31 - 29 = 2 may go into the mantissa.
  const auto ratio = quantize_multiplier(static_cast<double>(1e-9F));
  ASSERT_EQ(ratio.shift, -29);
  const auto found = given.lower(what).what.as<step::mean>().multiplier;
  EXPECT_EQ(found.shift, -31);
  EXPECT_EQ(found.mantissa, (std::int64_t{ratio.mantissa} << 2) / 4096);
}

TEST(lower, rounds_the_product_of_scales_where_the_reference_does) {
  inlay::test::random_source random(2);
  int different = 0;
  for (int i = 0; i < 20000; ++i) {
    channel_scaling scaling{.input = static_cast<float>(random.real(0.001, 1)),
                            .output = static_cast<float>(random.real(0.001, 1)),
                            .weight = static_cast<float>(random.real(0.001, 1))};
    const double exact = static_cast<double>(scaling.input) * static_cast<double>(scaling.weight);
    const auto in_double = scaling.multiplier(0);
    ASSERT_EQ(in_double, quantize_multiplier(exact / static_cast<double>(scaling.output)));
    scaling.product_in_float = true;
    const auto in_float = scaling.multiplier(0);
    ASSERT_EQ(in_float, quantize_multiplier(static_cast<double>(static_cast<float>(exact)) /
                                            static_cast<double>(scaling.output)));
    different += in_double == in_float ? 0 : 1;
  }
  EXPECT_GT(different, 10000) << "the test does not tell the two apart";
}

} // namespace
