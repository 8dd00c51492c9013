// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "operation.hpp"

namespace inlay::test::npu_model {

/// value * multiplier / 2^shift. The rounding of TensorFlow Lite is double: after 31 bits to the
/// nearest, then by the rest, halves away from zero.
constexpr std::int64_t scaled(std::int64_t value, scale by, rounding how) {
  __extension__ using wide = __int128;
  const wide product = static_cast<wide>(value) * by.multiplier;
  if (by.shift == 0) {
    return static_cast<std::int64_t>(product);
  }
  const wide one = 1;
  const wide half = one << (by.shift - 1);
  switch (how) {
  case rounding::tflite: {
    if (by.shift <= 31) {
      return static_cast<std::int64_t>((product + half) >> by.shift);
    }
    const wide high = (product + (one << 30)) >> 31;
    const int rest = by.shift - 31;
    const wide nudge = (one << (rest - 1)) - (high < 0 ? 1 : 0);
    return static_cast<std::int64_t>((high + nudge) >> rest);
  }
  case rounding::truncate:
    return static_cast<std::int64_t>(product / (one << by.shift));
  case rounding::natural:
    break;
  }
  return static_cast<std::int64_t>((product + half) >> by.shift);
}

/// sum / count, as an average pool divides.
constexpr std::int64_t divided(std::int64_t sum, std::int64_t count, rounding how) {
  switch (how) {
  case rounding::tflite:
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
  case rounding::truncate:
    return sum / count;
  case rounding::natural:
    break;
  }
  const std::int64_t twice = 2 * sum + count;
  const std::int64_t below = twice % (2 * count) < 0 ? 1 : 0;
  return twice / (2 * count) - below;
}

/// value / 2^bits.
constexpr std::int64_t shifted(std::int64_t value, int bits, rounding how) {
  if (bits == 0) {
    return value;
  }
  const std::int64_t half = std::int64_t{1} << (bits - 1);
  switch (how) {
  case rounding::tflite:
    return (value + half - (value < 0 ? 1 : 0)) >> bits;
  case rounding::truncate:
    return value / (std::int64_t{1} << bits);
  case rounding::natural:
    break;
  }
  return (value + half) >> bits;
}

} // namespace inlay::test::npu_model
