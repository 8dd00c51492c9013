// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/words.hpp>

namespace inlay::kernels::portable {

#if INLAY_THUMB2

/// Widens `groups` times four int8 weights of two channels, by fours in turn.
[[gnu::naked, gnu::noipa]] inline void widen_channels(const unsigned char* /*weights*/,
                                                      word* /*out*/, const word* /*end*/) noexcept {
  __asm__ volatile("push {r4-r8, lr}\n"
                   "1:\n"
                   "ldmia r0!, {r3, r8}\n"
                   "sxtb r4, r3\n"
                   "sbfx r5, r3, #8, #8\n"
                   "sxtb r6, r8\n"
                   "sbfx r7, r8, #8, #8\n"
                   "stmia r1!, {r4-r7}\n"
                   "sbfx r4, r3, #16, #8\n"
                   "asr r5, r3, #24\n"
                   "sbfx r6, r8, #16, #8\n"
                   "asr r7, r8, #24\n"
                   "stmia r1!, {r4-r7}\n"
                   "cmp r1, r2\n"
                   "bne 1b\n"
                   "pop {r4-r8, pc}\n");
}

#endif

/// The staging part of a core with one element a word.
struct staging {
  static constexpr std::int32_t words_a_group = 8;

  template <element Type>
  static void stage_pixels(const unsigned char* one, const unsigned char* other,
                           std::int32_t groups, word* out) noexcept {
    for (; groups > 0; --groups, one += 4, other += 4, out += words_a_group) {
      widen<Type>(load_word(one), load_word(other), out,
                  [](std::int32_t value) { return static_cast<word>(value * 2); });
    }
  }

  template <element Type>
  static void stage_channels(const unsigned char* weights, std::int32_t groups,
                             std::int32_t zero_point, word* out) noexcept {
#if INLAY_THUMB2
    if (Type == element::int8 && zero_point == 0) {
      widen_channels(weights, out, out + groups * words_a_group);
      return;
    }
#endif
    for (; groups > 0; --groups, weights += 8, out += words_a_group) {
      widen<Type>(
          load_word(weights), load_word(weights + 4), out,
          [zero_point](std::int32_t value) { return static_cast<word>(value - zero_point); });
    }
  }

private:
  template <element Type, class Function>
  [[gnu::always_inline]] static void widen(word a, word b, word* out,
                                           const Function& finish) noexcept {
    out[0] = finish(element_of<Type, 0>(a));
    out[1] = finish(element_of<Type, 1>(a));
    out[2] = finish(element_of<Type, 0>(b));
    out[3] = finish(element_of<Type, 1>(b));
    out[4] = finish(element_of<Type, 2>(a));
    out[5] = finish(element_of<Type, 3>(a));
    out[6] = finish(element_of<Type, 2>(b));
    out[7] = finish(element_of<Type, 3>(b));
  }
};

} // namespace inlay::kernels::portable
