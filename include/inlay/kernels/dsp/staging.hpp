// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/dsp/instructions.hpp>

namespace inlay::kernels::dsp {

#if INLAY_DSP

/// Widens `groups` times four int8 weights of two channels, by fours in turn.
/// @param entry bytes of the loop, unrolled four times, to leave out at first
[[gnu::naked, gnu::noipa]] inline void widen_channels(const unsigned char* /*weights*/,
                                                      word* /*out*/, const word* /*end*/,
                                                      std::int32_t /*entry*/) noexcept {
  __asm__ volatile("push {r4-r8, lr}\n"
                   "adr r4, 1f\n"
                   "add r4, r4, r3\n"
                   "orr r4, r4, #1\n"
                   "bx r4\n"
                   ".p2align 2\n"
                   "1:\n"
                   ".rept 4\n"
                   "ldmia.w r0!, {r3, r8}\n"
                   "sxtb16 r4, r3\n"
                   "sxtb16 r5, r3, ror #8\n"
                   "sxtb16 r6, r8\n"
                   "sxtb16 r7, r8, ror #8\n"
                   "stmia.w r1!, {r4-r7}\n"
                   ".endr\n"
                   "cmp r1, r2\n"
                   "bne 1b\n"
                   "pop {r4-r8, pc}\n");
}

/// Widens and doubles `groups` times four int8 elements of two pixels.
[[gnu::naked, gnu::noipa]] inline void widen_pixels(const unsigned char* /*one*/,
                                                    const unsigned char* /*other*/, word* /*out*/,
                                                    const word* /*end*/) noexcept {
  __asm__ volatile("push {r4-r9, lr}\n"
                   "1:\n"
                   "ldr r4, [r0], #4\n"
                   "ldr r6, [r1], #4\n"
                   "sxtb16 r5, r4, ror #8\n"
                   "sxtb16 r4, r4\n"
                   "sxtb16 r7, r6, ror #8\n"
                   "sxtb16 r6, r6\n"
                   "sadd16 r4, r4, r4\n"
                   "sadd16 r5, r5, r5\n"
                   "sadd16 r6, r6, r6\n"
                   "sadd16 r7, r7, r7\n"
                   "stmia r2!, {r4-r7}\n"
                   "cmp r2, r3\n"
                   "bne 1b\n"
                   "pop {r4-r9, pc}\n");
}

#endif

/// The staging part of a core with two elements a word.
struct staging {
  static constexpr std::int32_t words_a_group = 4;

  template <element Type>
  static void stage_pixels(const unsigned char* one, const unsigned char* other,
                           std::int32_t groups, word* out) noexcept {
#if INLAY_DSP
    if constexpr (Type == element::int8) {
      widen_pixels(one, other, out, out + groups * words_a_group);
      return;
    }
#endif
    for (; groups > 0; --groups, one += 4, other += 4, out += words_a_group) {
      const word a = portable::load_word(one);
      const word b = portable::load_word(other);
      out[0] = doubled(widen<Type, false>(a));
      out[1] = doubled(widen<Type, true>(a));
      out[2] = doubled(widen<Type, false>(b));
      out[3] = doubled(widen<Type, true>(b));
    }
  }

  template <element Type>
  static void stage_channels(const unsigned char* weights, std::int32_t groups,
                             std::int32_t zero_point, word* out) noexcept {
#if INLAY_DSP
    if (Type == element::int8 && zero_point == 0) {
      widen_channels(weights, out, out + groups * words_a_group, (-groups & 3) * 24);
      return;
    }
#endif
    const word less = halves(zero_point, zero_point);
    for (; groups > 0; --groups, weights += 8, out += words_a_group) {
      const word a = portable::load_word(weights);
      const word b = portable::load_word(weights + 4);
      out[0] = subtract_halves(widen<Type, false>(a), less);
      out[1] = subtract_halves(widen<Type, true>(a), less);
      out[2] = subtract_halves(widen<Type, false>(b), less);
      out[3] = subtract_halves(widen<Type, true>(b), less);
    }
  }

private:
  static word doubled(word two) noexcept {
    return add_halves(two, two);
  }
};

} // namespace inlay::kernels::dsp
