// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/check.hpp>

#include <initializer_list>

namespace inlay {

/// Appends the layers of a hand-written network to a graph, inferring shapes as it goes. After
/// the first complaint nothing more is appended.
template <graph_size Size>
class graph_builder {
public:
  constexpr graph_builder(graph<Size>& network, diagnosis& found)
      : network_(network), found_(found) {}

  [[nodiscard]] constexpr const tensor_type& type_of(int number) const {
    return network_.at(number).type;
  }
  [[nodiscard]] constexpr bool ok() const { return found_.ok(); }

  constexpr int input(const tensor_type& type) {
    network_.input = append(tensor{.type = type});
    found_.at(0, "input");
    checks::tensor(type, found_);
    return network_.input;
  }

  /// Appends an operator and returns the number of its output.
  template <class Operator>
  constexpr int emit(const Operator& what, std::initializer_list<int> inputs, element type,
                     quantization quantization) {
    if (!found_.ok()) {
      return *inputs.begin();
    }
    node next{};
    next.what = what;
    for (int number : inputs) {
      next.inputs[static_cast<std::size_t>(next.input_count++)] = number;
    }
    next.output = append(tensor{.type = {type, {}, quantization}});
    found_.at(network_.node_count, Operator::name);
    tensor_type& out = network_.tensors[static_cast<std::size_t>(next.output)].type;
    shape inferred;
    if (what.infer(network_.around(next), inferred, found_)) {
      out.shape = inferred;
      check_node(network_, next, found_);
    }
    network_.nodes[static_cast<std::size_t>(network_.node_count++)] = next;
    return next.output;
  }

  /// Appends an operator with weights as input 1 and, if there is one, a bias as input 2.
  template <class Operator>
  constexpr int emit_with_parameters(const Operator& what, int input, const shape& filters,
                                     int channel_axis, constant weights, constant scales,
                                     constant bias, std::int32_t outputs,
                                     quantization quantization) {
    if (!found_.ok()) {
      return input;
    }
    found_.at(network_.node_count, Operator::name);
    if (!checks_parameters(filters, weights, scales, bias, outputs)) {
      return input;
    }
    const element type = type_of(input).element;
    // A network of shapes alone has no scales; 1 stands in so that it can be counted and planned.
    const auto scale = scales.size == sizeof(float) ? scales.at<float>(0) : 1.0F;
    const bool per_channel = scales.size > sizeof(float);
    const int filter_number = append(tensor{.type = {type, filters, {scale, 0}},
                                            .data = weights,
                                            .channel_scales = per_channel ? scales : constant{},
                                            .channel_axis = channel_axis,
                                            .is_constant = true});
    if (!weights.empty() && bias.empty()) {
      return emit(what, {input, filter_number}, type, quantization);
    }
    const int bias_number = append(
        tensor{.type = {element::int32, shape{outputs}, {}}, .data = bias, .is_constant = true});
    return emit(what, {input, filter_number, bias_number}, type, quantization);
  }

  /// Complains unless tensor `number` is of the type `expected`.
  constexpr void expect_type(int number, const tensor_type& expected) {
    found_.at(network_.node_count, "expect");
    found_.expect(type_of(number) == expected, "what arrives is ", type_of(number), ", expected ",
                  expected);
  }

  constexpr void output(int number) {
    network_.outputs[static_cast<std::size_t>(network_.output_count++)] = number;
  }

private:
  constexpr bool checks_parameters(const shape& filters, constant weights, constant scales,
                                   constant bias, std::int32_t outputs) {
    if (weights.empty()) {
      return true;
    }
    return found_.expect(filters.elements() == static_cast<std::int64_t>(weights.size), "it has ",
                         weights.size, " weights, which does not fill filters of ", filters) &&
           found_.expect(!scales.empty(), "it has weights but no scales") &&
           found_.expect(bias.empty() || bias.size == static_cast<std::size_t>(outputs) * 4,
                         "its bias has ", bias.size / 4, " values, expected ", outputs,
                         ", one an output channel");
  }

  constexpr int append(const tensor& next) {
    network_.tensors[static_cast<std::size_t>(network_.tensor_count)] = next;
    return network_.tensor_count++;
  }

  graph<Size>& network_;
  diagnosis& found_;
};

} // namespace inlay
