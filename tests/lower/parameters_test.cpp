// SPDX-License-Identifier: Apache-2.0
#include "../support/loaded_model.hpp"

#include <inlay/lower/lower.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

// Every multiplier, shift, zero point, clamp and padding that lowering computes for the real
// classifiers, against those that the reference computes.

namespace {

using namespace inlay;
using inlay::test::loaded_model;
using nlohmann::json;

using work = schedule<loaded_model::capacity>;

template <class T>
std::vector<T> numbers(const json& value) {
  return value.is_array() ? value.get<std::vector<T>>() : std::vector<T>{value.get<T>()};
}

quantized_multiplier pair(const json& value) {
  return {value[0].get<std::int32_t>(), value[1].get<std::int32_t>()};
}

int expect_channels(const scheduled_step& step, const json& expected) {
  const auto mantissas = numbers<std::int32_t>(expected["mult"]);
  const auto shifts = numbers<std::int32_t>(expected["shift"]);
  EXPECT_EQ(step.layers[0].multiplier_count, mantissas.size());
  for (std::size_t channel = 0; channel < mantissas.size(); ++channel) {
    EXPECT_EQ(step.layers[0].scaling.multiplier(channel),
              (quantized_multiplier{mantissas[channel], shifts[channel]}))
        << "channel " << channel;
  }
  return static_cast<int>(mantissas.size());
}

template <class Kernel>
void expect_window(const Kernel& kernel, const json& expected) {
  EXPECT_EQ(kernel.window.padding_top, expected["pad_h"][0].get<int>());
  EXPECT_EQ(kernel.window.padding_left, expected["pad_w"][0].get<int>());
  EXPECT_EQ(kernel.window.stride.height, expected["stride"][0].get<int>());
  EXPECT_EQ(kernel.input_zero_point, expected["in_zp"].get<int>());
  EXPECT_EQ(kernel.output_zero_point, expected["out_zp"].get<int>());
  EXPECT_EQ(kernel.weights_zero_point, expected["w_zp"][0].get<int>());
}

void expect_clamp(value_range found, const json& expected) {
  EXPECT_EQ(found.low, expected["clamp"][0].get<int>());
  EXPECT_EQ(found.high, expected["clamp"][1].get<int>());
}

/// Compares one step and returns how many multipliers it has.
int expect_step(const scheduled_step& found, const json& expected) {
  const auto expect_convolution = [&](const auto& kernel) {
    expect_window(kernel, expected);
    expect_clamp(kernel.clamp, expected);
    return expect_channels(found, expected);
  };
  if (found.what.is<step::convolution>()) {
    return expect_convolution(found.what.as<step::convolution>());
  }
  if (found.what.is<step::depthwise_convolution>()) {
    return expect_convolution(found.what.as<step::depthwise_convolution>());
  }
  if (found.what.is<step::add>()) {
    const auto& add = found.what.as<step::add>();
    EXPECT_EQ(add.first_multiplier, pair(expected["m1"]));
    EXPECT_EQ(add.second_multiplier, pair(expected["m2"]));
    EXPECT_EQ(add.output_multiplier, pair(expected["mo"]));
    EXPECT_EQ(add.second_zero_point, expected["in2_zp"].get<int>());
    expect_clamp(add.clamp, expected);
    return 3;
  }
  const auto by = [&] {
    return quantized_multiplier{expected["mult"].get<std::int32_t>(),
                                expected["shift"].get<std::int32_t>()};
  };
  if (found.what.is<step::mean>()) {
    EXPECT_EQ(found.what.as<step::mean>().multiplier, by());
  } else if (found.what.is<step::requantize>()) {
    EXPECT_EQ(found.what.as<step::requantize>().multiplier, by());
  } else if (found.what.is<step::softmax>()) {
    const auto& softmax = found.what.as<step::softmax>();
    EXPECT_EQ(softmax.multiplier, by());
    EXPECT_EQ(softmax.least_difference, expected["diff_min"].get<int>());
  } else {
    return 0;
  }
  return 1;
}

void expect_quantization(const tensor& found, const json& expected, const std::string& end) {
  EXPECT_EQ(found.type.quantization.zero_point, expected[end + "_zp"].get<int>());
  EXPECT_EQ(found.type.quantization.scale, expected[end + "_scale"].get<float>());
}

/// Compares a whole model and returns how many multipliers its convolutions have.
int expect_model(const std::string& name) {
  const auto shared = inlay::test::shared_folder();
  const json expected = json::parse(std::ifstream(shared / "params" / (name + ".json")));
  const loaded_model model(shared / "models" / (name + ".tflite"));
  EXPECT_TRUE(model.found.ok()) << model.message();
  const auto& graph = *model.graph;
  const auto made = std::make_unique<work>();
  lower(graph, {}, *made);
  EXPECT_EQ(static_cast<std::size_t>(made->step_count), expected.size());
  int channels = 0;
  for (int i = 0; i < made->step_count; ++i) {
    const scheduled_step& step = (*made)[i];
    const json& one = expected[static_cast<std::size_t>(i)];
    SCOPED_TRACE("operator " + std::to_string(i));
    EXPECT_EQ(step.node, i);
    EXPECT_EQ(name_of(graph[i].what), one["op"].get<std::string>());
    expect_quantization(*graph.around(graph[i]).inputs[0], one, "in");
    expect_quantization(*graph.around(graph[i]).output, one, "out");
    const int count = expect_step(step, one);
    channels += step.layers[0].multiplier_count > 0 ? count : 0;
  }
  return channels;
}

class real_parameters : public testing::Test {
  void SetUp() override {
    if (inlay::test::shared_folder().empty()) {
      GTEST_SKIP() << "INLAY_SHARED names no folder with models/";
    }
  }
};

TEST_F(real_parameters, of_the_int8_model) {
  EXPECT_EQ(expect_model("tf2_mobilenet_v2_1.0_224_ptq"), 18057);
}

TEST_F(real_parameters, of_the_uint8_model) {
  EXPECT_EQ(expect_model("mobilenet_v2_1.0_224_quant"), 53);
}

TEST_F(real_parameters, hold_dead_channels) {
  const loaded_model model(inlay::test::shared_folder() / "models" /
                           "tf2_mobilenet_v2_1.0_224_ptq.tflite");
  const auto made = std::make_unique<work>();
  lower(*model.graph, {}, *made);
  int least_shift = 0;
  for (int i = 0; i < made->step_count; ++i) {
    for (std::size_t channel = 0; channel < (*made)[i].layers[0].multiplier_count; ++channel) {
      least_shift = std::min(least_shift, (*made)[i].layers[0].scaling.multiplier(channel).shift);
    }
  }
  EXPECT_EQ(least_shift, -21);
}

} // namespace
