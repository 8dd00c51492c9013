// SPDX-License-Identifier: Apache-2.0
//
// The constants of whole classifiers, packed at run time and read back by the functional model.
#include "../../support/loaded_model.hpp"

#include <inlay/kernels/ethos_u/block_search.hpp>
#include <inlay/kernels/ethos_u/packed_block.hpp>
#include <inlay/kernels/ethos_u/step_operation.hpp>
#include <inlay/lower/lower.hpp>

#include <cstdio>
#include <gtest/gtest.h>
#include <memory>
#include <model/weights.hpp>

namespace {

using inlay::ethos_u::layer_weights;
using inlay::ethos_u::layer_weights_of;
using inlay::ethos_u::packed_block;
using inlay::test::loaded_model;

constexpr inlay::graph_size capacity = loaded_model::capacity;

layer_weights weights_of(const inlay::graph<capacity>& network, const inlay::scheduled_step& step,
                         const inlay::ethos_u::npu& npu) {
  const inlay::tensor_type& in = network.at(step.inputs[0]).type;
  const inlay::tensor_type& out = network.at(step.output).type;
  const inlay::step::image output = inlay::ethos_u::output_of(step.what, out.shape);
  const inlay::ethos_u::step_operation operation(
      step.what, inlay::ethos_u::input_of(step.what, in.shape), output, out.element);
  layer_weights made;
  if (step.what.is<inlay::step::convolution>()) {
    made = layer_weights_of(step.what.as<inlay::step::convolution>(), step.layers[0],
                            operation.made().part_kernel_first
                                ? inlay::ethos_u::traversal::part_kernel
                                : inlay::ethos_u::traversal::depth_first);
  } else {
    made = layer_weights_of(step.what.as<inlay::step::depthwise_convolution>(), step.layers[0]);
  }
  made.layout.block_depth = choose_blocks(npu, operation.request(output.height), flash_beside(npu),
                                          inlay::ethos_u::constants_place::outside)
                                .output.depth;
  made.layout.micro_outputs = npu.micro_block.depth;
  made.layout.cores = npu.cores;
  return made;
}

std::vector<layer_weights> layers_of(const inlay::graph<capacity>& network,
                                     const inlay::ethos_u::npu& npu) {
  const auto work = std::make_unique<inlay::schedule<capacity>>();
  lower(network, inlay::lowering{}, *work);
  std::vector<layer_weights> layers;
  for (int i = 0; i < work->step_count; ++i) {
    const inlay::step::any& what = (*work)[i].what;
    if (what.is<inlay::step::convolution>() || what.is<inlay::step::depthwise_convolution>()) {
      layers.push_back(weights_of(network, (*work)[i], npu));
    }
  }
  return layers;
}

void expect_read_back(const std::vector<layer_weights>& layers, const packed_block& block) {
  ASSERT_EQ(block.layers.size(), layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (int core = 0; core < layers[i].layout.cores; ++core) {
      const auto& range = block.layers[i].cores[static_cast<std::size_t>(core)];
      std::vector<std::int16_t> expected;
      each_weight(layers[i].layout, core, layers[i],
                  [&](int weight) { expected.push_back(static_cast<std::int16_t>(weight)); });
      const auto stream =
          std::as_bytes(std::span(block.bytes)
                            .subspan(static_cast<std::size_t>(range.weights),
                                     static_cast<std::size_t>(range.weights_bytes)));
      ASSERT_EQ(inlay::test::npu_model::decoded_weights(stream), expected)
          << "layer " << i << ", core " << core;
    }
  }
}

packed_block packed(const std::vector<layer_weights>& layers) {
  inlay::diagnosis found("layer");
  packed_block block = pack_block(layers, inlay::ethos_u::weight_coding::smallest, found);
  EXPECT_TRUE(found.ok()) << found.message().view();
  return block;
}

TEST(Classifier, Int8WeightsTakeAtMost3415000Bytes) {
  const loaded_model model(inlay::test::shared_folder() / "models" /
                           "tf2_mobilenet_v2_1.0_224_ptq.tflite");
  ASSERT_TRUE(model.found.ok()) << model.message();
  const std::vector<layer_weights> layers = layers_of(*model.graph, inlay::ethos_u::u55(128));
  const packed_block block = packed(layers);
  std::printf("weights and scales: %zu bytes\n", block.bytes.size());
  EXPECT_LE(block.bytes.size(), 3415000U);
  expect_read_back(layers, block);
}

TEST(Classifier, Uint8WeightsOnTwoCoresAreReadBack) {
  const loaded_model model(inlay::test::shared_folder() / "models" /
                           "mobilenet_v2_1.0_224_quant.tflite");
  ASSERT_TRUE(model.found.ok()) << model.message();
  const std::vector<layer_weights> layers = layers_of(*model.graph, inlay::ethos_u::u65(512));
  expect_read_back(layers, packed(layers));
}

} // namespace
