// SPDX-License-Identifier: Apache-2.0
#include "scores.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace app {

std::vector<float> softmax(const std::vector<float>& logits) {
  std::vector<float> powers(logits);
  const float most = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (float& power : powers) {
    power = std::exp(power - most);
    sum += static_cast<double>(power);
  }
  for (float& power : powers) {
    power = static_cast<float>(static_cast<double>(power) / sum);
  }
  return powers;
}

std::vector<std::size_t> best_classes(const std::vector<float>& probability, std::size_t count) {
  std::vector<std::size_t> order(probability.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return probability[a] != probability[b] ? probability[a] > probability[b]
                                                              : a < b;
                    });
  order.resize(count);
  return order;
}

} // namespace app
