// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/mve/requantize.hpp>
#include <inlay/kernels/portable/core.hpp>
#include <inlay/kernels/portable/mean.hpp>

namespace inlay::kernels::mve {

/// portable::mean on vectors of eight channels.
template <element Type>
[[gnu::noinline]] void mean(const portable::averaging& given, const unsigned char* from,
                            unsigned char* out) noexcept {
#if INLAY_MVE
  // A copy, because what `out` points to may be anything.
  const portable::averaging step = given;
  const int32x4_t low = vdupq_n_s32(lowest_of(Type));
  const int32x4_t high = vdupq_n_s32(highest_of(Type));
  const int32x4_t mantissa = vdupq_n_s32(step.mantissa);
  const int32x4_t shift = vdupq_n_s32(-step.exponent);
  const auto scaled = [&](int32x4_t sums) {
    sums = vaddq_n_s32(sums, step.bias);
    // Without a second rounding there is nothing to be corrected below zero.
    return step.exponent == 0
               ? requantize<true>(sums, mantissa, shift, step.zero_point, low, high)
               : requantize<false>(sums, mantissa, shift, step.zero_point, low, high);
  };
  for (std::int32_t channel = 0; channel < step.channels; channel += 8) {
    const mve_pred16_t there = vctp16q(static_cast<std::uint32_t>(step.channels - channel));
    const unsigned char* pixel = from + channel;
    int16x8_t sums = vdupq_n_s16(0);
    for (std::int32_t left = step.pixels; left > 0; --left, pixel += step.channels) {
      if constexpr (Type == element::int8) {
        sums = vaddq_s16(sums, vldrbq_z_s16(reinterpret_cast<const std::int8_t*>(pixel), there));
      } else {
        sums = vaddq_s16(sums, vreinterpretq_s16_u16(vldrbq_z_u16(pixel, there)));
      }
    }
    int32x4_t even = {};
    int32x4_t odd = {};
    if constexpr (Type == element::int8) {
      even = vmovlbq_s16(sums);
      odd = vmovltq_s16(sums);
    } else {
      even = vreinterpretq_s32_u32(vmovlbq_u16(vreinterpretq_u16_s16(sums)));
      odd = vreinterpretq_s32_u32(vmovltq_u16(vreinterpretq_u16_s16(sums)));
    }
    const int16x8_t both = vmovntq_s32(vmovnbq_s32(sums, scaled(even)), scaled(odd));
    vstrbq_p_s16(reinterpret_cast<std::int8_t*>(out + channel), both, there);
  }
#else
  portable::mean<portable::core, Type>(given, from, out);
#endif
}

} // namespace inlay::kernels::mve
