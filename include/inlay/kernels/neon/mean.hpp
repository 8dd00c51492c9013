// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/neon/layout.hpp>
#include <inlay/kernels/neon/vectors.hpp>
#include <inlay/kernels/reference/mean.hpp>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// Whether the kernel below takes it: whole vectors of channels.
constexpr bool has_kernel(const step::mean& step) {
  return step.in.channels % 8 == 0;
}

/// MEAN over height and width, eight channels at a time. Units are these.
template <step::mean Step>
struct mean {
  static constexpr std::int32_t units = Step.in.channels / 8;

  static void run(const arguments& given) noexcept {
    constexpr auto step = Step;
    constexpr quantized_multiplier by = step.multiplier;
    constexpr bool flips = step.type == element::uint8;
    constexpr std::int32_t pixels = step.in.height * step.in.width;
    constexpr std::int32_t zero_point = (step.input_zero_point - offset_of(step.type)) * pixels;
    for (std::int32_t c = 8 * given.units.first; c < 8 * given.units.last; c += 8) {
      int32x4_t low = vdupq_n_s32(-zero_point);
      int32x4_t high = low;
      const unsigned char* from = given.inputs[0] + c;
      for (std::int32_t i = 0; i < pixels; ++i, from += step.in.channels) {
        const int8x8_t bytes = load_8_bytes(from);
        const int16x8_t wide = vmovl_s8(flips ? flip(bytes) : bytes);
        low = vaddw_s16(low, vget_low_s16(wide));
        high = vaddw_s16(high, vget_high_s16(wide));
      }
      std::int32_t sums[8];
      vst1q_s32(sums, low);
      vst1q_s32(sums + 4, high);
      for (std::int32_t i = 0; i < 8; ++i) {
        const std::int32_t made = wrapping_add(multiply(sums[i], by), step.output_zero_point);
        reference::write<step.type>(given.output, c + i,
                                    clamp(made, lowest_of(step.type), highest_of(step.type)));
      }
    }
  }
};

} // namespace inlay::kernels::neon
#endif
