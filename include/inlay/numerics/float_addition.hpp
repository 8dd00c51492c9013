// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/addition_search.hpp>

// ADD by two multiply-adds in single precision in place of the reference's three roundings in
// integers, proved for all pairs of inputs.

namespace inlay {

/// Looks for scales and an offset, and proves them for all 65,536 pairs of inputs: pairs whose real
/// sum is farther from a step than all errors together cannot differ, the others are compared.
/// `origin` is what a kernel adds to the numbers that it has to get the inputs' values: 0, or -128
/// if it reads int8 as unsigned bytes above -128. `exact` is false where nothing was found.
/// A kernel whose multiply-add is not fused must be compiled so that the compiler does not fuse it.
template <bool Fused>
constexpr float_addition prove_addition(const quantized_addition& exact,
                                        std::int32_t origin) noexcept {
  const double unit = real_of(exact.output_multiplier);
  const double shifted = unit * (1 << quantized_addition::left_shift);
  const double first_scale = shifted * real_of(exact.first_multiplier);
  const double second_scale = shifted * real_of(exact.second_multiplier);
  constexpr double greatest_scale = 2;
  if (exact.first_multiplier.shift > 0 || exact.second_multiplier.shift > 0 ||
      exact.output_multiplier.shift > 0 || first_scale > greatest_scale ||
      second_scale > greatest_scale || !(first_scale > 0) || !(second_scale > 0) ||
      unit > detail::addition_search::greatest_unit) {
    return {};
  }
  const double offset = exact.output_zero_point - lowest_of(exact.type) + 0.5 +
                        first_scale * (origin - exact.first_zero_point) +
                        second_scale * (origin - exact.second_zero_point);
  const float_addition nearest{static_cast<float>(first_scale), static_cast<float>(second_scale),
                               static_cast<float>(offset), false};
  return detail::addition_search(exact, origin, nearest, unit).find<Fused>();
}

} // namespace inlay
