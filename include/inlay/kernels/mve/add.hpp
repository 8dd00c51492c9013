// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/mve/requantize.hpp>
#include <inlay/kernels/portable/add.hpp>
#include <inlay/kernels/portable/core.hpp>

namespace inlay::kernels::mve {

/// portable::add on vectors of four elements.
template <element Type>
[[gnu::noinline]] void add(const portable::addition& step, const unsigned char* first,
                           const unsigned char* second, unsigned char* out,
                           std::int64_t count) noexcept {
#if INLAY_MVE
  // A copy, because what `out` points to may be anything.
  const portable::addition given = step;
  const int32x4_t low = vdupq_n_s32(given.stage.clamp.low);
  const int32x4_t high = vdupq_n_s32(given.stage.clamp.high);
  const int32x4_t mantissa = vdupq_n_s32(given.mantissa);
  const int32x4_t shift = vdupq_n_s32(-1 - given.code);
  const auto scaled = [](const unsigned char* from, mve_pred16_t there,
                         const portable::addition::operand& by) {
    int32x4_t x = {};
    if constexpr (Type == element::int8) {
      x = vldrbq_z_s32(reinterpret_cast<const std::int8_t*>(from), there);
    } else {
      x = vreinterpretq_s32_u32(vldrbq_z_u32(from, there));
    }
    x = vshlq_n_s32(vsubq_n_s32(x, by.zero_point), inlay::step::add::left_shift);
    x = vqrdmulhq_n_s32(x, by.mantissa);
    if (by.exponent != 0) {
      x = vrshlq_n_s32(vaddq_s32(x, vshrq_n_s32(x, 31)), -by.exponent);
    }
    return x;
  };
  for (auto left = static_cast<std::int32_t>(count); left > 0; left -= 4) {
    const mve_pred16_t there = vctp32q(static_cast<std::uint32_t>(left));
    const int32x4_t sum =
        vaddq_s32(scaled(first, there, given.first), scaled(second, there, given.second));
    vstrbq_p_s32(reinterpret_cast<std::int8_t*>(out),
                 requantize<false>(sum, mantissa, shift, given.stage.zero_point, low, high), there);
    first += 4;
    second += 4;
    out += 4;
  }
#else
  portable::add<portable::core, Type>(step, first, second, out, count);
#endif
}

} // namespace inlay::kernels::mve
