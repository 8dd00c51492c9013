// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>

namespace inlay {

namespace op {

/// RESHAPE: the same elements in other extents. The importer has resolved an extent of -1.
struct reshape : counts_nothing {
  static constexpr std::string_view name = "RESHAPE";
  shape to{};

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    out = to;
    return checks::input_count(around, 1, 2, found) &&
           found.expect(around[0].type.shape.elements() == to.elements(), "its input ",
                        around[0].type.shape, " has ", around[0].type.shape.elements(),
                        " elements and its output ", to, " has ", to.elements(),
                        ", expected the same");
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    return checks::same_element(around, found) && checks::same_quantization(around, found);
  }
};

/// SQUEEZE: the same elements without some extents of 1.
struct squeeze : reshape {
  static constexpr std::string_view name = "SQUEEZE";
};

} // namespace op

/// Other extents for the same elements in a hand-written network.
template <shape To>
struct reshape {
  static constexpr int operators = 1;
  static constexpr int constants = 0;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    const tensor_type in = network.type_of(input);
    return network.emit(op::reshape{{}, To}, {input}, in.element, in.quantization);
  }
};

} // namespace inlay
