// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/mve/multiply.hpp>
#include <inlay/kernels/portable/channel_constants.hpp>

#if INLAY_MVE
#include <arm_mve.h>
#endif

namespace inlay::kernels::mve {

using portable::channel_constants;
using portable::output_stage;
using portable::requantization;

/// A sum, its bias in it, as an output.
inline unsigned char requantize(std::int32_t sum, std::int32_t mantissa, std::uint8_t code,
                                const output_stage& stage) noexcept {
  return static_cast<unsigned char>(
      clamp(multiply(sum, quantized_multiplier{mantissa, -1 - code}) + stage.zero_point,
            stage.clamp.low, stage.clamp.high));
}

#if INLAY_MVE

/// Four sums as outputs; both roundings are instructions, the second is of ties upward and gets
/// numbers below zero less one.
template <bool HidesNegative>
[[gnu::always_inline]] inline int32x4_t requantize(int32x4_t sums, int32x4_t mantissas,
                                                   int32x4_t shifts, std::int32_t zero_point,
                                                   int32x4_t low, int32x4_t high) noexcept {
  int32x4_t scaled = vqrdmulhq_s32(sums, mantissas);
  if constexpr (!HidesNegative) {
    scaled = vaddq_s32(scaled, vshrq_n_s32(scaled, 31));
  }
  const int32x4_t moved = vaddq_n_s32(vrshlq_s32(scaled, shifts), zero_point);
  return vminq_s32(vmaxq_s32(moved, low), high);
}

#endif

/// Two channels of `count` pixels: sums[2 * p + c] + corrections[2 * p + c] with biases in them, of
/// which the buffer has an even number of pixels.
template <bool HidesNegative, bool Corrects>
[[gnu::noinline]] void requantize_pair(const std::int32_t* sums, const std::int32_t* corrections,
                                       std::int32_t count, const channel_constants (&channels)[2],
                                       const output_stage& stage, unsigned char* out,
                                       std::int32_t stride) noexcept {
#if INLAY_MVE
  const auto both = [](std::int32_t first, std::int32_t second) {
    return vsetq_lane_s32(second, vsetq_lane_s32(second, vdupq_n_s32(first), 1), 3);
  };
  const int32x4_t mantissas = both(channels[0].mantissa, channels[1].mantissa);
  const int32x4_t shifts = both(-1 - channels[0].code, -1 - channels[1].code);
  const int32x4_t low = vdupq_n_s32(stage.clamp.low);
  const int32x4_t high = vdupq_n_s32(stage.clamp.high);
  const auto next = static_cast<std::uint32_t>(stride);
  uint32x4_t places = vdupq_n_u32(0);
  places = vsetq_lane_u32(1, places, 1);
  places = vsetq_lane_u32(next, places, 2);
  places = vsetq_lane_u32(next + 1, places, 3);
  const std::int32_t zero_point = stage.zero_point;
  const auto four = [&] {
    int32x4_t sum = vldrwq_s32(sums);
    if constexpr (Corrects) {
      sum = vaddq_s32(sum, vldrwq_s32(corrections));
      corrections += 4;
    }
    sums += 4;
    return requantize<HidesNegative>(sum, mantissas, shifts, zero_point, low, high);
  };
  for (std::int32_t pairs = count / 2; pairs > 0; --pairs, out += 2 * stride) {
    vstrbq_scatter_offset_s32(reinterpret_cast<std::int8_t*>(out), places, four());
  }
  if (count % 2 != 0) {
    vstrbq_scatter_offset_p_s32(reinterpret_cast<std::int8_t*>(out), places, four(), vctp32q(2));
  }
#else
  for (std::int32_t p = 0; p < count; ++p, out += stride) {
    for (std::int32_t c = 0; c < 2; ++c) {
      const std::int32_t sum = wrapping_add(sums[2 * p + c], Corrects ? corrections[2 * p + c] : 0);
      out[c] = requantize(sum, channels[c].mantissa, channels[c].code, stage);
    }
  }
#endif
}

} // namespace inlay::kernels::mve
