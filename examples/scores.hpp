// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/inlay.hpp>
#include <inlay/tensor/xtensor.hpp>

#if __has_include(<xtensor/containers/xtensor.hpp>)
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/misc/xsort.hpp>
#else
#include <xtensor/xsort.hpp>
#include <xtensor/xtensor.hpp>
#endif

#include <algorithm>
#include <cstddef>
#include <numeric>
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

/// The probability of each class, from a network's output.
template <class Network, class View>
xt::xtensor<double, 1> probabilities(View output) {
  using tensor = typename Network::template output<0>;
  const auto flat = xt::adapt<xt::layout_type::row_major>(
      output.data(), xt::fixed_shape<static_cast<std::size_t>(View::extent)>{});
  const xt::xtensor<double, 1> real = xt::cast<double>(inlay::dequantize_as<tensor>(flat));
  if constexpr (ends_in_probabilities<Network>()) {
    return real;
  } else {
    const xt::xtensor<double, 1> powers = xt::exp(real - xt::amax(real)());
    return powers / xt::sum(powers)();
  }
}

/// The classes with the largest probabilities, best first; of equal ones, the lower number first.
inline std::vector<std::size_t> best_classes(const xt::xtensor<double, 1>& probability,
                                             std::size_t count) {
  std::vector<std::size_t> order(probability.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return probability(a) != probability(b) ? probability(a) > probability(b)
                                                              : a < b;
                    });
  order.resize(count);
  return order;
}

} // namespace app
