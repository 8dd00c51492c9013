// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#if defined(__ARM_NEON)
#include <arm_neon.h>

// What ARMv7 and AArch64 spell differently, and loops that are always unrolled.

namespace inlay::kernels::neon {

/// Calls function(std::integral_constant<int, I>) for each I below Count.
template <int Count, class Function>
[[gnu::always_inline]] inline void repeat(Function&& function) noexcept {
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    (function(std::integral_constant<int, I>{}), ...);
  }
  (std::make_integer_sequence<int, Count>{});
}

/// Keeps the compiler from loading ahead of here what is used later: g++ does so until it runs out
/// of registers.
[[gnu::always_inline]] inline void settle() noexcept {
  __asm__ volatile("" : : : "memory");
}

/// Has the compiler forget what it knows of these vectors, so that it does not keep parts of them
/// in registers of their own.
template <class... Vectors>
[[gnu::always_inline]] inline void renew(Vectors&... vectors) noexcept {
  (
      ..., [](auto& vector) __attribute__((always_inline)) {
        __asm__ volatile("" : "+w"(vector));
      }(vectors));
}

/// Moves a pointer on in a way that becomes part of the load before it.
template <class T>
[[gnu::always_inline]] inline void advance(T*& pointer, std::int32_t count) noexcept {
  pointer += count;
  __asm__ volatile("" : "+r"(pointer));
}

/// Two vectors from memory, by an instruction of their own each time: where many sums begin with
/// the same numbers, copying registers would take twice as many.
[[gnu::always_inline]] inline void load_pair(const std::int32_t* from, int32x4_t& a,
                                             int32x4_t& b) noexcept {
#if defined(__aarch64__)
  struct pair {
    std::int32_t numbers[8];
  };
  __asm__ volatile("ldp %q0, %q1, [%2]"
                   : "=&w"(a), "=&w"(b)
                   : "r"(from), "m"(*reinterpret_cast<const pair*>(from)));
#else
  a = vld1q_s32(from);
  b = vld1q_s32(from + 4);
#endif
}

[[gnu::always_inline]] inline int8x16_t load_bytes(const void* from) noexcept {
  return vld1q_s8(static_cast<const std::int8_t*>(from));
}
[[gnu::always_inline]] inline int8x8_t load_8_bytes(const void* from) noexcept {
  return vld1_s8(static_cast<const std::int8_t*>(from));
}

/// 64 bytes, by one instruction where there is one.
[[gnu::always_inline]] inline int8x16x4_t load_64_bytes(const void* from) noexcept {
  const auto* bytes = static_cast<const std::int8_t*>(from);
#if defined(__aarch64__)
  return vld1q_s8_x4(bytes);
#else
  return {{vld1q_s8(bytes), vld1q_s8(bytes + 16), vld1q_s8(bytes + 32), vld1q_s8(bytes + 48)}};
#endif
}
[[gnu::always_inline]] inline int8x16x2_t load_32_bytes(const void* from) noexcept {
  const auto* bytes = static_cast<const std::int8_t*>(from);
#if defined(__aarch64__)
  return vld1q_s8_x2(bytes);
#else
  return {{vld1q_s8(bytes), vld1q_s8(bytes + 16)}};
#endif
}

/// Products of the lower and of the upper bytes, in 16 bits.
[[gnu::always_inline]] inline int16x8_t multiply_low(int8x16_t a, int8x16_t b) noexcept {
  return vmull_s8(vget_low_s8(a), vget_low_s8(b));
}
[[gnu::always_inline]] inline int16x8_t multiply_high(int8x16_t a, int8x16_t b) noexcept {
#if defined(__aarch64__)
  return vmull_high_s8(a, b);
#else
  return vmull_s8(vget_high_s8(a), vget_high_s8(b));
#endif
}
[[gnu::always_inline]] inline int16x8_t multiply_add_high(int16x8_t sum, int8x16_t a,
                                                          int8x16_t b) noexcept {
#if defined(__aarch64__)
  return vmlal_high_s8(sum, a, b);
#else
  return vmlal_s8(sum, vget_high_s8(a), vget_high_s8(b));
#endif
}
[[gnu::always_inline]] inline int32x4_t multiply_add_high(int32x4_t sum, int16x8_t a,
                                                          int16x8_t b) noexcept {
#if defined(__aarch64__)
  return vmlal_high_s16(sum, a, b);
#else
  return vmlal_s16(sum, vget_high_s16(a), vget_high_s16(b));
#endif
}

/// The sums of neighbors: of a, then of b.
[[gnu::always_inline]] inline int32x4_t add_pairs(int32x4_t a, int32x4_t b) noexcept {
#if defined(__aarch64__)
  return vpaddq_s32(a, b);
#else
  return vcombine_s32(vpadd_s32(vget_low_s32(a), vget_high_s32(a)),
                      vpadd_s32(vget_low_s32(b), vget_high_s32(b)));
#endif
}

/// Both narrowed to 16 bits, which must be enough for them.
[[gnu::always_inline]] inline int16x8_t low_halves(int32x4_t a, int32x4_t b) noexcept {
#if defined(__aarch64__)
  return vuzp1q_s16(vreinterpretq_s16_s32(a), vreinterpretq_s16_s32(b));
#else
  return vcombine_s16(vmovn_s32(a), vmovn_s32(b));
#endif
}

/// Both narrowed to 16 bits, with saturation.
[[gnu::always_inline]] inline int16x8_t narrow(int32x4_t a, int32x4_t b) noexcept {
#if defined(__aarch64__)
  return vqmovn_high_s32(vqmovn_s32(a), b);
#else
  return vcombine_s16(vqmovn_s32(a), vqmovn_s32(b));
#endif
}
[[gnu::always_inline]] inline int8x16_t narrow(int16x8_t a, int16x8_t b) noexcept {
#if defined(__aarch64__)
  return vqmovn_high_s16(vqmovn_s16(a), b);
#else
  return vcombine_s8(vqmovn_s16(a), vqmovn_s16(b));
#endif
}

/// Signed bytes made unsigned with an offset of 128, and back.
[[gnu::always_inline]] inline int8x16_t flip(int8x16_t bytes) noexcept {
  return veorq_s8(bytes, vdupq_n_s8(-128));
}
[[gnu::always_inline]] inline int8x8_t flip(int8x8_t bytes) noexcept {
  return veor_s8(bytes, vdup_n_s8(-128));
}

} // namespace inlay::kernels::neon
#endif
