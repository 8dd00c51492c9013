// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/element.hpp>

#include <cstddef>

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#define INLAY_MVE 1
#else
#define INLAY_MVE 0
#endif

namespace inlay::kernels::mve {

/// Pixels times two output channels: sums[2 * p + c] = begin[c] + pixel p times channel c.
struct product {
  std::int32_t begin[6] = {};
  /// Channel 0 and channel 1: `depth` bytes each.
  const unsigned char* channels[2] = {};
  /// Pixels follow each other, `depth` bytes each.
  const unsigned char* pixels = nullptr;
  std::int32_t depth = 0;
  /// Where the last whole triple of pixels ends.
  const unsigned char* triples_end = nullptr;
  /// Pixels behind it.
  std::int32_t rest = 0;
  std::int32_t* sums = nullptr;
};

#if INLAY_MVE

// Three pixels by two channels: five loads and six times sixteen products; registers of sums must
// be even, pointers take the odd ones. The loop is predicated by the depth.
#define INLAY_MVE_MULTIPLY(TYPE)                                                                   \
  "push {r0, r4-r11, lr}\n"                                                                        \
  "ldr r11, [r0, #32]\n"                                                                           \
  "ldr r12, [r0, #36]\n"                                                                           \
  "mov r9, r0\n"                                                                                   \
  "b 3f\n"                                                                                         \
  "1:\n"                                                                                           \
  "ldrd r1, r3, [r9, #24]\n"                                                                       \
  "ldm r9, {r0, r2, r4, r6, r8, r10}\n"                                                            \
  "mov r5, r11\n"                                                                                  \
  "add r7, r11, r12\n"                                                                             \
  "add r9, r7, r12\n"                                                                              \
  "add r11, r9, r12\n"                                                                             \
  "dlstp.8 lr, r12\n"                                                                              \
  "2:\n"                                                                                           \
  "vldrb.8 q0, [r1], #16\n"                                                                        \
  "vldrb.8 q1, [r3], #16\n"                                                                        \
  "vldrb.8 q2, [r5], #16\n"                                                                        \
  "vmladava." TYPE " r0, q0, q2\n"                                                                 \
  "vldrb.8 q3, [r7], #16\n"                                                                        \
  "vmladava." TYPE " r2, q1, q2\n"                                                                 \
  "vldrb.8 q2, [r9], #16\n"                                                                        \
  "vmladava." TYPE " r4, q0, q3\n"                                                                 \
  "vmladava." TYPE " r6, q1, q3\n"                                                                 \
  "vmladava." TYPE " r8, q0, q2\n"                                                                 \
  "vmladava." TYPE " r10, q1, q2\n"                                                                \
  "letp lr, 2b\n"                                                                                  \
  "ldr r9, [sp]\n"                                                                                 \
  "ldr r5, [r9, #48]\n"                                                                            \
  "stm r5!, {r0, r2, r4, r6, r8, r10}\n"                                                           \
  "str r5, [r9, #48]\n"                                                                            \
  "3:\n"                                                                                           \
  "ldr r5, [r9, #40]\n"                                                                            \
  "cmp r11, r5\n"                                                                                  \
  "bne 1b\n"                                                                                       \
  "ldr r5, [r9, #44]\n"                                                                            \
  "cmp r5, #1\n"                                                                                   \
  "blt 7f\n"                                                                                       \
  "ldrd r1, r3, [r9, #24]\n"                                                                       \
  "ldm r9, {r0, r2, r4, r6}\n"                                                                     \
  "ldr r10, [r9, #48]\n"                                                                           \
  "mov r5, r11\n"                                                                                  \
  "add r7, r11, r12\n"                                                                             \
  "dlstp.8 lr, r12\n"                                                                              \
  "beq 5f\n"                                                                                       \
  "4:\n"                                                                                           \
  "vldrb.8 q0, [r1], #16\n"                                                                        \
  "vldrb.8 q2, [r5], #16\n"                                                                        \
  "vldrb.8 q1, [r3], #16\n"                                                                        \
  "vmladava." TYPE " r0, q0, q2\n"                                                                 \
  "vldrb.8 q3, [r7], #16\n"                                                                        \
  "vmladava." TYPE " r2, q1, q2\n"                                                                 \
  "vmladava." TYPE " r4, q0, q3\n"                                                                 \
  "vmladava." TYPE " r6, q1, q3\n"                                                                 \
  "letp lr, 4b\n"                                                                                  \
  "stm r10, {r0, r2, r4, r6}\n"                                                                    \
  "b 7f\n"                                                                                         \
  "5:\n"                                                                                           \
  "vldrb.8 q0, [r1], #16\n"                                                                        \
  "vldrb.8 q2, [r5], #16\n"                                                                        \
  "vldrb.8 q1, [r3], #16\n"                                                                        \
  "vmladava." TYPE " r0, q0, q2\n"                                                                 \
  "vmladava." TYPE " r2, q1, q2\n"                                                                 \
  "letp lr, 5b\n"                                                                                  \
  "stm r10, {r0, r2}\n"                                                                            \
  "7:\n"                                                                                           \
  "pop {r0, r4-r11, pc}\n"

[[gnu::naked, gnu::noipa]] inline void multiply_signed(product* /*given*/) noexcept {
  __asm__ volatile(INLAY_MVE_MULTIPLY("s8"));
}
[[gnu::naked, gnu::noipa]] inline void multiply_unsigned(product* /*given*/) noexcept {
  __asm__ volatile(INLAY_MVE_MULTIPLY("u8"));
}

#undef INLAY_MVE_MULTIPLY

#endif

/// Multiplies `pixels` pixels.
/// @param given all but triples_end and rest are set; changed
template <element Type>
[[gnu::always_inline]] inline void multiply(product& given, std::int32_t pixels) noexcept {
#if INLAY_MVE
  const std::int32_t triples = pixels / 3;
  given.triples_end = given.pixels + triples * 3 * given.depth;
  given.rest = pixels - triples * 3;
  if constexpr (Type == element::int8) {
    multiply_signed(&given);
  } else {
    multiply_unsigned(&given);
  }
#else
  using value = element_t<Type>;
  for (std::int32_t p = 0; p < pixels; ++p) {
    for (std::int32_t c = 0; c < 2; ++c) {
      auto sum = static_cast<std::uint32_t>(given.begin[c]);
      for (std::int32_t i = 0; i < given.depth; ++i) {
        sum += static_cast<std::uint32_t>(static_cast<value>(given.pixels[p * given.depth + i]) *
                                          static_cast<value>(given.channels[c][i]));
      }
      given.sums[2 * p + c] = static_cast<std::int32_t>(sum);
    }
  }
#endif
}

} // namespace inlay::kernels::mve
