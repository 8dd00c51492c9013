// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>
#include <inlay/layers/parameters.hpp>

namespace inlay {

namespace op {

/// FULLY_CONNECTED: filters {outputs, inputs}, bias {outputs}. The input's elements are taken in
/// rows of `inputs`.
struct fully_connected : counts_parameters {
  static constexpr std::string_view name = "FULLY_CONNECTED";
  inlay::activation activation = inlay::activation::none;
  /// Keep the input's leading extents and replace only the innermost one.
  bool keep_num_dims = false;
  /// Rows of the output where keep_num_dims is not set; one row makes the shape {outputs}.
  std::int32_t rows = 1;

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    if (!checks::input_count(around, 2, 3, found)) {
      return false;
    }
    const shape& in = around[0].type.shape;
    const shape& filters = around[1].type.shape;
    if (!found.expect(filters.rank == 2, "its filters are ", filters,
                      ", expected two extents: outputs, inputs")) {
      return false;
    }
    if (!keep_num_dims) {
      const std::int64_t expected = std::int64_t{rows} * filters[1];
      out = rows == 1 ? shape{filters[0]} : shape{rows, filters[0]};
      return found.expect(in.elements() == expected, "its input ", in, " has ", in.elements(),
                          " elements, its filters ", filters, " expect ", expected);
    }
    out = in;
    if (in.rank > 0) {
      out.extents[static_cast<std::size_t>(in.rank - 1)] = filters[0];
    }
    return found.expect(in.rank > 0 && in.channels() == filters[1], "its input ", in, " has ",
                        in.channels(), " channels, its filters ", filters, " expect ", filters[1]);
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    const std::int32_t outputs = around[1].type.shape[0];
    return checks::same_element(around, found) && checks::weights(around, 0, outputs, found) &&
           checks::bias(around, 2, outputs, found);
  }

  [[nodiscard]] constexpr std::int64_t multiply_accumulates(const operands& around) const {
    return around.output->type.shape.elements() * around[1].type.shape[1];
  }
};

} // namespace op

/// How a hand-written fully connected layer looks.
struct fully_connected_options {
  std::int32_t outputs = 1;
  inlay::activation activation = inlay::activation::none;
  /// Of the output.
  inlay::quantization quantization{};
};

/// A fully connected layer of a hand-written network.
/// @tparam Options outputs, activation, quantization
/// @tparam Parameters as of conv2d, weights as {outputs, inputs}
template <fully_connected_options Options, class Parameters = shape_only>
struct fully_connected {
  static constexpr int operators = 1;
  static constexpr int constants = 2;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    const constant weights = detail::weights_of<Parameters>();
    const auto inputs = static_cast<std::int32_t>(
        weights.empty() ? network.type_of(input).shape.elements()
                        : static_cast<std::int64_t>(weights.size) / Options.outputs);
    return network.emit_with_parameters(
        op::fully_connected{{}, Options.activation, false}, input, shape{Options.outputs, inputs},
        0, weights, detail::scales_of<Parameters>(), detail::bias_of<Parameters>(), Options.outputs,
        Options.quantization);
  }
};

} // namespace inlay
