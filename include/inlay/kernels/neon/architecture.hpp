// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace inlay::kernels::neon {

/// Pixels of a panel, the unit in which a convolution's input is brought into order.
inline constexpr std::int32_t panel_pixels = 4;

// How the instruction sets of Arm want a convolution's operands. Sums run over blocks of `depth`
// input channels; a tile of registers holds `pixels` x `channels` sums; each channel's multiplier
// and shift are stored `copies` times and its bias `bias_copies` times, so that they lie beside the
// sums, and the bias before the weights where sums begin with it; `dots` says whether there are dot
// products. Functions that are compiled differently for each take one of these types as their
// template argument.

/// ARMv7 with NEON: products of bytes are added in pairs in 16 bits.
struct armv7 {
  static constexpr std::string_view name = "armv7";
  static constexpr std::int32_t depth = 16;
  static constexpr std::int32_t pixels = 2;
  static constexpr std::int32_t channels = 4;
  static constexpr std::int32_t copies = 1;
  static constexpr std::int32_t bias_copies = 1;
  static constexpr bool dots = false;
  /// Where weights are small, four products are added in 16 bits.
  static constexpr bool adds_four = false;
  /// Two products of -128 and -128 would overflow 16 bits.
  static constexpr bool fears_lowest_weight = true;
};

/// AArch64 without extensions.
struct armv8 : armv7 {
  static constexpr std::string_view name = "neon";
  static constexpr std::int32_t pixels = 4;
  static constexpr bool adds_four = true;
};

/// AArch64 with SDOT: four products a sum.
struct dotprod {
  static constexpr std::string_view name = "dotprod";
  static constexpr std::int32_t depth = 4;
  static constexpr std::int32_t pixels = 8;
  static constexpr std::int32_t channels = 8;
  static constexpr std::int32_t copies = 1;
  static constexpr std::int32_t bias_copies = 2;
  static constexpr bool dots = true;
  static constexpr bool adds_four = false;
  static constexpr bool fears_lowest_weight = false;
};

/// AArch64 with SMMLA: two pixels by two channels of eight products.
struct i8mm : dotprod {
  static constexpr std::string_view name = "i8mm";
  static constexpr std::int32_t depth = 8;
  static constexpr std::int32_t copies = 2;
};

/// Whether this translation unit is compiled for it.
template <class Isa>
inline constexpr bool is_compiled = false;
#if defined(__ARM_NEON) && !defined(__aarch64__)
template <>
inline constexpr bool is_compiled<armv7> = true;
#elif defined(__ARM_NEON)
template <>
inline constexpr bool is_compiled<armv8> = true;
#if defined(__ARM_FEATURE_DOTPROD)
template <>
inline constexpr bool is_compiled<dotprod> = true;
#if defined(__ARM_FEATURE_MATMUL_INT8)
template <>
inline constexpr bool is_compiled<i8mm> = true;
#endif
#endif
#endif

} // namespace inlay::kernels::neon
