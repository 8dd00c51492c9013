// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#if defined(__ARM_NEON)
#include <arm_neon.h>

// Loops that are always unrolled, and what keeps a compiler from running out of registers or
// copying them.

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

/// Four vectors from memory, by an instruction of their own each time: where many sums begin with
/// the same numbers, copying registers would take four times as many.
/// @tparam Bank which four registers of the upper sixteen
template <int Bank>
[[gnu::always_inline]] inline void load_sums(const std::int32_t* from, int32x4_t& a, int32x4_t& b,
                                             int32x4_t& c, int32x4_t& d) noexcept {
#if defined(__aarch64__)
  struct numbers {
    std::int32_t all[16];
  };
  const auto& memory = *reinterpret_cast<const numbers*>(from);
  if constexpr (Bank == 0) {
    register int32x4_t v16 __asm__("v16");
    register int32x4_t v17 __asm__("v17");
    register int32x4_t v18 __asm__("v18");
    register int32x4_t v19 __asm__("v19");
    __asm__ volatile("ld1 {v16.4s-v19.4s}, [%4]"
                     : "=w"(v16), "=w"(v17), "=w"(v18), "=w"(v19)
                     : "r"(from), "m"(memory));
    a = v16;
    b = v17;
    c = v18;
    d = v19;
  } else if constexpr (Bank == 1) {
    register int32x4_t v20 __asm__("v20");
    register int32x4_t v21 __asm__("v21");
    register int32x4_t v22 __asm__("v22");
    register int32x4_t v23 __asm__("v23");
    __asm__ volatile("ld1 {v20.4s-v23.4s}, [%4]"
                     : "=w"(v20), "=w"(v21), "=w"(v22), "=w"(v23)
                     : "r"(from), "m"(memory));
    a = v20;
    b = v21;
    c = v22;
    d = v23;
  } else if constexpr (Bank == 2) {
    register int32x4_t v24 __asm__("v24");
    register int32x4_t v25 __asm__("v25");
    register int32x4_t v26 __asm__("v26");
    register int32x4_t v27 __asm__("v27");
    __asm__ volatile("ld1 {v24.4s-v27.4s}, [%4]"
                     : "=w"(v24), "=w"(v25), "=w"(v26), "=w"(v27)
                     : "r"(from), "m"(memory));
    a = v24;
    b = v25;
    c = v26;
    d = v27;
  } else {
    register int32x4_t v28 __asm__("v28");
    register int32x4_t v29 __asm__("v29");
    register int32x4_t v30 __asm__("v30");
    register int32x4_t v31 __asm__("v31");
    __asm__ volatile("ld1 {v28.4s-v31.4s}, [%4]"
                     : "=w"(v28), "=w"(v29), "=w"(v30), "=w"(v31)
                     : "r"(from), "m"(memory));
    a = v28;
    b = v29;
    c = v30;
    d = v31;
  }
#else
  a = vld1q_s32(from);
  b = vld1q_s32(from + 4);
  c = vld1q_s32(from + 8);
  d = vld1q_s32(from + 12);
#endif
}

#if defined(__aarch64__)
/// Loads a number and moves on behind it.
[[gnu::always_inline]] inline std::int64_t take_number(const unsigned char*& from) noexcept {
  std::int64_t number;
  __asm__ volatile("ldr %0, [%1], #8" : "=r"(number), "+r"(from) : : "memory");
  return number;
}
#endif

} // namespace inlay::kernels::neon
#endif
