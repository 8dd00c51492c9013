// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>
#include <inlay/layers/parameters.hpp>
#include <inlay/layers/window.hpp>

namespace inlay {

namespace op {

/// CONV_2D: input {h, w, c}, filters {outputs, kernel height, kernel width, c}, bias {outputs}.
struct conv2d : counts_parameters {
  static constexpr std::string_view name = "CONV_2D";
  inlay::window window{};
  inlay::activation activation = inlay::activation::none;

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    if (!checks::input_count(around, 2, 3, found)) {
      return false;
    }
    const shape& image = around[0].type.shape;
    const shape& filters = around[1].type.shape;
    return found.expect(filters.rank == 4, "its filters are ", filters,
                        ", expected four extents: outputs, height, width, inputs") &&
           found.expect(filters[3] == image.channels(), "its input ", image, " has ",
                        image.channels(), " channels, its filters ", filters, " expect ",
                        filters[3],
                        filters[3] > 0 && image.channels() % filters[3] == 0
                            ? " (a grouped convolution, which is not supported)"
                            : "") &&
           infer_window(window, {filters[1], filters[2]}, image, filters[0], out, found);
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    const std::int32_t outputs = around[1].type.shape[0];
    return checks::same_element(around, found) && checks::weights(around, 0, outputs, found) &&
           checks::bias(around, 2, outputs, found);
  }

  [[nodiscard]] constexpr std::int64_t multiply_accumulates(const operands& around) const {
    const shape& filters = around[1].type.shape;
    return around.output->type.shape.elements() * filters[1] * filters[2] * filters[3];
  }
};

} // namespace op

/// How a hand-written convolution looks.
struct conv2d_options {
  std::int32_t filters = 1;
  extent kernel{};
  extent stride{};
  inlay::padding padding = inlay::padding::same;
  extent dilation{};
  inlay::activation activation = inlay::activation::none;
  /// Of the output.
  inlay::quantization quantization{};
};

/// A convolution of a hand-written network.
/// @tparam Options filters, kernel, stride, padding, dilation, activation, output quantization
/// @tparam Parameters a type with static constexpr members `weights` (int8, {filters, kernel
///   height, kernel width, inputs} row-major), `scales` (float, one a filter) and `bias` (int32,
///   one a filter; may be left out), each a std::array or an inlay::constant; or shape_only
template <conv2d_options Options, class Parameters = shape_only>
struct conv2d {
  static constexpr int operators = 1;
  static constexpr int constants = 2;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    const tensor_type& in = network.type_of(input);
    const constant weights = detail::weights_of<Parameters>();
    const std::int32_t per_filter = Options.kernel.height * Options.kernel.width * Options.filters;
    const std::int32_t channels = weights.empty()
                                      ? in.shape.channels()
                                      : static_cast<std::int32_t>(weights.size) / per_filter;
    const shape filters{Options.filters, Options.kernel.height, Options.kernel.width, channels};
    const op::conv2d what{
        {}, {Options.stride, Options.dilation, Options.padding}, Options.activation};
    return network.emit_with_parameters(
        what, input, filters, 0, weights, detail::scales_of<Parameters>(),
        detail::bias_of<Parameters>(), Options.filters, Options.quantization);
  }
};

} // namespace inlay
