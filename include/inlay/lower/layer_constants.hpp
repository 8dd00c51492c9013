// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/fixed_point.hpp>
#include <inlay/tensor/bytes.hpp>

#include <array>
#include <cstddef>

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

/// The constants of one convolution of a step.
struct layer_constants {
  constant weights{};
  /// int32, one an output channel; empty if there is none.
  constant bias{};
  channel_scaling scaling{};
  /// 1, or the number of output channels; 0 for a step without weights.
  std::size_t multiplier_count = 0;
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
