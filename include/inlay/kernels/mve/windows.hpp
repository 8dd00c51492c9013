// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/mve/multiply.hpp>

#if INLAY_MVE
#include <arm_mve.h>
#endif

namespace inlay::kernels::mve {

/// Staged columns of sixteen channels: for each channel its elements of three rows, and one byte.
inline constexpr std::int32_t bytes_a_column = 64;

/// What is summed up of staged columns.
struct windows {
  /// Outputs a channel; for stride 1 half of them, rounded up.
  std::int32_t rounds = 0;
  std::int32_t channels = 0;
  std::int32_t* sums = nullptr;
  /// Between the sums of channels.
  std::int32_t stride_bytes = 0;
};

#if INLAY_MVE

// Nine weights of a channel, column by column, become the vector {0 1 2 none, 3 4 5 none,
// 6 7 8 none, none}; for stride 1 a second one, a column later. A gathering load moves on by two
// columns and brings four.
#define INLAY_MVE_WINDOWS(LATER, LOOP)                                                             \
  "push {r4-r10, lr}\n"                                                                            \
  "vpush {d8-d11}\n"                                                                               \
  "ldm r2, {r3-r6}\n"                                                                              \
  "adr r7, 9f\n"                                                                                   \
  "vldrb.8 q4, [r7]\n"                                                                             \
  "vldrw.32 q5, [r7, #16]\n"                                                                       \
  "vadd.i32 q5, q5, r0\n"                                                                          \
  "movw r8, #0x777\n"                                                                              \
  "vmsr p0, r8\n"                                                                                  \
  "movs r0, #4\n"                                                                                  \
  "1:\n"                                                                                           \
  "vpst\n"                                                                                         \
  "vldrbt.u8 q1, [r1, q4]\n"                                                                       \
  "add r1, r1, #9\n"                                                                               \
  "vmov q3, q5\n"                                                                                  \
  "vadd.i32 q5, q5, r0\n"                                                                          \
  "mov r7, r5\n"                                                                                   \
  "add r5, r5, r6\n" LATER "dls lr, r3\n"                                                          \
  "2:\n"                                                                                           \
  "vldrw.u32 q0, [q3, #128]!\n" LOOP "le lr, 2b\n"                                                 \
  "subs r4, r4, #1\n"                                                                              \
  "bne 1b\n"                                                                                       \
  "vpop {d8-d11}\n"                                                                                \
  "pop {r4-r10, pc}\n"                                                                             \
  ".p2align 2\n"                                                                                   \
  "9:\n"                                                                                           \
  ".byte 0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8, 0, 0, 0, 0, 0\n"                                         \
  ".word -128, -64, 0, 64\n"

[[gnu::naked, gnu::noipa]] inline void sum_windows_1(const unsigned char* /*staged*/,
                                                     const unsigned char* /*weights*/,
                                                     const windows* /*given*/) noexcept {
  __asm__ volatile(INLAY_MVE_WINDOWS("vmov q2, q1\n"
                                     "mov r8, #0\n"
                                     "vshlc q2, r8, #32\n",
                                     "vmladav.s8 r8, q0, q1\n"
                                     "vmladav.s8 r10, q0, q2\n"
                                     "strd r8, r10, [r7], #8\n"));
}
[[gnu::naked, gnu::noipa]] inline void sum_windows_2(const unsigned char* /*staged*/,
                                                     const unsigned char* /*weights*/,
                                                     const windows* /*given*/) noexcept {
  __asm__ volatile(INLAY_MVE_WINDOWS("", "vmladav.s8 r8, q0, q1\n"
                                         "str r8, [r7], #4\n"));
}

#undef INLAY_MVE_WINDOWS

/// One output with weights that have a zero point.
template <element Type>
std::int32_t sum_of_window(uint8x16_t window, uint8x16_t taps, uint8x16_t ones,
                           std::int32_t zero_point) noexcept {
  const auto dot = [&](uint8x16_t by) {
    if constexpr (Type == element::int8) {
      return vmladavq_s8(vreinterpretq_s8_u8(window), vreinterpretq_s8_u8(by));
    } else {
      return static_cast<std::int32_t>(vmladavq_u8(window, by));
    }
  };
  return dot(taps) - zero_point * dot(ones);
}

#endif

/// The sums of `given.channels` channels, without bias.
/// @param weights nine a channel, column by column
template <element Type>
void sum_windows(const unsigned char* staged, const unsigned char* weights, const windows& given,
                 std::int32_t stride, std::int32_t zero_point) noexcept {
#if INLAY_MVE
  if (Type == element::int8 && zero_point == 0) {
    stride == 1 ? sum_windows_1(staged, weights, &given) : sum_windows_2(staged, weights, &given);
    return;
  }
  static constexpr std::uint8_t places[16] = {0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8, 0, 0, 0, 0, 0};
  constexpr mve_pred16_t first_window = 0x0777;
  constexpr mve_pred16_t second_window = 0x7770;
  const uint8x16_t zeros = vdupq_n_u8(0);
  const uint8x16_t ones = vdupq_m_n_u8(zeros, 1, first_window);
  const uint8x16_t later_ones = vdupq_m_n_u8(zeros, 1, second_window);
  for (std::int32_t c = 0; c < given.channels; ++c, weights += 9, staged += 4) {
    const uint8x16_t taps = vldrbq_gather_offset_z_u8(weights, vldrbq_u8(places), first_window);
    std::uint32_t carry = 0;
    const uint8x16_t later =
        vreinterpretq_u8_u32(vshlcq_u32(vreinterpretq_u32_u8(taps), &carry, 32));
    const uint32x4_t columns = vshlq_n_u32(vidupq_n_u32(0, 1), 6);
    std::int32_t* sums = given.sums + c * given.stride_bytes / 4;
    const unsigned char* from = staged;
    for (std::int32_t i = 0; i < given.rounds; ++i, from += 2 * bytes_a_column) {
      const uint8x16_t window = vreinterpretq_u8_u32(
          vldrwq_gather_offset_u32(reinterpret_cast<const std::uint32_t*>(from), columns));
      *sums++ = sum_of_window<Type>(window, taps, ones, zero_point);
      if (stride == 1) {
        *sums++ = sum_of_window<Type>(window, later, later_ones, zero_point);
      }
    }
  }
#else
  using value = element_t<Type>;
  for (std::int32_t c = 0; c < given.channels; ++c, weights += 9, staged += 4) {
    std::int32_t* const sums = given.sums + c * given.stride_bytes / 4;
    for (std::int32_t i = 0; i < given.rounds * (3 - stride); ++i) {
      std::int32_t sum = 0;
      for (std::int32_t tap = 0; tap < 9; ++tap) {
        const value x =
            static_cast<value>(staged[(i * stride + tap / 3) * bytes_a_column + tap % 3]);
        sum += x * (static_cast<value>(weights[tap]) - zero_point);
      }
      sums[i] = sum;
    }
  }
#endif
}

} // namespace inlay::kernels::mve
