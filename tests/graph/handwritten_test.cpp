// SPDX-License-Identifier: Apache-2.0
#include <inlay/graph/network.hpp>
#include <inlay/layers/inverted_residual.hpp>

// Networks written by hand: shapes, names, counts. Passes by compiling.

namespace {

using namespace inlay;

constexpr quantization q{0.05F, -3};
constexpr quantization of_bytes{0.05F, 125};
constexpr quantization probability{1.0F / 256, -128};

using small = network<
    input<shape{9, 8, 3}, element::int8, q>,
    conv2d<conv2d_options{.filters = 8, .kernel = {3, 3}, .stride = {2, 2}, .quantization = q}>,
    pad<border{1, 0, 0, 2}>,
    depthwise_conv2d<depthwise_conv2d_options{.multiplier = 2, .quantization = q}>,
    average_pool_2d<average_pool_2d_options{.kernel = {2, 2}, .stride = {2, 2}}>, global_mean<q>,
    reshape<shape{16}>, fully_connected<fully_connected_options{.outputs = 5, .quantization = q}>,
    softmax>;

template <int Index>
constexpr shape shape_of = small::layer<Index>::output::shape;

static_assert(small::layers == 8 && small::outputs == 1);
static_assert(small::input::shape == shape{9, 8, 3} && small::input::quantization == q);
static_assert(shape_of<0> == shape{5, 4, 8});
static_assert(shape_of<1> == shape{6, 6, 8});
static_assert(shape_of<2> == shape{6, 6, 16});
static_assert(shape_of<3> == shape{3, 3, 16});
static_assert(shape_of<4> == shape{1, 1, 16});
static_assert(shape_of<5> == shape{16} && shape_of<6> == shape{5} && shape_of<7> == shape{5});
static_assert(small::layer<2>::name == "DEPTHWISE_CONV_2D" && small::layer<7>::name == "SOFTMAX");
static_assert(small::output<>::quantization == probability);
static_assert(std::is_same_v<small::output<>::value_type, std::int8_t>);

constexpr std::int64_t conv_macs = 5 * 4 * 8 * 3 * 3 * 3;
constexpr std::int64_t depthwise_macs = 6 * 6 * 16 * 3 * 3;
constexpr std::int64_t dense_macs = 16 * 5;
static_assert(small::layer<0>::counts == counts{conv_macs, 8 * 3 * 3 * 3, 8});
static_assert(small::layer<2>::counts == counts{depthwise_macs, 16 * 3 * 3, 16});
static_assert(small::layer<6>::counts == counts{dense_macs, 80, 5});
static_assert(small::layer<3>::counts == counts{});
static_assert(small::multiply_accumulates == conv_macs + depthwise_macs + dense_macs);
static_assert(small::parameters == 8 * 27 + 16 * 9 + 80);

// A block with stride 1 and as many channels out as in has a sum; others have none.
template <inverted_residual_options Options>
using block = network<input<shape{6, 6, 4}, element::int8, q>, inverted_residual<Options>>;
using with_sum = block<inverted_residual_options{
    .inputs = 4, .filters = 4, .expanded = q, .depthwise = q, .projected = q, .sum = q}>;
using strided = block<inverted_residual_options{
    .inputs = 4, .filters = 4, .stride = 2, .expanded = q, .depthwise = q, .projected = q}>;
using narrow = block<inverted_residual_options{
    .inputs = 4, .filters = 7, .expansion = 1, .depthwise = q, .projected = q}>;
static_assert(with_sum::layers == 4 && with_sum::layer<3>::name == "ADD");
static_assert(with_sum::layer<0>::output::shape == shape{6, 6, 24});
static_assert(with_sum::graph[3].inputs[0] == with_sum::graph.input,
              "the sum takes the block's input and its branch");
static_assert(with_sum::graph[3].inputs[1] == with_sum::graph[2].output);
static_assert(strided::layers == 3 && strided::output<>::shape == shape{3, 3, 4});
static_assert(narrow::layers == 2 && narrow::output<>::shape == shape{6, 6, 7});
static_assert(narrow::layer<0>::name == "DEPTHWISE_CONV_2D");

// `expect` computes nothing.
using stated = network<input<shape{4, 4, 2}, element::int8, q>,
                       expect<tensor_type{element::int8, shape{4, 4, 2}, q}>, global_mean<q>,
                       expect<tensor_type{element::int8, shape{1, 1, 2}, q}>>;
static_assert(stated::layers == 1);

// Real numbers in and out.
using real = network<input<shape{3}, element::float32, quantization{}>,
                     quantize<element::uint8, of_bytes>, logistic, dequantize>;
static_assert(std::is_same_v<real::input::value_type, float>);
static_assert(real::layer<1>::output::type ==
              tensor_type{element::uint8, shape{3}, {1.0F / 256, 0}});
static_assert(real::output<>::type == tensor_type{element::float32, shape{3}, {}});

} // namespace
