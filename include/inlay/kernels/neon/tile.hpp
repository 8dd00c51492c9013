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
/// add_up(place) and store(place, numbers).
template <class Isa, std::int32_t Pixels, tile_shape Shape>
struct tile;

/// Stores 8 bytes, or fewer.
template <bool All>
[[gnu::always_inline]] inline void store_8(unsigned char* to, int8x8_t bytes,
                                           std::int32_t count) noexcept {
  if constexpr (All) {
    vst1_s8(reinterpret_cast<std::int8_t*>(to), bytes);
  } else {
    std::memcpy(to, &bytes, static_cast<std::size_t>(count));
  }
}

/// Stores four bytes of a vector, or fewer of these.
template <int Quarter, bool All>
[[gnu::always_inline]] inline void store_4(unsigned char* to, int8x16_t bytes,
                                           std::int32_t count) noexcept {
  const int32x4_t lanes = vreinterpretq_s32_s8(bytes);
  if constexpr (All) {
    vst1q_lane_s32(reinterpret_cast<std::int32_t*>(to), lanes, Quarter);
  } else {
    const std::int32_t value = vgetq_lane_s32(lanes, Quarter);
    std::memcpy(to, &value, static_cast<std::size_t>(count));
  }
}

} // namespace inlay::kernels::neon
#endif
