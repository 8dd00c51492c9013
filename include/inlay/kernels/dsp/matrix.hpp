// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/dsp/staging.hpp>
#include <inlay/kernels/portable/matrix.hpp>

namespace inlay::kernels::dsp {

/// portable::matrix with two elements a word.
struct matrix {
  static void multiply(const portable::product& given, std::int32_t* sums) noexcept;

  /// offset + (sum * mantissa + 2^31) / 2^32, rounded down.
  [[gnu::always_inline]] static std::int32_t scale(std::int32_t sum, std::int32_t mantissa,
                                                   std::int32_t offset) noexcept {
#if INLAY_DSP
    std::int32_t result = 0;
    __asm__("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(sum), "r"(mantissa), "r"(offset));
    return result;
#else
    return portable::matrix::scale(sum, mantissa, offset);
#endif
  }
};

#if INLAY_DSP

/// portable::multiply_blocks with two products an instruction.
[[gnu::naked, gnu::noipa]] inline void
multiply_blocks(const word* /*pixels*/, portable::multiply_frame* /*frame*/) noexcept {
  __asm__ volatile("push {r4-r11, lr}\n"
                   "mov lr, r0\n"
                   "sub sp, #40\n"
                   "ldm r1, {r2-r10}\n"
                   "add r11, sp, #0\n"
                   "stm r11, {r2-r10}\n"
                   "adr r0, 2f\n"
                   "ldr r1, [sp, #28]\n"
                   "add r0, r0, r1\n"
                   "orr r0, r0, #1\n"
                   "str r0, [sp, #28]\n"
                   "1:\n"
                   "ldr r12, [sp, #16]\n"
                   "ldr r4, [sp, #28]\n"
                   "ldm sp, {r0-r3}\n"
                   "bx r4\n"
                   ".p2align 2\n"
                   "2:\n"
                   ".rept 8\n"
                   "ldmia.w lr!, {r4-r7}\n"
                   "ldmia.w r12!, {r8-r11}\n"
                   "smlad r0, r4, r8, r0\n"
                   "smlad r1, r4, r10, r1\n"
                   "smlad r2, r6, r8, r2\n"
                   "smlad r3, r6, r10, r3\n"
                   "smlad r0, r5, r9, r0\n"
                   "smlad r1, r5, r11, r1\n"
                   "smlad r2, r7, r9, r2\n"
                   "smlad r3, r7, r11, r3\n"
                   ".endr\n"
                   "ldr r4, [sp, #20]\n"
                   "cmp r12, r4\n"
                   "bne 2b\n"
                   "ldr r4, [sp, #32]\n"
                   "ldr r5, [sp, #24]\n"
                   "stmia r4!, {r0-r3}\n"
                   "str r4, [sp, #32]\n"
                   "cmp lr, r5\n"
                   "bne.w 1b\n"
                   "add sp, #40\n"
                   "pop {r4-r11, pc}\n");
}

/// One pixel, half of a staged pair, by two channels.
[[gnu::naked, gnu::noipa]] inline void
multiply_single(const word* /*pixel*/, portable::multiply_frame* /*frame*/) noexcept {
  __asm__ volatile("push {r4-r11, lr}\n"
                   "mov lr, r0\n"
                   "ldr r12, [r1, #16]\n"
                   "ldr r6, [r1, #20]\n"
                   "ldrd r2, r3, [r1]\n"
                   "ldr r5, [r1, #36]\n"
                   "adr r4, 2f\n"
                   "add r4, r4, r5\n"
                   "orr r4, r4, #1\n"
                   "bx r4\n"
                   ".p2align 2\n"
                   "2:\n"
                   ".rept 8\n"
                   "ldrd r4, r5, [lr], #16\n"
                   "ldmia.w r12!, {r8-r11}\n"
                   "smlad r2, r4, r8, r2\n"
                   "smlad r3, r4, r10, r3\n"
                   "smlad r2, r5, r9, r2\n"
                   "smlad r3, r5, r11, r3\n"
                   ".endr\n"
                   "cmp r12, r6\n"
                   "bne 2b\n"
                   "ldr r4, [r1, #32]\n"
                   "strd r2, r3, [r4]\n"
                   "pop {r4-r11, pc}\n");
}

#endif

inline void matrix::multiply(const portable::product& given, std::int32_t* sums) noexcept {
#if INLAY_DSP
  portable::multiply_all<multiply_blocks, multiply_single>(given, staging::words_a_group,
                                                           given.groups, sums);
#else
  const word* pixels = given.pixels;
  const auto dot = [](word a, word b, word c, word d) {
    return static_cast<word>(low_half(a) * low_half(b) + high_half(a) * high_half(b) +
                             low_half(c) * low_half(d) + high_half(c) * high_half(d));
  };
  for (std::int32_t pair = 0; pair < (given.pixel_count + 1) / 2; ++pair, sums += 4) {
    word sum[4] = {static_cast<word>(given.begin[0]), static_cast<word>(given.begin[1]),
                   static_cast<word>(given.begin[0]), static_cast<word>(given.begin[1])};
    const word* channels = given.channels;
    for (std::int32_t i = 0; i < given.groups; ++i, pixels += 4, channels += 4) {
      sum[0] += dot(pixels[0], channels[0], pixels[1], channels[1]);
      sum[1] += dot(pixels[0], channels[2], pixels[1], channels[3]);
      sum[2] += dot(pixels[2], channels[0], pixels[3], channels[1]);
      sum[3] += dot(pixels[2], channels[2], pixels[3], channels[3]);
    }
    for (int i = 0; i < 4; ++i) {
      sums[i] = static_cast<std::int32_t>(sum[i]);
    }
  }
#endif
}

} // namespace inlay::kernels::dsp
