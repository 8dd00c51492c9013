// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/fixed_point.hpp>

#include <bit>
#include <cstdint>

namespace inlay {

/// What MEAN multiplies a sum of `count` values by: the division is put into the multiplier, as far
/// as 64 bits hold (QuantizedMeanOrSum in tensorflow/lite/kernels/internal/reference/reduce.h).
/// @param by the input's scale over the output's
constexpr quantized_multiplier mean_multiplier(quantized_multiplier by, std::int64_t count) {
  int bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count))) - 1;
  bits = bits < 32 ? bits : 32;
  bits = bits < 31 + by.shift ? bits : 31 + by.shift;
  by.mantissa = static_cast<std::int32_t>((std::int64_t{by.mantissa} << bits) / count);
  by.shift -= bits;
  return by;
}

} // namespace inlay
