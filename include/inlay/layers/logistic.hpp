// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>

namespace inlay {

namespace op {

/// LOGISTIC: 1 / (1 + exp(-x)) of each element.
struct logistic : counts_nothing {
  static constexpr std::string_view name = "LOGISTIC";

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    return checks::elementwise(around, out, found);
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    return checks::same_element(around, found) && checks::probability_output(around, found);
  }
};

} // namespace op

/// The logistic function of a hand-written network; its output has scale 1/256 and the lowest
/// zero point.
struct logistic {
  static constexpr int operators = 1;
  static constexpr int constants = 0;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    const element type = network.type_of(input).element;
    return network.emit(op::logistic{}, {input}, type, {1.0F / 256, lowest_of(type)});
  }
};

} // namespace inlay
