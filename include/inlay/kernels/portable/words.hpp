// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/element.hpp>
#include <inlay/tensor/bytes.hpp>

#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 2
#define INLAY_THUMB2 1
#else
#define INLAY_THUMB2 0
#endif

/// Cores whose words must be aligned, and which have no product of 64 bits: Cortex-M0+.
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
#define INLAY_THUMB1 1
#else
#define INLAY_THUMB1 0
#endif

// Kernels of microcontrollers widen 8-bit elements into words in scratch memory, once for all their
// uses, in pairs: two pixels, or two output channels. A `core` says how many elements a word holds
// and multiplies pairs of pixels by pairs of channels. By fours of the depth, a staged pair is
//
//   portable::core  {a0, a1, b0, b1}, {a2, a3, b2, b3}    one element a word
//   dsp::core       {a0 a2, a1 a3, b0 b2, b1 b3}          two elements a word
//
// where a and b are the two pixels or channels. Pixels are doubled (see channel_constants.hpp).

namespace inlay::kernels::portable {

using word = std::uint32_t;

/// Four 8-bit elements at any address.
inline word load_word(const unsigned char* from) noexcept {
#if INLAY_THUMB1
  // Most are aligned; std::memcpy would be a call for all of them.
  if (reinterpret_cast<std::uintptr_t>(from) % sizeof(word) == 0) {
    return load<word>(static_cast<const unsigned char*>(__builtin_assume_aligned(from, 4)));
  }
  return static_cast<word>(from[0]) | static_cast<word>(from[1]) << 8 |
         static_cast<word>(from[2]) << 16 | static_cast<word>(from[3]) << 24;
#else
  return load<word>(from);
#endif
}

/// The reverse.
inline void store_word(unsigned char* to, word four) noexcept {
#if INLAY_THUMB1
  if (reinterpret_cast<std::uintptr_t>(to) % sizeof(word) == 0) {
    store(static_cast<unsigned char*>(__builtin_assume_aligned(to, 4)), four);
    return;
  }
  for (int i = 0; i < 4; ++i, four >>= 8) {
    to[i] = static_cast<unsigned char>(four);
  }
#else
  store(to, four);
#endif
}

/// Element `Index` of four.
template <element Type, int Index>
[[gnu::always_inline]] inline std::int32_t element_of(word four) noexcept {
  if constexpr (Type == element::int8) {
    return static_cast<std::int32_t>(four << (24 - 8 * Index)) >> 24;
  } else {
    return static_cast<std::int32_t>(four >> (8 * Index) & 0xff);
  }
}

/// offset + (sum * mantissa + 2^31) / 2^32, rounded down, by products of 16 bits.
/// @param mantissa not negative
constexpr std::int32_t scale_by_halves(std::int32_t sum, std::int32_t mantissa,
                                       std::int32_t offset) noexcept {
  const word low = static_cast<word>(sum) & 0xffff;
  const std::int32_t high = sum >> 16;
  const word by_low = static_cast<word>(mantissa) & 0xffff;
  const std::int32_t by_high = mantissa >> 16;
  const word low_high = low * static_cast<word>(by_high);
  const std::int32_t high_low = high * static_cast<std::int32_t>(by_low);
  const word middle =
      (low * by_low >> 16) + (low_high & 0xffff) + (static_cast<word>(high_low) & 0xffff) + 0x8000;
  return offset + high * by_high + (high_low >> 16) + static_cast<std::int32_t>(low_high >> 16) +
         static_cast<std::int32_t>(middle >> 16);
}

} // namespace inlay::kernels::portable
