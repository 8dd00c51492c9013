// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/quantization.hpp>
#include <inlay/numerics/rounding_bounds.hpp>

#include <cstdint>

namespace inlay {

/// ADD as the reference does it: inputs are shifted left, scaled, added, scaled again.
struct quantized_addition {
  static constexpr int left_shift = 20;
  std::int32_t first_zero_point = 0;
  std::int32_t second_zero_point = 0;
  quantized_multiplier first_multiplier{};
  quantized_multiplier second_multiplier{};
  std::int32_t output_zero_point = 0;
  quantized_multiplier output_multiplier{};
  value_range clamp{};
  element type = element::int8;

  [[nodiscard]] constexpr std::int32_t output(std::int32_t first,
                                              std::int32_t second) const noexcept {
    const std::int32_t sum =
        wrapping_add(multiply((first - first_zero_point) * (1 << left_shift), first_multiplier),
                     multiply((second - second_zero_point) * (1 << left_shift), second_multiplier));
    return inlay::clamp(wrapping_add(multiply(sum, output_multiplier), output_zero_point),
                        clamp.low, clamp.high);
  }
};

/// Two inputs become a level (their output counted from the type's least value) by
/// truncate(float(first) * first_scale + (float(second) * second_scale + offset)), which is then
/// limited to [0, 255] by a saturating pack and to the clamp's levels where it is narrower.
struct float_addition {
  float first_scale = 0;
  float second_scale = 0;
  float offset = 0;
  /// Whether this equals the reference for all pairs of inputs.
  bool exact = false;

  friend constexpr bool operator==(const float_addition&, const float_addition&) = default;
};

/// The form's sum before it is truncated; the inputs are as they are counted in the kernel.
template <bool Fused>
constexpr float sum_of(const float_addition& form, std::int32_t first,
                       std::int32_t second) noexcept {
  return multiply_add<Fused>(
      static_cast<float>(first), form.first_scale,
      multiply_add<Fused>(static_cast<float>(second), form.second_scale, form.offset));
}

} // namespace inlay
