// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/registers.hpp>

#include <cstdint>

#if defined(__ARM_NEON)
#include <arm_neon.h>

// What ARMv7 and AArch64 spell differently.

namespace inlay::kernels::neon {

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

#if defined(__ARM_FEATURE_DOTPROD)
/// Adds the dot products of four bytes each; in place, which g++ does not see to.
[[gnu::always_inline]] inline void add_dots(int32x4_t& sums, int8x16_t x, int8x16_t w) noexcept {
  __asm__("sdot %0.4s, %1.16b, %2.16b" : "+w"(sums) : "w"(x), "w"(w));
}
#endif

#if defined(__aarch64__)
[[gnu::always_inline]] inline int32x4x4_t load_64_numbers(const void* from) noexcept {
  return vld1q_s32_x4(static_cast<const std::int32_t*>(from));
}
#endif
[[gnu::always_inline]] inline int32x4x3_t load_48_bytes(const void* from) noexcept {
  const auto* numbers = static_cast<const std::int32_t*>(from);
#if defined(__aarch64__)
  return vld1q_s32_x3(numbers);
#else
  return {{vld1q_s32(numbers), vld1q_s32(numbers + 4), vld1q_s32(numbers + 8)}};
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

/// For two channels 16 products of inputs and weights, of which two are added in 16 bits: neighbors
/// of these sums in 32 bits, added to `a` and `b`, or with First instead of these. g++ would copy
/// registers between these instructions.
template <bool First>
[[gnu::always_inline]] inline void add_products(int32x4_t& a, int32x4_t& b, int8x16_t x,
                                                int8x16_t wa, int8x16_t wb) noexcept {
#if defined(__aarch64__)
  int16x8_t pa;
  int16x8_t pb;
  __asm__("smull %0.8h, %2.8b, %3.8b\n\t"
          "smull %1.8h, %2.8b, %4.8b\n\t"
          "smlal2 %0.8h, %2.16b, %3.16b\n\t"
          "smlal2 %1.8h, %2.16b, %4.16b"
          : "=&w"(pa), "=&w"(pb)
          : "w"(x), "w"(wa), "w"(wb));
#else
  const int16x8_t pa = multiply_add_high(multiply_low(x, wa), x, wa);
  const int16x8_t pb = multiply_add_high(multiply_low(x, wb), x, wb);
#endif
  a = First ? vpaddlq_s16(pa) : vpadalq_s16(a, pa);
  b = First ? vpaddlq_s16(pb) : vpadalq_s16(b, pb);
}

#if defined(__aarch64__)
/// The same for 32 products, of which four are added in 16 bits.
/// @param w 16 weights of the first channel, its next 16, and those of the second
[[gnu::always_inline]] inline void add_four_products(int32x4_t& a, int32x4_t& b, int8x16_t x,
                                                     int8x16_t next,
                                                     const int8x16x4_t& w) noexcept {
  int16x8_t pa;
  int16x8_t pb;
  __asm__("smull %0.8h, %2.8b, %4.8b\n\t"
          "smull %1.8h, %2.8b, %6.8b\n\t"
          "smlal2 %0.8h, %2.16b, %4.16b\n\t"
          "smlal2 %1.8h, %2.16b, %6.16b\n\t"
          "smlal %0.8h, %3.8b, %5.8b\n\t"
          "smlal %1.8h, %3.8b, %7.8b\n\t"
          "smlal2 %0.8h, %3.16b, %5.16b\n\t"
          "smlal2 %1.8h, %3.16b, %7.16b"
          : "=&w"(pa), "=&w"(pb)
          : "w"(x), "w"(next), "w"(w.val[0]), "w"(w.val[1]), "w"(w.val[2]), "w"(w.val[3]));
  a = vpadalq_s16(a, pa);
  b = vpadalq_s16(b, pb);
}
#endif

[[gnu::always_inline]] inline int32x4_t add_high(int32x4_t sum, int16x8_t a) noexcept {
#if defined(__aarch64__)
  return vaddw_high_s16(sum, a);
#else
  return vaddw_s16(sum, vget_high_s16(a));
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

/// Both narrowed to unsigned bytes, with saturation.
[[gnu::always_inline]] inline uint8x16_t narrow_unsigned(int16x8_t a, int16x8_t b) noexcept {
#if defined(__aarch64__)
  return vqmovun_high_s16(vqmovun_s16(a), b);
#else
  return vcombine_u8(vqmovun_s16(a), vqmovun_s16(b));
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
