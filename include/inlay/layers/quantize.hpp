// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>

namespace inlay {

namespace op {

/// QUANTIZE: float32 to 8 bits, or 8 bits to another type, scale and zero point.
struct quantize : counts_nothing {
  static constexpr std::string_view name = "QUANTIZE";

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    return checks::elementwise(around, out, found);
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    if (!checks::quantized(around.output->type, "output", found)) {
      return false;
    }
    if (around[0].type.element == element::float32) {
      return true;
    }
    return checks::quantized(around[0].type, "input", found) && checks::rescaling(around, 1, found);
  }
};

/// DEQUANTIZE: 8 bits to float32.
struct dequantize : counts_nothing {
  static constexpr std::string_view name = "DEQUANTIZE";

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    return checks::elementwise(around, out, found);
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    return checks::quantized(around[0].type, "input", found) &&
           found.expect(around.output->type.element == element::float32, "its output is ",
                        name_of(around.output->type.element), ", expected float32");
  }
};

} // namespace op

/// Another 8-bit quantization in a hand-written network, or the first one after a float32 input.
template <element Type, quantization Quantization>
struct quantize {
  static constexpr int operators = 1;
  static constexpr int constants = 0;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    return network.emit(op::quantize{}, {input}, Type, Quantization);
  }
};

/// Real numbers out of a hand-written network.
struct dequantize {
  static constexpr int operators = 1;
  static constexpr int constants = 0;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    return network.emit(op::dequantize{}, {input}, element::float32, quantization{});
  }
};

} // namespace inlay
