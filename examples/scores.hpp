// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/inlay.hpp>
#include <inlay/tensor/xtensor.hpp>

#include <cstddef>
#include <vector>

namespace app {

/// Whether a network's output holds probabilities: whether the last operator that changes values,
/// apart from how they are written down, is a SOFTMAX or a LOGISTIC. Otherwise they are logits.
template <class Network>
constexpr bool ends_in_probabilities() {
  namespace op = inlay::op;
  const auto& graph = Network::graph;
  int number = graph.outputs[0];
  for (int i = graph.node_count - 1; i >= 0; --i) {
    const inlay::node& which = graph[i];
    if (which.output != number) {
      continue;
    }
    const bool rewrites =
        which.what.template is<op::reshape>() || which.what.template is<op::squeeze>() ||
        which.what.template is<op::quantize>() || which.what.template is<op::dequantize>();
    if (!rewrites) {
      return which.what.template is<op::softmax>() || which.what.template is<op::logistic>();
    }
    number = which.inputs[0];
  }
  return false;
}

/// Logits as the probabilities of classes of which one is right.
std::vector<float> softmax(const std::vector<float>& logits);

/// The probability of each class, from a network's output.
template <class Network, class View>
std::vector<float> probabilities(View output) {
  using tensor = typename Network::template output<0>;
  std::vector<float> real(View::extent);
  inlay::as_xtensor(inlay::tensor_view<float, View::shape>(real.data())) =
      inlay::dequantize_as<tensor>(inlay::as_xtensor(output));
  return ends_in_probabilities<Network>() ? real : softmax(real);
}

/// The classes with the largest probabilities, best first; of equal ones, the lower number first.
std::vector<std::size_t> best_classes(const std::vector<float>& probability, std::size_t count);

} // namespace app
