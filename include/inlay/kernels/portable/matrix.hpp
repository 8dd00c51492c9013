// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/staging.hpp>

namespace inlay::kernels::portable {

/// What `Core::multiply` does.
struct product {
  /// Staged pairs of pixels, one behind the other.
  const word* pixels = nullptr;
  /// One staged pair of output channels.
  const word* channels = nullptr;
  /// Fours of the depth.
  std::int32_t groups = 0;
  /// An odd last one is half of a staged pair.
  std::int32_t pixel_count = 0;
  /// Where the sums of the two channels begin.
  std::int32_t begin[2] = {0, 0};
};

/// The multiplying part of a core with one element a word.
struct matrix {
  /// For each pixel pair the sums of (pixel 0, channel 0), (0, 1), (1, 0), (1, 1).
  static void multiply(const product& given, std::int32_t* sums) noexcept;

  /// offset + (sum * mantissa + 2^31) / 2^32, rounded down.
  [[gnu::always_inline]] static std::int32_t scale(std::int32_t sum, std::int32_t mantissa,
                                                   std::int32_t offset) noexcept {
#if INLAY_THUMB2
    word low = word{1} << 31;
    __asm__("smlal %0, %1, %2, %3" : "+r"(low), "+r"(offset) : "r"(sum), "r"(mantissa));
    return offset;
#elif INLAY_THUMB1
    return scale_by_halves(sum, mantissa, offset);
#else
    const std::int64_t rounded = std::int64_t{sum} * mantissa + (std::int64_t{1} << 31);
    return offset + static_cast<std::int32_t>(rounded >> 32);
#endif
  }
};

#if INLAY_THUMB2

/// What multiply_blocks needs besides pixels, in the order in which it reads it.
struct multiply_frame {
  std::int32_t begin[4];
  const word* channels;
  const word* channels_end;
  const word* pixels_end;
  /// Bytes of code to leave out at first.
  std::int32_t entry;
  std::int32_t* sums;
  /// As `entry`, for one pixel.
  std::int32_t single_entry;

  /// @param rounds of the unrolled loop
  multiply_frame(const product& given, std::int32_t words_a_group, std::int32_t rounds,
                 std::int32_t* to) noexcept
      : begin{given.begin[0], given.begin[1], given.begin[0], given.begin[1]},
        channels(given.channels), channels_end(given.channels + given.groups * words_a_group),
        pixels_end(given.pixels + given.groups * words_a_group * (given.pixel_count / 2)),
        entry((-rounds & 7) * 40), sums(to), single_entry((-rounds & 7) * 24) {}
};

/// The loop over the depth, unrolled eight times and entered where the remainder asks for: one
/// load multiple each for four words of pixels and of channels, eight multiplications.
[[gnu::naked, gnu::noipa]] inline void multiply_blocks(const word* /*pixels*/,
                                                       multiply_frame* /*frame*/) noexcept {
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
                   "mla r0, r4, r8, r0\n"
                   "mla r1, r4, r10, r1\n"
                   "mla r2, r6, r8, r2\n"
                   "mla r3, r6, r10, r3\n"
                   "mla r0, r5, r9, r0\n"
                   "mla r1, r5, r11, r1\n"
                   "mla r2, r7, r9, r2\n"
                   "mla r3, r7, r11, r3\n"
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
[[gnu::naked, gnu::noipa]] inline void multiply_single(const word* /*pixel*/,
                                                       multiply_frame* /*frame*/) noexcept {
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
                   "mla r2, r4, r8, r2\n"
                   "mla r3, r4, r10, r3\n"
                   "mla r2, r5, r9, r2\n"
                   "mla r3, r5, r11, r3\n"
                   ".endr\n"
                   "cmp r12, r6\n"
                   "bne 2b\n"
                   "ldr r4, [r1, #32]\n"
                   "strd r2, r3, [r4]\n"
                   "pop {r4-r11, pc}\n");
}

/// All pixels: pairs, then a last one.
template <auto Blocks, auto Single>
void multiply_all(const product& given, std::int32_t words_a_group, std::int32_t rounds,
                  std::int32_t* sums) noexcept {
  multiply_frame frame(given, words_a_group, rounds, sums);
  if (given.pixel_count > 1) {
    Blocks(given.pixels, &frame);
  }
  if (given.pixel_count % 2 != 0) {
    frame.sums = sums + given.pixel_count / 2 * 4;
    Single(frame.pixels_end, &frame);
  }
}

#endif

inline void matrix::multiply(const product& given, std::int32_t* sums) noexcept {
#if INLAY_THUMB2
  multiply_all<multiply_blocks, multiply_single>(given, staging::words_a_group, given.groups * 2,
                                                 sums);
#else
  const word* pixels = given.pixels;
  for (std::int32_t pair = 0; pair < (given.pixel_count + 1) / 2; ++pair, sums += 4) {
    word sum[4] = {static_cast<word>(given.begin[0]), static_cast<word>(given.begin[1]),
                   static_cast<word>(given.begin[0]), static_cast<word>(given.begin[1])};
    const word* const end = given.channels + given.groups * staging::words_a_group;
    for (const word* channels = given.channels; channels != end; pixels += 4, channels += 4) {
      sum[0] += pixels[0] * channels[0] + pixels[1] * channels[1];
      sum[1] += pixels[0] * channels[2] + pixels[1] * channels[3];
      sum[2] += pixels[2] * channels[0] + pixels[3] * channels[1];
      sum[3] += pixels[2] * channels[2] + pixels[3] * channels[3];
    }
    for (int i = 0; i < 4; ++i) {
      sums[i] = static_cast<std::int32_t>(sum[i]);
    }
  }
#endif
}

} // namespace inlay::kernels::portable
