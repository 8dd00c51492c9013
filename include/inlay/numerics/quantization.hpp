// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/element.hpp>
#include <inlay/numerics/fixed_point.hpp>
#include <inlay/support/text.hpp>

#include <string_view>

namespace inlay {

/// Per-tensor affine quantization: real = scale * (quantized - zero_point). A scale of 0 means
/// that the tensor is not quantized.
struct quantization {
  float scale = 0;
  std::int32_t zero_point = 0;

  friend constexpr bool operator==(const quantization&, const quantization&) = default;
  friend constexpr text& operator<<(text& out, const quantization& self) {
    if (self.scale == 0) {
      return out << "no quantization";
    }
    return out << "scale " << static_cast<double>(self.scale) << " zero point " << self.zero_point;
  }
};

/// An activation function that is folded into the layer before it.
enum class activation : std::uint8_t { none, relu, relu6, relu_n1_to_1 };

constexpr std::string_view name_of(activation function) {
  switch (function) {
  case activation::none:
    return "NONE";
  case activation::relu:
    return "RELU";
  case activation::relu6:
    return "RELU6";
  case activation::relu_n1_to_1:
    return "RELU_N1_TO_1";
  }
  return "?";
}

/// The least and the largest value of a quantized tensor, both included.
struct value_range {
  std::int32_t low = 0;
  std::int32_t high = 0;

  friend constexpr bool operator==(const value_range&, const value_range&) = default;
};

/// What an activation leaves of the element type's range. Computed in single precision, as
/// CalculateActivationRangeQuantized in tensorflow/lite/kernels/kernel_util.cc does.
constexpr value_range activation_range(activation function, element type, quantization out) {
  const auto quantized = [&](float real) {
    return out.zero_point + round_to_int32(static_cast<double>(real / out.scale));
  };
  const value_range whole{lowest_of(type), highest_of(type)};
  const auto at_least = [&](std::int32_t low) { return low > whole.low ? low : whole.low; };
  const auto at_most = [&](std::int32_t high) { return high < whole.high ? high : whole.high; };
  switch (function) {
  case activation::none:
    break;
  case activation::relu:
    return {at_least(quantized(0)), whole.high};
  case activation::relu6:
    return {at_least(quantized(0)), at_most(quantized(6))};
  case activation::relu_n1_to_1:
    return {at_least(quantized(-1)), at_most(quantized(1))};
  }
  return whole;
}

} // namespace inlay
