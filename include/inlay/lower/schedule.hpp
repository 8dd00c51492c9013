// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/graph.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay {

/// How the multipliers of a convolution come from the scales around it.
struct channel_scaling {
  float input = 0;
  float output = 0;
  /// Of the weights, one a channel; empty for one scale.
  constant weights{};
  float weight = 0;
  /// Legacy uint8 models, and FULLY_CONNECTED with one scale, round input * weight to single
  /// precision first (GetQuantizedConvolutionMultipler in tensorflow/lite/kernels/kernel_util.cc).
  bool product_in_float = false;

  [[nodiscard]] constexpr quantized_multiplier multiplier(std::size_t channel) const {
    const float scale = weights.empty() ? weight : weights.at<float>(channel);
    const double product = product_in_float
                               ? static_cast<double>(input * scale)
                               : static_cast<double>(input) * static_cast<double>(scale);
    return quantize_multiplier(product / static_cast<double>(output));
  }
};

/// One piece of work: what, on which tensors, with which constants.
struct scheduled_step {
  step::any what{};
  /// Numbers of the graph's tensors.
  std::array<int, 2> inputs{-1, -1};
  int input_count = 0;
  int output = -1;
  /// The operator whose output this step completes.
  int node = -1;
  constant weights{};
  constant bias{};
  channel_scaling scaling{};
  std::size_t multiplier_count = 0;
};

/// The work of a graph in the order of execution.
template <graph_size Size>
struct schedule {
  std::array<scheduled_step, Size.operators> steps{};
  int step_count = 0;
  /// For each tensor the tensor in whose place it lies: itself, or what it is a reshape of; -1
  /// if it is never stored.
  std::array<int, Size.tensors> storage{};

  [[nodiscard]] constexpr const scheduled_step& operator[](int index) const {
    return steps[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] constexpr int storage_of(int number) const {
    return storage[static_cast<std::size_t>(number)];
  }
};

/// The multipliers of a convolution, one or one a channel.
template <std::size_t Count>
constexpr std::array<quantized_multiplier, Count> multipliers_of(const channel_scaling& scaling) {
  std::array<quantized_multiplier, Count> result{};
  for (std::size_t channel = 0; channel < Count; ++channel) {
    result[channel] = scaling.multiplier(channel);
  }
  return result;
}

} // namespace inlay
