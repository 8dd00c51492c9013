// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>

namespace inlay {

namespace op {

/// ADD of two tensors of one shape, each with its own quantization.
struct add : counts_nothing {
  static constexpr std::string_view name = "ADD";
  inlay::activation activation = inlay::activation::none;

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    if (!checks::input_count(around, 2, 2, found)) {
      return false;
    }
    out = around[0].type.shape;
    return found.expect(around[1].type.shape == out, "its inputs are ", out, " and ",
                        around[1].type.shape,
                        ", expected one shape (broadcasting is not "
                        "supported)");
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    return checks::same_element(around, found) &&
           found.expect(around[1].type.element == around[0].type.element, "its inputs are ",
                        name_of(around[0].type.element), " and ", name_of(around[1].type.element),
                        ", expected one type") &&
           checks::quantized(around[1].type, "second input", found) &&
           output_multiplier(around, found);
  }

private:
  static constexpr bool output_multiplier(const operands& around, diagnosis& found) {
    const auto first = static_cast<double>(around[0].type.quantization.scale);
    const auto second = static_cast<double>(around[1].type.quantization.scale);
    return checks::multiplier((first > second ? first : second) /
                                  static_cast<double>(around.output->type.quantization.scale) /
                                  (1 << 19),
                              found);
  }
};

} // namespace op

/// Layers whose result is added to what went into them.
/// @tparam Quantization of the sum
/// @tparam Layers the branch, from first to last
template <quantization Quantization, class... Layers>
struct residual {
  static constexpr int operators = (Layers::operators + ... + 1);
  static constexpr int constants = (Layers::constants + ... + 0);

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    int branch = input;
    ((branch = Layers::append(network, branch)), ...);
    return network.emit(op::add{}, {input, branch}, network.type_of(input).element, Quantization);
  }
};

} // namespace inlay
