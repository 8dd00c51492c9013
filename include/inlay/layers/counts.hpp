// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/tensor/tensor.hpp>

#include <cstdint>

namespace inlay::op {

/// The counts of an operator that has no parameters and multiplies nothing.
struct counts_nothing {
  /// Products that are summed up, in one inference.
  [[nodiscard]] constexpr std::int64_t multiply_accumulates(const operands&) const { return 0; }
  /// Weights, without biases: as MobileNet's published tables count.
  [[nodiscard]] constexpr std::int64_t weights(const operands&) const { return 0; }
  [[nodiscard]] constexpr std::int64_t biases(const operands&) const { return 0; }
};

/// The counts of an operator with weights as input 1 and perhaps a bias as input 2.
struct counts_parameters {
  [[nodiscard]] constexpr std::int64_t weights(const operands& around) const {
    return around[1].type.shape.elements();
  }
  [[nodiscard]] constexpr std::int64_t biases(const operands& around) const {
    return around.has(2) ? around[2].type.shape.elements() : 0;
  }
};

} // namespace inlay::op
