// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>
#include <inlay/layers/parameters.hpp>
#include <inlay/layers/window.hpp>

namespace inlay {

namespace op {

/// DEPTHWISE_CONV_2D: input {h, w, c}, filters {1, kernel height, kernel width, c * multiplier},
/// bias {c * multiplier}. Output channel o reads input channel o / multiplier.
struct depthwise_conv2d : counts_parameters {
  static constexpr std::string_view name = "DEPTHWISE_CONV_2D";
  inlay::window window{};
  inlay::activation activation = inlay::activation::none;
  /// Outputs an input channel; 0 for as many as the filters have.
  std::int32_t multiplier = 0;

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    if (!checks::input_count(around, 2, 3, found)) {
      return false;
    }
    const shape& image = around[0].type.shape;
    const shape& filters = around[1].type.shape;
    return found.expect(filters.rank == 4 && filters[0] == 1, "its filters are ", filters,
                        ", expected four extents: 1, height, width, outputs") &&
           found.expect(filters[3] % image.channels() == 0, "its input ", image, " has ",
                        image.channels(), " channels, its filters ", filters, " give ", filters[3],
                        ", expected a multiple") &&
           found.expect(
               multiplier == 0 || std::int64_t{multiplier} * image.channels() == filters[3],
               "its depth multiplier is ", multiplier, " and its input ", image, " has ",
               image.channels(), " channels, its filters ", filters, " give ", filters[3]) &&
           infer_window(window, {filters[1], filters[2]}, image, filters[3], out, found);
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    const std::int32_t outputs = around[1].type.shape[3];
    return checks::same_element(around, found) && checks::weights(around, 3, outputs, found) &&
           checks::bias(around, 2, outputs, found);
  }

  [[nodiscard]] constexpr std::int64_t multiply_accumulates(const operands& around) const {
    const shape& filters = around[1].type.shape;
    return around.output->type.shape.elements() * filters[1] * filters[2];
  }
};

} // namespace op

/// How a hand-written depthwise convolution looks.
struct depthwise_conv2d_options {
  extent kernel{3, 3};
  extent stride{};
  inlay::padding padding = inlay::padding::same;
  extent dilation{};
  /// Outputs an input channel.
  std::int32_t multiplier = 1;
  inlay::activation activation = inlay::activation::none;
  /// Of the output.
  inlay::quantization quantization{};
};

/// A depthwise convolution of a hand-written network.
/// @tparam Options kernel, stride, padding, dilation, multiplier, activation, quantization
/// @tparam Parameters as of conv2d, weights as {kernel height, kernel width, outputs}
template <depthwise_conv2d_options Options, class Parameters = shape_only>
struct depthwise_conv2d {
  static constexpr int operators = 1;
  static constexpr int constants = 2;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    const constant weights = detail::weights_of<Parameters>();
    const std::int32_t taps = Options.kernel.height * Options.kernel.width;
    const std::int32_t outputs = weights.empty()
                                     ? network.type_of(input).shape.channels() * Options.multiplier
                                     : static_cast<std::int32_t>(weights.size) / taps;
    const shape filters{1, Options.kernel.height, Options.kernel.width, outputs};
    const op::depthwise_conv2d what{{},
                                    {Options.stride, Options.dilation, Options.padding},
                                    Options.activation,
                                    Options.multiplier};
    return network.emit_with_parameters(
        what, input, filters, 3, weights, detail::scales_of<Parameters>(),
        detail::bias_of<Parameters>(), outputs, Options.quantization);
  }
};

} // namespace inlay
