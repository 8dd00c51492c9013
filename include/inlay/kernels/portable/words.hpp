// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/element.hpp>
#include <inlay/tensor/bytes.hpp>

#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 2
#define INLAY_THUMB2 1
#else
#define INLAY_THUMB2 0
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
  return load<word>(from);
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

} // namespace inlay::kernels::portable
