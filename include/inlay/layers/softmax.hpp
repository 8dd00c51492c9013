// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>

namespace inlay {

namespace op {

/// SOFTMAX over the innermost extent.
struct softmax : counts_nothing {
  static constexpr std::string_view name = "SOFTMAX";
  float beta = 1;

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    return checks::elementwise(around, out, found) &&
           found.expect(out.rank >= 1, "its input is a scalar, expected at least one extent") &&
           found.expect(out.channels() < 4096, "it is over ", out.channels(),
                        " elements, expected at most 4095 (the sum of their exponentials has 12 "
                        "integer bits)");
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    const double scale =
        static_cast<double>(beta) * static_cast<double>(around[0].type.quantization.scale);
    return checks::same_element(around, found) && checks::probability_output(around, found) &&
           found.expect(is_finite(scale) && scale * (1 << 26) > 1,
                        "its beta times its input's "
                        "scale is ",
                        scale, ", expected more than 2^-26");
  }
};

} // namespace op

/// Softmax of a hand-written network; its output has scale 1/256 and the lowest zero point.
struct softmax {
  static constexpr int operators = 1;
  static constexpr int constants = 0;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    const element type = network.type_of(input).element;
    return network.emit(op::softmax{}, {input}, type, {1.0F / 256, lowest_of(type)});
  }
};

} // namespace inlay
