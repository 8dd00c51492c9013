// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/words.hpp>

namespace inlay::kernels::dsp {

using portable::word;

// The instructions of the DSP extension on two 16-bit halves of a word, with what they mean for
// processors without them, so that the kernels' logic can be tested anywhere.

#if defined(__ARM_FEATURE_DSP) && __ARM_FEATURE_DSP == 1
#define INLAY_DSP 1
#else
#define INLAY_DSP 0
#endif

/// {low half of a word, high half} of two 16-bit numbers.
constexpr word halves(std::int32_t low, std::int32_t high) noexcept {
  return (static_cast<word>(low) & 0xffff) | static_cast<word>(high) << 16;
}
constexpr std::int32_t low_half(word of) noexcept {
  return static_cast<std::int16_t>(of & 0xffff);
}
constexpr std::int32_t high_half(word of) noexcept {
  return static_cast<std::int16_t>(of >> 16);
}

/// Elements 0 and 2 of four, or with Odd elements 1 and 3.
template <element Type, bool Odd>
[[gnu::always_inline]] inline word widen(word four) noexcept {
#if INLAY_DSP
  word result = 0;
  if constexpr (Type == element::int8 && Odd) {
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(result) : "r"(four));
  } else if constexpr (Type == element::int8) {
    __asm__("sxtb16 %0, %1" : "=r"(result) : "r"(four));
  } else if constexpr (Odd) {
    __asm__("uxtb16 %0, %1, ror #8" : "=r"(result) : "r"(four));
  } else {
    __asm__("uxtb16 %0, %1" : "=r"(result) : "r"(four));
  }
  return result;
#else
  constexpr int first = Odd ? 1 : 0;
  return halves(portable::element_of<Type, first>(four),
                portable::element_of<Type, first + 2>(four));
#endif
}

/// Both halves by themselves.
[[gnu::always_inline]] inline word add_halves(word a, word b) noexcept {
#if INLAY_DSP
  word result = 0;
  __asm__("sadd16 %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
#else
  return halves(low_half(a) + low_half(b), high_half(a) + high_half(b));
#endif
}
[[gnu::always_inline]] inline word subtract_halves(word a, word b) noexcept {
#if INLAY_DSP
  word result = 0;
  __asm__("ssub16 %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
#else
  return halves(low_half(a) - low_half(b), high_half(a) - high_half(b));
#endif
}

/// {low half of a, low half of b}.
[[gnu::always_inline]] inline word low_halves(word a, word b) noexcept {
#if INLAY_DSP
  word result = 0;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(result) : "r"(a), "r"(b));
  return result;
#else
  return halves(low_half(a), low_half(b));
#endif
}
/// {high half of a, high half of b}.
[[gnu::always_inline]] inline word high_halves(word a, word b) noexcept {
#if INLAY_DSP
  word result = 0;
  __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(result) : "r"(b), "r"(a));
  return result;
#else
  return halves(high_half(a), high_half(b));
#endif
}

/// sum + low * low + high * high.
[[gnu::always_inline]] inline std::int32_t multiply_halves(word a, word b,
                                                           std::int32_t sum) noexcept {
#if INLAY_DSP
  std::int32_t result = 0;
  __asm__("smlad %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
  return result;
#else
  return sum + low_half(a) * low_half(b) + high_half(a) * high_half(b);
#endif
}
[[gnu::always_inline]] inline std::int32_t multiply_halves(word a, word b) noexcept {
#if INLAY_DSP
  std::int32_t result = 0;
  __asm__("smuad %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
#else
  return multiply_halves(a, b, 0);
#endif
}
/// sum + low half of a * high half of b.
[[gnu::always_inline]] inline std::int32_t multiply_low_high(word a, word b,
                                                             std::int32_t sum) noexcept {
#if INLAY_DSP
  std::int32_t result = 0;
  __asm__("smlabt %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
  return result;
#else
  return sum + low_half(a) * high_half(b);
#endif
}
/// sum + high half of a * low half of b.
[[gnu::always_inline]] inline std::int32_t multiply_high_low(word a, word b,
                                                             std::int32_t sum) noexcept {
#if INLAY_DSP
  std::int32_t result = 0;
  __asm__("smlatb %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
  return result;
#else
  return sum + high_half(a) * low_half(b);
#endif
}
[[gnu::always_inline]] inline std::int32_t multiply_high_low(word a, word b) noexcept {
#if INLAY_DSP
  std::int32_t result = 0;
  __asm__("smultb %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
#else
  return multiply_high_low(a, b, 0);
#endif
}

} // namespace inlay::kernels::dsp
