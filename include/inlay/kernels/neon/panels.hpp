// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/memory.hpp>
#include <inlay/kernels/neon/vectors.hpp>

#include <cstring>

#if defined(__ARM_NEON)

// A convolution's input in panels of four pixels: for each block of inputs those of the first
// pixel, of the second, and so on, so that a tile loads all that it needs from one place.

namespace inlay::kernels::neon {

/// Four pixels, 16 inputs of each.
template <class Isa>
[[gnu::always_inline]] inline void store_block(std::int8_t* to, int8x16_t a, int8x16_t b,
                                               int8x16_t c, int8x16_t d) noexcept {
  if constexpr (Isa::depth == 4) {
    const int32x4x4_t words = {{vreinterpretq_s32_s8(a), vreinterpretq_s32_s8(b),
                                vreinterpretq_s32_s8(c), vreinterpretq_s32_s8(d)}};
    vst4q_s32(reinterpret_cast<std::int32_t*>(to), words);
  } else if constexpr (Isa::depth == 8) {
#if defined(__aarch64__)
    const int64x2x4_t words = {{vreinterpretq_s64_s8(a), vreinterpretq_s64_s8(b),
                                vreinterpretq_s64_s8(c), vreinterpretq_s64_s8(d)}};
    vst4q_s64(reinterpret_cast<std::int64_t*>(to), words);
#endif
  } else {
    vst1q_s8(to, a);
    vst1q_s8(to + 16, b);
    vst1q_s8(to + 32, c);
    vst1q_s8(to + 48, d);
  }
}

/// Four pixels, 8 inputs of each.
template <class Isa>
[[gnu::always_inline]] inline void store_block(std::int8_t* to, int8x8_t a, int8x8_t b, int8x8_t c,
                                               int8x8_t d) noexcept {
  if constexpr (Isa::depth == 4) {
    const int32x2x4_t words = {{vreinterpret_s32_s8(a), vreinterpret_s32_s8(b),
                                vreinterpret_s32_s8(c), vreinterpret_s32_s8(d)}};
    vst4_s32(reinterpret_cast<std::int32_t*>(to), words);
  } else {
    vst1_s8(to, a);
    vst1_s8(to + 8, b);
    vst1_s8(to + 16, c);
    vst1_s8(to + 24, d);
  }
}

/// Brings `count` pixels of Depth bytes each into panels; the last panel is filled up with the last
/// pixel. Reads nothing else, and flips the bytes of uint8 models.
template <class Isa, std::int32_t Depth, bool Flips>
[[gnu::noinline]] inline void pack_panels(const unsigned char* from, std::int32_t count,
                                          std::int8_t* to) noexcept {
  const auto load16 = [](const unsigned char* at) __attribute__((always_inline)) {
    return Flips ? flip(load_bytes(at)) : load_bytes(at);
  };
  const auto load8 = [](const unsigned char* at) __attribute__((always_inline)) {
    return Flips ? flip(load_8_bytes(at)) : load_8_bytes(at);
  };
  for (; count > 0; count -= panel_pixels) {
    const unsigned char* a = from;
    const unsigned char* b = count > 1 ? a + Depth : a;
    const unsigned char* c = count > 2 ? b + Depth : b;
    const unsigned char* d = count > 3 ? c + Depth : c;
    std::int32_t k = 0;
    for (; k + 16 <= Depth; k += 16) {
      store_block<Isa>(to, load16(a + k), load16(b + k), load16(c + k), load16(d + k));
      to += panel_pixels * 16;
    }
    if constexpr (Depth % 16 != 0) {
      store_block<Isa>(to, load8(a + k), load8(b + k), load8(c + k), load8(d + k));
      to += panel_pixels * 8;
    }
    from += std::int64_t{panel_pixels} * Depth;
  }
}

/// For each pixel the sum of its inputs, signed, times `factor`.
template <std::int32_t Depth, bool Flips>
[[gnu::noinline]] inline void sum_pixels(const unsigned char* from, std::int32_t count,
                                         std::int32_t factor, std::int32_t* to) noexcept {
  for (std::int32_t i = 0; i < count; ++i, from += Depth) {
    int32x4_t sum = vdupq_n_s32(0);
    for (std::int32_t k = 0; k < Depth; k += 8) {
      const int8x8_t bytes = load_8_bytes(from + k);
      sum = vpadalq_s16(sum, vmovl_s8(Flips ? flip(bytes) : bytes));
    }
    const int32x2_t half = vadd_s32(vget_low_s32(sum), vget_high_s32(sum));
    to[i] = vget_lane_s32(vpadd_s32(half, half), 0) * factor;
  }
}

} // namespace inlay::kernels::neon
#endif
