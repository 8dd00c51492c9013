// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/packed_convolution.hpp>
#include <inlay/kernels/portable/words.hpp>

namespace inlay::kernels::portable {

#if INLAY_THUMB2

// One output a round, all weights in registers.
#define INLAY_SUM_PLANE(STEP)                                                                      \
  "push {r3-r11, lr}\n"                                                                            \
  "ldm r1, {r4-r12}\n"                                                                             \
  "1:\n"                                                                                           \
  "ldrd r1, lr, [r0, #4]\n"                                                                        \
  "mul r3, r1, r5\n"                                                                               \
  "mla r3, lr, r6, r3\n"                                                                           \
  "ldrd r1, lr, [r0, #12]\n"                                                                       \
  "mla r3, r1, r7, r3\n"                                                                           \
  "mla r3, lr, r8, r3\n"                                                                           \
  "ldrd r1, lr, [r0, #20]\n"                                                                       \
  "mla r3, r1, r9, r3\n"                                                                           \
  "mla r3, lr, r10, r3\n"                                                                          \
  "ldrd r1, lr, [r0, #28]\n"                                                                       \
  "mla r3, r1, r11, r3\n"                                                                          \
  "mla r3, lr, r12, r3\n"                                                                          \
  "ldr r1, [r0], #" STEP "\n"                                                                      \
  "mla r3, r1, r4, r3\n"                                                                           \
  "ldr r1, [sp]\n"                                                                                 \
  "str r3, [r2], #4\n"                                                                             \
  "cmp r2, r1\n"                                                                                   \
  "bne 1b\n"                                                                                       \
  "pop {r3-r11, pc}\n"

[[gnu::naked, gnu::noipa]] inline void sum_plane_1(const word* /*plane*/, const word* /*weights*/,
                                                   std::int32_t* /*sums*/,
                                                   const std::int32_t* /*end*/) noexcept {
  __asm__ volatile(INLAY_SUM_PLANE("12"));
}
[[gnu::naked, gnu::noipa]] inline void sum_plane_2(const word* /*plane*/, const word* /*weights*/,
                                                   std::int32_t* /*sums*/,
                                                   const std::int32_t* /*end*/) noexcept {
  __asm__ volatile(INLAY_SUM_PLANE("24"));
}

#undef INLAY_SUM_PLANE

#endif

/// The depthwise part of a core: a plane is one channel of three rows, column by column, an
/// element a word.
struct planes {
  static constexpr std::int32_t words_two_columns = 6;
  /// Words of staged weights a channel.
  static constexpr std::int32_t words_of_taps = 9;

  /// Puts two columns of four channels into four planes, `plane` words apart.
  template <element Type>
  [[gnu::always_inline]] static void stage_columns(word first, word second, std::int32_t plane,
                                                   word* out) noexcept {
    const auto put = [&](word* to, word four) {
      to[0] = static_cast<word>(element_of<Type, 0>(four));
      to[plane] = static_cast<word>(element_of<Type, 1>(four));
      to[2 * plane] = static_cast<word>(element_of<Type, 2>(four));
      to[3 * plane] = static_cast<word>(element_of<Type, 3>(four));
    };
    put(out, first);
    put(out + 3, second);
  }

  /// Nine taps of four channels, for each channel column by column.
  template <element Type>
  static void stage_taps(const unsigned char* weights, std::int32_t zero_point,
                         word* out) noexcept {
    for (int tap = 0; tap < 9; ++tap) {
      const word four = load_word(weights + 4 * tap);
      word* const to = out + tap % 3 * 3 + tap / 3;
      const auto less = [zero_point](std::int32_t weight) {
        return static_cast<word>(weight - zero_point);
      };
      to[0] = less(element_of<Type, 0>(four));
      to[9] = less(element_of<Type, 1>(four));
      to[18] = less(element_of<Type, 2>(four));
      to[27] = less(element_of<Type, 3>(four));
    }
  }

  /// The sums of one channel along a row.
  static void sum_plane(const word* plane, const word* weights, const convolution_shape& shape,
                        std::int32_t* sums) noexcept {
#if INLAY_THUMB2
    (shape.stride == 1 ? sum_plane_1 : sum_plane_2)(plane, weights, sums, sums + shape.out_width);
#else
    for (std::int32_t x = 0; x < shape.out_width; ++x, plane += 3 * shape.stride) {
      word sum = 0;
      for (std::size_t tap = 0; tap < 9; ++tap) {
        sum += plane[tap] * weights[tap];
      }
      sums[x] = static_cast<std::int32_t>(sum);
    }
#endif
  }
};

} // namespace inlay::kernels::portable
