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
           checks::quantized(around[1].type, "second input", found) && scales(around, found);
  }

private:
  /// The sum of inputs, which lie 20 bits higher, must be multiplied by less than 1
  /// (QuantizeMultiplierSmallerThanOneExp in
  /// tensorflow/lite/kernels/internal/quantization_util.cc).
  static constexpr bool scales(const operands& around, diagnosis& found) {
    const auto first = static_cast<double>(around[0].type.quantization.scale);
    const auto second = static_cast<double>(around[1].type.quantization.scale);
    const auto out = static_cast<double>(around.output->type.quantization.scale);
    const double larger = first > second ? first : second;
    const double real = larger / out / (1 << 19);
    return found.expect(is_finite(real) && quantize_multiplier(real).shift <= 0,
                        "its inputs' scales are ", first, " and ", second, " and its output's ",
                        out, ", expected an output's scale above ", larger / (1 << 19),
                        " (2^-19 of the larger one)");
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
