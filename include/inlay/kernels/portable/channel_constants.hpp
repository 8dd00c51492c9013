// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/layer_constants.hpp>
#include <inlay/numerics/element.hpp>
#include <inlay/numerics/quantization.hpp>

#include <bit>

// How microcontrollers keep what turns the sum of an output channel into an output.
//
// Kernels sum up twice x * w, so that one multiplication gives the first of the two roundings:
//
//   srdhm(sum, m) = (2 * sum * m + 2^31) >> 32
//
// the upper half of a 64-bit product, to which the instruction adds a number for nothing. The
// second rounding, half away from zero, needs half of 2^e, less 1 below zero, and the zero point
// can be added before the shift as well:
//
//   rdbpot(x, e) + zero_point = (x - (x < 0) + zero_point * 2^e + 2^(e - 1)) >> e
//
// This holds where twice the sum fits into 32 bits and e is in [1, 22]. `pack` proves for each
// channel from its weights and bias that it does; any other channel is marked and takes the general
// way.

namespace inlay::kernels::portable {

/// One output channel's constants.
struct channel_constants {
  /// The model's bias, less what the input's zero point adds to the sum of all taps.
  std::int32_t bias = 0;
  std::int32_t mantissa = 0;
  /// e - 1; or `careful` and the multiplier's shift, moved to be positive.
  std::uint8_t code = 0;

  static constexpr std::uint8_t careful = 0x80;
  static constexpr int shift_offset = 63;

  [[nodiscard]] constexpr quantized_multiplier multiplier() const noexcept {
    return {mantissa, (code & 0x7f) - shift_offset};
  }
};

/// The least and the largest element of a tensor, and its zero point among them.
struct input_range {
  std::int32_t low = 0;
  std::int32_t high = 0;
  std::int32_t zero_point = 0;
};

constexpr input_range input_range_of(element type, std::int32_t zero_point) {
  return {lowest_of(type), highest_of(type), zero_point};
}

/// What weights can do to a sum.
struct weight_sums {
  std::int64_t positive = 0;
  std::int64_t negative = 0;

  constexpr void add(std::int32_t weight) { (weight > 0 ? positive : negative) += weight; }
};

/// @param bias as the model has it
/// @param by the channel's multiplier
/// @param weights sums of the channel's weights, less their zero point
/// @param input what the elements of the input can be
constexpr channel_constants channel_constants_of(std::int32_t bias, quantized_multiplier by,
                                                 const weight_sums& weights,
                                                 const input_range& input) {
  const std::int64_t below = input.low - input.zero_point;
  const std::int64_t above = input.high - input.zero_point;
  const std::int64_t low = bias + weights.positive * below + weights.negative * above;
  const std::int64_t high = bias + weights.positive * above + weights.negative * below;
  const auto within = [&](std::int64_t limit) { return low >= -limit && high < limit; };
  const auto moved = static_cast<std::int32_t>(
      static_cast<std::uint32_t>(bias - input.zero_point * (weights.positive + weights.negative)));
  constexpr std::int64_t doubles = std::int64_t{1} << 30;
  if (within(doubles) && (by.mantissa == 0 || (by.shift < -22 && within(1 << 21)))) {
    return {moved, 0, 0}; // the result is the zero point
  }
  if (within(doubles) && by.shift <= -1 && by.shift >= -22) {
    return {moved, by.mantissa, static_cast<std::uint8_t>(-by.shift - 1)};
  }
  const int shift = clamp(by.shift + channel_constants::shift_offset, 0, 0x7f);
  return {moved, by.mantissa, static_cast<std::uint8_t>(channel_constants::careful | shift)};
}

/// What is left out when sums become outputs, because it makes no difference.
struct requantization {
  /// Outputs of negative sums are all clamped to the zero point: their rounding does not matter.
  bool hides_negative = false;
  /// The clamp is narrower than the type's range.
  bool clamps = true;
};

/// What all channels of a layer share when sums become outputs.
struct output_stage {
  std::int32_t zero_point = 0;
  value_range clamp{};
  requantization how{};

  static constexpr output_stage of(element type, std::int32_t zero_point, value_range clamp) {
    const bool clamps = clamp.low > lowest_of(type) || clamp.high < highest_of(type);
    return {zero_point, clamp, {!clamps && clamp.low >= zero_point, clamps}};
  }

  /// What is added to the product of a channel whose e is code + 1.
  [[nodiscard]] constexpr std::int32_t offset(std::uint8_t code) const noexcept {
    return (2 * zero_point + 1) * (1 << code);
  }
};

/// The general way from a sum without bias to an output.
constexpr std::int32_t requantize_carefully(std::int32_t sum, const channel_constants& channel,
                                            const output_stage& stage) noexcept {
  const std::int32_t scaled = multiply(wrapping_add(sum, channel.bias), channel.multiplier());
  return clamp(wrapping_add(scaled, stage.zero_point), stage.clamp.low, stage.clamp.high);
}

} // namespace inlay::kernels::portable
