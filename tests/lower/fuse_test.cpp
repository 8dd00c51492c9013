// SPDX-License-Identifier: Apache-2.0
#include <inlay/graph/network.hpp>
#include <inlay/layers/inverted_residual.hpp>
#include <inlay/lower/lower.hpp>
#include <inlay/models/mobilenet_v2.hpp>

// Which steps become one, by static_assert.

namespace {

using namespace inlay;

constexpr quantization q{0.05F, -3};
constexpr quantization coarse{0.1F, 5};

constexpr bool all(const step::inverted_residual& /*block*/) {
  return true;
}
constexpr bool without_sum(const step::inverted_residual& block) {
  return !block.adds;
}
constexpr bool only_expanding(const step::inverted_residual& block) {
  return block.expands;
}

template <class Network>
constexpr auto fused(bool (*fuses)(const step::inverted_residual&)) {
  schedule<Network::graph.capacity> made;
  lower(Network::graph, lowering{.fuses = fuses}, made);
  return made;
}

using image = input<shape{8, 8, 4}, element::int8, q>;
template <std::int32_t Expansion, std::int32_t Filters>
using block = inverted_residual<inverted_residual_options{.inputs = 4,
                                                          .filters = Filters,
                                                          .expansion = Expansion,
                                                          .expanded = q,
                                                          .depthwise = q,
                                                          .projected = coarse,
                                                          .sum = q}>;

// All of a block.
using whole = network<image, block<6, 4>>;
constexpr auto whole_work = fused<whole>(all);
static_assert(whole_work.step_count == 1 && whole_work[0].layer_count == 3);
static_assert(whole_work[0].node == 3 && whole_work[0].inputs[0] == whole::graph.input);
constexpr auto whole_block = whole_work[0].what.as<step::inverted_residual>();
static_assert(whole_block.expands && whole_block.adds);
static_assert(whole_block.expansion.out.channels == 24 && whole_block.projection.in.channels == 24);
static_assert(whole_block.sum.first_zero_point == 5, "the projection comes first");
static_assert(whole_block.sum.second_zero_point == -3);
static_assert(whole_work.storage_of(whole::graph[0].output) == -1, "not stored");
static_assert(whole_work.storage_of(whole::graph[3].output) == whole::graph[3].output);
static_assert(fused<whole>(nullptr).step_count == 4);

// A target that adds elsewhere; one without blocks that do not expand.
static_assert(fused<whole>(without_sum).step_count == 2);
static_assert(fused<whole>(without_sum)[1].what.is<step::add>());
using plain = network<image, block<1, 7>>;
static_assert(fused<plain>(all).step_count == 1 && fused<plain>(all)[0].layer_count == 2);
static_assert(fused<plain>(only_expanding).step_count == 2);

// Every block of MobileNetV2, the first one with the convolution before it.
using classifier = mobilenet_v2<1.0, 224, 1001>;
constexpr auto classifier_work = fused<classifier>(all);
constexpr int blocks = [] {
  int count = 0;
  for (int i = 0; i < classifier_work.step_count; ++i) {
    count += classifier_work[i].what.is<step::inverted_residual>() ? 1 : 0;
  }
  return count;
}();
static_assert(blocks == 17);
static_assert(classifier_work[0].what.is<step::inverted_residual>());
static_assert(
    classifier_work[0].what.as<step::inverted_residual>().expansion.window.kernel.height == 3);

// What somebody else reads stays stored.
using twice = network<image, block<6, 4>, block<6, 4>>;
static_assert(fused<twice>(all).step_count == 2);
static_assert(fused<twice>(all)[1].inputs[0] == fused<twice>(all)[0].output);
using wide = network<image, conv2d<conv2d_options{.filters = 6, .quantization = q}>,
                     residual<q, depthwise_conv2d<depthwise_conv2d_options{.quantization = q}>,
                              conv2d<conv2d_options{.filters = 6, .quantization = q}>>>;
constexpr auto wide_work = fused<wide>(all);
static_assert(wide_work.step_count == 2, "the sum reads the first convolution's output");
static_assert(wide_work[0].what.is<step::convolution>());
static_assert(wide_work[1].what.as<step::inverted_residual>().adds);

// A fully connected layer that keeps the image's extents is a pointwise convolution like any other;
// one that makes a matrix of them is not fused, because its rows are others.
using pointwise = network<image, conv2d<conv2d_options{.filters = 6, .quantization = q}>,
                          depthwise_conv2d<depthwise_conv2d_options{.quantization = q}>,
                          conv2d<conv2d_options{.filters = 7, .quantization = q}>>;
constexpr auto connected(int node, bool keep) {
  auto made = pointwise::graph;
  made.nodes[static_cast<std::size_t>(node)].what =
      op::fully_connected{{}, activation::none, keep, 64};
  const operands around = made.around(made[node]);
  const std::int32_t outputs = around.output->type.shape.channels();
  const auto tensor_of = [&](int number) -> tensor& {
    return made.tensors[static_cast<std::size_t>(number)];
  };
  tensor_of(made[node].inputs[1]).type.shape = {outputs, around[0].type.shape.channels()};
  if (!keep) {
    tensor_of(made[node].output).type.shape = {64, outputs};
  }
  schedule<pointwise::graph.capacity> work;
  lower(made, lowering{.fuses = all}, work);
  return work;
}
constexpr auto connected_first = connected(0, true);
static_assert(connected_first.step_count == 1);
static_assert(connected_first[0].what.as<step::inverted_residual>().expansion.out ==
              step::image{8, 8, 6});
constexpr auto connected_last = connected(2, true);
static_assert(connected_last.step_count == 1);
static_assert(connected_last[0].what.as<step::inverted_residual>().projection.in ==
              step::image{8, 8, 6});
static_assert(connected(2, false).step_count == 3);

// A projection of 3x3 is none.
using spread = network<image, depthwise_conv2d<depthwise_conv2d_options{.quantization = q}>,
                       conv2d<conv2d_options{.filters = 6, .kernel = {3, 3}, .quantization = q}>>;
static_assert(fused<spread>(all).step_count == 2);

} // namespace
