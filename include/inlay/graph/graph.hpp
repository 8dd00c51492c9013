// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/add.hpp>
#include <inlay/layers/average_pool_2d.hpp>
#include <inlay/layers/conv2d.hpp>
#include <inlay/layers/depthwise_conv2d.hpp>
#include <inlay/layers/fully_connected.hpp>
#include <inlay/layers/logistic.hpp>
#include <inlay/layers/mean.hpp>
#include <inlay/layers/pad.hpp>
#include <inlay/layers/quantize.hpp>
#include <inlay/layers/reshape.hpp>
#include <inlay/layers/softmax.hpp>
#include <inlay/support/choice.hpp>

#include <array>
#include <cstddef>

namespace inlay {

/// Every operator that inlay knows.
using operation = choice<op::quantize, op::dequantize, op::conv2d, op::depthwise_conv2d,
                         op::fully_connected, op::add, op::average_pool_2d, op::mean, op::pad,
                         op::reshape, op::squeeze, op::softmax, op::logistic>;

constexpr std::string_view name_of(const operation& what) {
  return what.visit([](const auto& chosen) { return std::string_view(chosen.name); });
}

/// An operator with the numbers of the tensors that it reads (-1: left out) and writes.
struct node {
  operation what{};
  std::array<int, operands::max_inputs> inputs{-1, -1, -1, -1};
  int input_count = 0;
  int output = -1;
};

/// How many tensors and operators a graph has.
struct graph_size {
  std::size_t tensors = 0;
  std::size_t operators = 0;
};

/// A network as a value: operators in the order of execution, and tensors, numbered as in the
/// model file. `Size` is its capacity; in a constant expression also its exact size.
template <graph_size Size>
struct graph {
  static constexpr graph_size capacity = Size;
  static constexpr std::size_t max_outputs = 8;

  std::array<tensor, Size.tensors> tensors{};
  std::array<node, Size.operators> nodes{};
  int tensor_count = 0;
  int node_count = 0;
  int input = -1;
  std::array<int, max_outputs> outputs{};
  int output_count = 0;

  [[nodiscard]] constexpr const tensor& at(int number) const {
    return tensors[static_cast<std::size_t>(number)];
  }
  [[nodiscard]] constexpr const node& operator[](int index) const {
    return nodes[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] constexpr operands around(const node& which) const {
    operands result;
    for (int i = 0; i < which.input_count; ++i) {
      if (const int number = which.inputs[static_cast<std::size_t>(i)]; number >= 0) {
        result.add(at(number));
      } else {
        result.leave_out();
      }
    }
    result.output = &at(which.output);
    return result;
  }
};

/// What an operator, or a whole network, costs.
struct counts {
  /// Products that are summed up in one inference.
  std::int64_t multiply_accumulates = 0;
  /// Weights, without biases: what MobileNet's published tables call parameters.
  std::int64_t weights = 0;
  std::int64_t biases = 0;

  constexpr counts& operator+=(const counts& other) {
    multiply_accumulates += other.multiply_accumulates;
    weights += other.weights;
    biases += other.biases;
    return *this;
  }
  friend constexpr bool operator==(const counts&, const counts&) = default;
};

template <graph_size Size>
constexpr counts count(const graph<Size>& network, const node& which) {
  const operands around = network.around(which);
  return which.what.visit([&](const auto& chosen) {
    return counts{chosen.multiply_accumulates(around), chosen.weights(around),
                  chosen.biases(around)};
  });
}

template <graph_size Size>
constexpr counts count(const graph<Size>& network) {
  counts sum;
  for (int i = 0; i < network.node_count; ++i) {
    sum += count(network, network[i]);
  }
  return sum;
}

} // namespace inlay
