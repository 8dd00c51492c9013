// SPDX-License-Identifier: Apache-2.0
#include <inlay/graph/check.hpp>

#include <gtest/gtest.h>
#include <string>

// check_graph over graphs that are put together by hand, right ones and wrong ones.

namespace {

using namespace inlay;

using small_graph = graph<graph_size{6, 3}>;

/// Tensors of one shape: 0 is the input, 1 and 2 are made of it, 3 is their sum.
small_graph diamond() {
  small_graph made;
  for (std::size_t i = 0; i < 4; ++i) {
    made.tensors[i].type = {element::int8, shape{2, 3}, {0.5F, 1}};
  }
  made.tensor_count = 4;
  made.input = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    made.nodes[i].what = op::quantize{};
    made.nodes[i].inputs[0] = 0;
    made.nodes[i].input_count = 1;
    made.nodes[i].output = static_cast<int>(i) + 1;
  }
  made.nodes[2].what = op::add{};
  made.nodes[2].inputs = {1, 2, -1, -1};
  made.nodes[2].input_count = 2;
  made.nodes[2].output = 3;
  made.node_count = 3;
  made.outputs[0] = 3;
  made.output_count = 1;
  return made;
}

std::string complaint(const small_graph& network) {
  diagnosis found;
  const bool right = check_graph(network, found);
  EXPECT_EQ(right, found.ok());
  return std::string(found.message().view());
}

#define EXPECT_SAYS(network, part)                                                                 \
  EXPECT_NE(complaint(network).find(part), std::string::npos) << complaint(network)

TEST(check_graph, accepts_a_diamond) {
  EXPECT_EQ(complaint(diamond()), "");
}

TEST(check_graph, refuses_operators_out_of_order) {
  small_graph network = diamond();
  std::swap(network.nodes[1], network.nodes[2]);
  EXPECT_SAYS(network, "operator 1 (ADD): it reads tensor 2, which no earlier operator writes");
}

TEST(check_graph, refuses_a_second_writer) {
  small_graph network = diamond();
  network.nodes[1].output = 1;
  EXPECT_SAYS(network, "operator 1 (QUANTIZE): it writes tensor 1, which has a value already");
  network.nodes[1].output = 0;
  EXPECT_SAYS(network, "writes tensor 0");
}

TEST(check_graph, refuses_a_constant_where_a_value_is_computed) {
  small_graph network = diamond();
  network.tensors[2].is_constant = true;
  EXPECT_SAYS(network, "operator 1 (QUANTIZE): it writes tensor 2");
  network.nodes[1].output = 4;
  network.tensors[4].type = network.tensors[1].type;
  EXPECT_SAYS(network, "operator 2 (ADD): its input 1 is a constant");
}

TEST(check_graph, refuses_an_output_that_nobody_computes) {
  small_graph network = diamond();
  network.outputs[0] = 0;
  EXPECT_SAYS(network, "output 0 (tensor 0) is not computed");
  network.outputs[0] = 5;
  EXPECT_SAYS(network, "output 0 (tensor 5) is not computed");
}

TEST(check_graph, refuses_shapes_that_disagree) {
  small_graph network = diamond();
  network.tensors[3].type.shape = {3, 2};
  EXPECT_SAYS(network, "operator 2 (ADD): its output is 3x2, expected 2x3");
  network = diamond();
  network.tensors[0].type.shape = {2, 0};
  EXPECT_SAYS(network, "operator 0 (QUANTIZE): a tensor has the extents 2x0");
  network.tensors[0].type.shape = {1 << 20, 1 << 20};
  EXPECT_SAYS(network, "at most 1073741824 elements");
}

TEST(check_graph, refuses_a_zero_point_outside_its_type) {
  small_graph network = diamond();
  network.tensors[3].type.quantization.zero_point = 128;
  EXPECT_SAYS(network, "a tensor of int8 has the zero point 128");
  network.tensors[3].type.quantization = {-0.5F, 0};
  EXPECT_SAYS(network, "a tensor has the scale -0.5");
}

} // namespace
