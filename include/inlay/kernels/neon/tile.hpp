// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/requantize.hpp>

#include <cstring>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// Where a tile reads and writes.
struct tile_place {
  /// The panel of the first pixel, and which of its pixels that is.
  const std::int8_t* panel = nullptr;
  std::int32_t slot = 0;
  /// What each pixel's own inputs add to its sums, for output_form::sums.
  const std::int32_t* pixel_sums = nullptr;
  /// A block of channels, as pack_convolution() lays it out.
  const unsigned char* block = nullptr;
  /// The first output.
  unsigned char* output = nullptr;
  /// Output channels to store, at most a block's.
  std::int32_t channels = 0;
};

/// What a tile is compiled for.
struct tile_shape {
  /// Inputs of a sum.
  std::int32_t depth = 0;
  /// Bytes from one pixel's outputs to the next one's.
  std::int32_t stride = 0;
  output_form form{};
};

/// Pixels x Isa::channels sums in registers, and what becomes of them. Specializations have
/// add_up(place) and store(place, numbers), which one after the other move the place's block and
/// output on to the next channels.
template <class Isa, std::int32_t Pixels, tile_shape Shape>
struct tile;

/// Stores 8 bytes.
[[gnu::always_inline]] inline void store_8(unsigned char* to, int8x8_t bytes) noexcept {
  vst1_s8(reinterpret_cast<std::int8_t*>(to), bytes);
}

/// Stores 8 bytes of a vector, or fewer of these, and moves on to the next pixel.
template <int Half, bool All>
[[gnu::always_inline]] inline void store_half(unsigned char*& to, int8x16_t bytes,
                                              std::int32_t count, std::int64_t stride) noexcept {
  const int64x2_t lanes = vreinterpretq_s64_s8(bytes);
  if constexpr (All) {
#if defined(__aarch64__)
    __asm__ volatile("st1 {%1.d}[%3], [%0], %2"
                     : "+r"(to)
                     : "w"(lanes), "r"(stride), "i"(Half)
                     : "memory");
#else
    vst1q_lane_s64(reinterpret_cast<std::int64_t*>(to), lanes, Half);
    to += stride;
#endif
  } else {
    const std::int64_t value = vgetq_lane_s64(lanes, Half);
    std::memcpy(to, &value, static_cast<std::size_t>(count));
    to += stride;
  }
}

/// Stores four bytes of a vector, or fewer of these, and moves on to the next pixel.
template <int Quarter, bool All>
[[gnu::always_inline]] inline void store_quarter(unsigned char*& to, int8x16_t bytes,
                                                 std::int32_t count, std::int64_t stride) noexcept {
  const int32x4_t lanes = vreinterpretq_s32_s8(bytes);
  if constexpr (All) {
#if defined(__aarch64__)
    __asm__ volatile("st1 {%1.s}[%3], [%0], %2"
                     : "+r"(to)
                     : "w"(lanes), "r"(stride), "i"(Quarter)
                     : "memory");
#else
    vst1q_lane_s32(reinterpret_cast<std::int32_t*>(to), lanes, Quarter);
    to += stride;
#endif
  } else {
    const std::int32_t value = vgetq_lane_s32(lanes, Quarter);
    std::memcpy(to, &value, static_cast<std::size_t>(count));
    to += stride;
  }
}

} // namespace inlay::kernels::neon
#endif
