// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/graph.hpp>

#include <initializer_list>

namespace inlay::test {

constexpr quantization some_scale{0.25F, 3};

/// An activation of int8 elements.
constexpr tensor activation_of(shape extents, quantization q = some_scale,
                               element type = element::int8) {
  return {.type = {type, extents, q}};
}
/// Weights without values: inference and checks look at their type alone.
constexpr tensor weights_of(shape extents, float scale = 0.5F, element type = element::int8) {
  return {.type = {type, extents, {scale, 0}}, .is_constant = true};
}
constexpr tensor bias_of(int outputs, element type = element::int32) {
  return {.type = {type, shape{outputs}, {}}, .is_constant = true};
}

/// What an operator makes of its tensors: the inferred shape, or a complaint.
struct outcome {
  shape inferred{};
  text message{};

  /// Not string_view::find, which g++ 12 does not evaluate over a temporary.
  constexpr bool says(std::string_view part) const {
    for (std::size_t at = 0; at + part.size() <= message.size(); ++at) {
      std::size_t same = 0;
      while (same < part.size() && message.view()[at + same] == part[same]) {
        ++same;
      }
      if (same == part.size()) {
        return true;
      }
    }
    return false;
  }
  constexpr bool gives(shape expected) const { return message.size() == 0 && inferred == expected; }
};

/// Infers the output's shape and checks the operator with an output of that shape.
template <class Operator>
constexpr outcome apply(const Operator& what, std::initializer_list<tensor> inputs,
                        quantization out = some_scale, element out_type = element::int8) {
  std::array<tensor, operands::max_inputs> kept{};
  operands around;
  for (const tensor& input : inputs) {
    kept[static_cast<std::size_t>(around.count)] = input;
    around.add(kept[static_cast<std::size_t>(around.count)]);
  }
  tensor output = activation_of({}, out, out_type);
  around.output = &output;
  diagnosis found("layer");
  outcome result;
  if (what.infer(around, result.inferred, found)) {
    output.type.shape = result.inferred;
    what.check(around, found);
  }
  result.message = found.message();
  return result;
}

} // namespace inlay::test
