// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/graph.hpp>

namespace inlay {

namespace checks {

/// The largest activation or constant, in elements: keeps all offsets and sums within 32 bits.
inline constexpr std::int64_t max_elements = std::int64_t{1} << 30;

/// Extents that are positive and not too many, and a quantization that makes sense.
constexpr bool tensor(const tensor_type& type, diagnosis& found) {
  std::int64_t elements = 1;
  for (int axis = 0; axis < type.shape.rank; ++axis) {
    if (!found.expect(type.shape[axis] >= 1, "a tensor has the extents ", type.shape,
                      ", expected all of them to be at least 1")) {
      return false;
    }
    elements *= type.shape[axis];
    if (!found.expect(elements <= max_elements, "a tensor has the extents ", type.shape,
                      ", expected at most ", max_elements, " elements")) {
      return false;
    }
  }
  const quantization& q = type.quantization;
  return !is_quantized(type.element) || q.scale == 0 ||
         (found.expect(q.scale > 0 && is_finite(static_cast<double>(q.scale)),
                       "a tensor has the scale ", static_cast<double>(q.scale),
                       ", expected a positive number") &&
          found.expect(q.zero_point >= lowest_of(type.element) &&
                           q.zero_point <= highest_of(type.element),
                       "a tensor of ", name_of(type.element), " has the zero point ", q.zero_point,
                       ", expected one in its range"));
}

} // namespace checks

/// Checks one operator of a graph whose earlier operators are known to be right.
template <graph_size Size>
constexpr bool check_node(const graph<Size>& network, const node& which, diagnosis& found) {
  const operands around = network.around(which);
  for (int i = 0; i < around.count; ++i) {
    if (around.has(i) && !checks::tensor(around[i].type, found)) {
      return false;
    }
  }
  if (!checks::tensor(around.output->type, found)) {
    return false;
  }
  return which.what.visit([&](const auto& chosen) {
    shape inferred;
    return chosen.infer(around, inferred, found) &&
           found.expect(inferred == around.output->type.shape, "its output is ",
                        around.output->type.shape, ", expected ", inferred,
                        " from its inputs and options") &&
           chosen.check(around, found);
  });
}

/// Checks a whole graph: that each operator reads what an earlier one wrote, and that neighbours
/// agree on shapes, types and quantization. False, with the first complaint in `found`, if not.
template <graph_size Size>
constexpr bool check_graph(const graph<Size>& network, diagnosis& found) {
  std::array<bool, Size.tensors> known{};
  const auto is_known = [&](int number) -> bool& {
    return known[static_cast<std::size_t>(number)];
  };
  is_known(network.input) = true;
  for (int i = 0; i < network.node_count; ++i) {
    const node& which = network[i];
    found.at(i, name_of(which.what));
    for (int k = 0; k < which.input_count; ++k) {
      const int number = which.inputs[static_cast<std::size_t>(k)];
      if (number < 0) {
        continue;
      }
      const bool takes_constants = which.what.template is<op::conv2d>() ||
                                   which.what.template is<op::depthwise_conv2d>() ||
                                   which.what.template is<op::fully_connected>();
      const bool constant_here = takes_constants && k > 0;
      if (!found.expect(network.at(number).is_constant == constant_here, "its input ", k,
                        constant_here ? " is computed at run time, expected a constant"
                                      : " is a constant, expected one that is computed") ||
          !found.expect(constant_here || is_known(number), "it reads tensor ", number,
                        ", which no earlier operator writes; expected operators in the order of "
                        "execution, without a cycle")) {
        return false;
      }
    }
    if (!found.expect(!is_known(which.output) && !network.at(which.output).is_constant,
                      "it writes tensor ", which.output,
                      ", which has a value already; expected each tensor to be written once") ||
        !check_node(network, which, found)) {
      return false;
    }
    is_known(which.output) = true;
  }
  found.at_model();
  for (int i = 0; i < network.output_count; ++i) {
    const int number = network.outputs[static_cast<std::size_t>(i)];
    if (!found.expect(is_known(number) && number != network.input, "output ", i, " (tensor ",
                      number, ") is not computed by any operator")) {
      return false;
    }
  }
  return found.ok();
}

/// Checks each channel of operator `index`, in a graph that is right otherwise.
template <graph_size Size>
constexpr bool check_channels(const graph<Size>& network, int index, diagnosis& found) {
  const node& which = network[index];
  found.at(index, name_of(which.what));
  return checks::weight_channels(network.around(which), found);
}

} // namespace inlay
