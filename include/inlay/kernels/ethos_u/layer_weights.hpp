// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/channel_range.hpp>
#include <inlay/kernels/ethos_u/scales.hpp>
#include <inlay/kernels/ethos_u/weight_layout.hpp>
#include <inlay/lower/layer_constants.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::ethos_u {

/// The constants of one operation of an NPU: weights less their zero point, and what turns sums
/// into outputs. Points into the model.
struct layer_weights {
  weight_layout layout{};
  layer_constants constants{};
  element type = element::int8;
  std::int32_t zero_point = 0;
  bool per_channel = false;
  /// Output 0 is this one of the step's; 0 for depthwise ones.
  std::int32_t first_output = 0;

  /// A weight as each_weight asks for it. Convolutions have them by output, row, column and input
  /// in the file, depthwise ones by row, column and output.
  [[nodiscard]] constexpr std::int32_t operator()(std::int32_t output, std::int32_t y,
                                                  std::int32_t x, std::int32_t input) const {
    const std::int64_t tap = std::int64_t{y} * layout.kernel.width + x;
    const std::int64_t taps = std::int64_t{layout.kernel.height} * layout.kernel.width;
    const std::int64_t channel = std::int64_t{first_output} + output;
    const auto at = static_cast<std::size_t>(layout.order == traversal::depthwise
                                                 ? tap * layout.outputs + output
                                                 : (channel * taps + tap) * layout.inputs + input);
    return (type == element::int8 ? std::int32_t{constants.weights.at<std::int8_t>(at)}
                                  : std::int32_t{constants.weights.at<std::uint8_t>(at)}) -
           zero_point;
  }

  [[nodiscard]] constexpr scale_record scale_of(std::int32_t output) const {
    const auto channel = static_cast<std::size_t>(std::int64_t{first_output} + output);
    return scale_record_of(constants.bias.empty() ? 0 : constants.bias.at<std::int32_t>(channel),
                           constants.scaling.multiplier(per_channel ? channel : 0));
  }
};

namespace detail {

template <class Step>
constexpr layer_weights weights_of(const Step& step, const layer_constants& constants,
                                   traversal order, std::int32_t inputs) {
  layer_weights made;
  made.layout.order = order;
  made.layout.kernel = step.window.kernel;
  made.layout.dilation = step.window.dilation;
  made.layout.inputs = inputs;
  made.layout.outputs = step.out.channels;
  made.layout.bits = step.type == element::int8 && step.weights_zero_point == 0 ? 8 : 9;
  made.constants = constants;
  made.type = step.type;
  made.zero_point = step.weights_zero_point;
  made.per_channel = step.per_channel;
  return made;
}

} // namespace detail

// The rest of the layout (block_depth, micro-blocks, cores) is the NPU's, and for the caller to
// fill in.

/// @param order depth_first or part_kernel
constexpr layer_weights layer_weights_of(const step::convolution& step,
                                         const layer_constants& constants, traversal order) {
  return detail::weights_of(step, constants, order, step.in.channels);
}
constexpr layer_weights layer_weights_of(const step::depthwise_convolution& step,
                                         const layer_constants& constants) {
  return detail::weights_of(step, constants, traversal::depthwise, 1);
}

/// Those of some outputs of a convolution.
constexpr layer_weights weights_of(const layer_weights& all, const channel_range& outputs) {
  layer_weights made = all;
  made.first_output = outputs.first;
  made.layout.outputs = outputs.count;
  return made;
}

} // namespace inlay::ethos_u
