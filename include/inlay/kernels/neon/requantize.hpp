// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/layout.hpp>
#include <inlay/kernels/neon/vectors.hpp>

#if defined(__ARM_NEON)

// Sums become outputs. SQRDMULH is the reference's high multiplication. Its rounding division by a
// power of two differs from SRSHL where a negative number lies half way, so 1 is taken off negative
// numbers first; not even that where all of these are clamped to one value.

namespace inlay::kernels::neon {

/// What a kernel does with its sums, besides numbers.
struct output_form {
  /// What is below the zero point is clamped.
  bool floors = false;
  /// The zero point is the lowest number of the type, so that results above it are unsigned bytes.
  bool lowest = false;
  /// The clamp is narrower than the type's range.
  bool clamps = false;
  /// The tensors are uint8.
  bool flips = false;
  /// Weights have a zero point, so each pixel's own sum counts.
  bool sums = false;
  requantization needed = requantization::narrow;

  [[nodiscard]] constexpr bool general() const { return needed == requantization::general; }
};

/// The numbers that belong to it.
struct output_numbers {
  std::int16_t zero_point = 0;
  std::int8_t low = -128;
  std::int8_t high = 127;
};

template <class Step>
constexpr output_form form_of(const Step& step, requantization needed) {
  const value_range range{lowest_of(step.type), highest_of(step.type)};
  return {.floors = needed != requantization::general && step.clamp.low >= step.output_zero_point,
          .lowest = needed != requantization::general && step.output_zero_point == range.low &&
                    step.clamp.low == range.low,
          .clamps = step.clamp != range,
          .flips = step.type == element::uint8,
          .sums = step.weights_zero_point != offset_of(step.type),
          .needed = needed};
}

template <class Step>
constexpr output_numbers numbers_of(const Step& step) {
  const std::int32_t offset = offset_of(step.type);
  return {.zero_point = static_cast<std::int16_t>(step.output_zero_point - offset),
          .low = static_cast<std::int8_t>(step.clamp.low - offset),
          .high = static_cast<std::int8_t>(step.clamp.high - offset)};
}

/// multiply() of four sums, and in the general form the zero point, which there can wrap around.
template <output_form Form>
[[gnu::always_inline]] inline int32x4_t scale(int32x4_t sum, int32x4_t multiplier, int32x4_t shift,
                                              output_numbers numbers) noexcept {
  if constexpr (Form.general()) {
    const int32x4_t zero = vdupq_n_s32(0);
    const int32x4_t right = vminq_s32(shift, zero);
    int32x4_t result = vqrdmulhq_s32(vshlq_s32(sum, vmaxq_s32(shift, zero)), multiplier);
    result = vsraq_n_s32(result, vandq_s32(result, right), 31);
    return vaddq_s32(vrshlq_s32(result, right), vdupq_n_s32(numbers.zero_point));
  } else {
    int32x4_t result = vqrdmulhq_s32(sum, multiplier);
    if constexpr (!Form.floors) {
      result = vsraq_n_s32(result, result, 31);
    }
    return vrshlq_s32(result, shift);
  }
}

/// Eight scaled sums in 16 bits.
template <output_form Form>
[[gnu::always_inline]] inline int16x8_t narrow_scaled(int32x4_t a, int32x4_t b) noexcept {
  return Form.needed == requantization::narrow ? low_halves(a, b) : narrow(a, b);
}

/// Eight or sixteen of them as outputs.
template <output_form Form>
[[gnu::always_inline]] inline int8x8_t finish(int16x8_t scaled, output_numbers numbers) noexcept {
  if constexpr (!Form.general()) {
    scaled = vqaddq_s16(scaled, vdupq_n_s16(numbers.zero_point));
  }
  int8x8_t result = vqmovn_s16(scaled);
  if constexpr (Form.clamps) {
    result = vmin_s8(vmax_s8(result, vdup_n_s8(numbers.low)), vdup_n_s8(numbers.high));
  }
  return Form.flips ? flip(result) : result;
}
template <output_form Form>
[[gnu::always_inline]] inline int8x16_t finish(int16x8_t a, int16x8_t b,
                                               output_numbers numbers) noexcept {
  int8x16_t result;
  if constexpr (Form.lowest) {
    result = vreinterpretq_s8_u8(narrow_unsigned(a, b));
    if constexpr (!Form.clamps) {
      return Form.flips ? result : flip(result);
    }
    result = flip(result);
  } else if constexpr (Form.general()) {
    result = narrow(a, b);
  } else {
    const int16x8_t zero_point = vdupq_n_s16(numbers.zero_point);
    result = narrow(vqaddq_s16(a, zero_point), vqaddq_s16(b, zero_point));
  }
  if constexpr (Form.clamps) {
    result = vminq_s8(vmaxq_s8(result, vdupq_n_s8(numbers.low)), vdupq_n_s8(numbers.high));
  }
  return Form.flips ? flip(result) : result;
}

} // namespace inlay::kernels::neon
#endif
