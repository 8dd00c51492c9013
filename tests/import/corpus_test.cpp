// SPDX-License-Identifier: Apache-2.0
#include "../support/loaded_model.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

// The importer at run time over the corpus, against what the writer of each file says about it.

namespace {

using inlay::test::loaded_model;
using nlohmann::json;

const std::filesystem::path folder = INLAY_TEST_MODELS;

/// The extents of an activation as the file has them, with a batch unless it is a matrix of rows.
std::vector<int> with_batch(const inlay::shape& extents, std::size_t rank) {
  std::vector<int> result(extents.extents.begin(), extents.extents.begin() + extents.rank);
  if (result.size() < rank) {
    result.insert(result.begin(), 1);
  }
  return result;
}

void expect_tensor(const inlay::tensor& found, const json& expected) {
  const auto extents = expected["shape"].get<std::vector<int>>();
  EXPECT_EQ(with_batch(found.type.shape, extents.size()), extents);
  EXPECT_EQ(name_of(found.type.element), expected["type"].get<std::string>());
  EXPECT_FALSE(found.is_constant);
}

class corpus : public testing::TestWithParam<std::string> {};

TEST_P(corpus, is_read_as_written) {
  const json expected = json::parse(std::ifstream(folder / (GetParam() + ".json")));
  const loaded_model model(folder / (GetParam() + ".tflite"));
  ASSERT_TRUE(model.found.ok()) << model.message();
  const auto& graph = *model.graph;

  EXPECT_EQ(graph.input, expected["input"]["tensor"].get<int>());
  expect_tensor(graph.at(graph.input), expected["input"]);
  ASSERT_EQ(static_cast<std::size_t>(graph.output_count), expected["outputs"].size());
  for (std::size_t i = 0; i < expected["outputs"].size(); ++i) {
    EXPECT_EQ(graph.outputs[i], expected["outputs"][i].get<int>());
  }
  ASSERT_EQ(static_cast<std::size_t>(graph.node_count), expected["operators"].size());
  for (int i = 0; i < graph.node_count; ++i) {
    const json& one = expected["operators"][static_cast<std::size_t>(i)];
    SCOPED_TRACE("operator " + std::to_string(i));
    EXPECT_EQ(name_of(graph[i].what), one["operator"].get<std::string>());
    EXPECT_EQ(graph[i].output, one["tensor"].get<int>());
    expect_tensor(graph.at(graph[i].output), one);
  }
}

INSTANTIATE_TEST_SUITE_P(models, corpus, testing::ValuesIn(inlay::test::models_in(folder)),
                         [](const auto& name) { return name.param; });

TEST(corpus_folder, has_all_models) {
  EXPECT_EQ(inlay::test::models_in(folder).size(), 33U);
}

/// One model read field by field against the numbers that the corpus gives it.
TEST(corpus_folder, has_the_options_that_the_corpus_gave) {
  const loaded_model model(folder / "conv_valid_strides.tflite");
  ASSERT_TRUE(model.found.ok()) << model.message();
  const auto& graph = *model.graph;
  EXPECT_EQ(graph.at(graph.input).type.quantization.zero_point, -128);
  ASSERT_TRUE(graph[0].what.is<inlay::op::conv2d>());
  const auto& first = graph[0].what.as<inlay::op::conv2d>();
  EXPECT_EQ(first.window.stride, (inlay::extent{2, 1}));
  EXPECT_EQ(first.window.dilation, (inlay::extent{1, 1}));
  EXPECT_EQ(first.window.padding, inlay::padding::valid);
  EXPECT_EQ(first.activation, inlay::activation::relu);
  EXPECT_FALSE(graph.around(graph[0])[1].per_channel());
  EXPECT_EQ(graph.around(graph[0])[1].type.shape, (inlay::shape{5, 3, 2, 3}));
  EXPECT_TRUE(graph.around(graph[1])[1].per_channel());
  EXPECT_EQ(graph.around(graph[1])[1].channel_count(), 4U);

  const loaded_model dilated(folder / "conv_dilated.tflite");
  ASSERT_TRUE(dilated.found.ok()) << dilated.message();
  const auto& second = (*dilated.graph)[1].what.as<inlay::op::conv2d>();
  EXPECT_EQ(second.window.dilation, (inlay::extent{1, 2}));
  EXPECT_EQ((*dilated.graph)[0].what.as<inlay::op::conv2d>().activation,
            inlay::activation::relu_n1_to_1);

  const loaded_model padded(folder / "pad_then_valid.tflite");
  ASSERT_TRUE(padded.found.ok()) << padded.message();
  EXPECT_EQ((*padded.graph)[0].what.as<inlay::op::pad>().border, (inlay::border{0, 1, 0, 1}));
  EXPECT_EQ((*padded.graph)[2].what.as<inlay::op::pad>().border, (inlay::border{1, 1, 2, 0}));
  EXPECT_EQ((*padded.graph)[4].what.as<inlay::op::pad>().border, (inlay::border{0, 0, 1, 0, 0, 3}));
}

} // namespace
