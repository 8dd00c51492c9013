// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/block_layout.hpp>
#include <inlay/kernels/neon/depthwise_taps.hpp>
#include <inlay/kernels/neon/memory.hpp>

// The packed constants of each kind of step: on any machine, at run time and in constant
// expressions.

namespace inlay::kernels::neon {

template <class Isa>
constexpr std::size_t packed_bytes_of(const step::convolution& step) {
  return convolution_bytes<Isa>(step);
}
template <class Isa>
constexpr std::size_t packed_bytes_of(const step::depthwise_convolution& step) {
  return has_kernel(step)        ? depthwise_bytes<Isa>(step)
         : has_taps_kernel(step) ? depthwise_taps_bytes(step)
                                 : 0;
}
template <class Isa>
constexpr std::size_t packed_bytes_of(const step::inverted_residual& block) {
  return block_places<Isa>(block).end;
}

/// Writes packed_bytes_of(step).
template <class Isa>
constexpr void pack(const step::convolution& step, layers constants, unsigned char* out) {
  pack_convolution<Isa>(step, constants[0], out);
}
template <class Isa>
constexpr void pack(const step::depthwise_convolution& step, layers constants, unsigned char* out) {
  if (has_kernel(step)) {
    pack_depthwise<Isa>(step, constants[0], out);
  } else {
    pack_depthwise_taps(step, constants[0], out);
  }
}
template <class Isa>
constexpr void pack(const step::inverted_residual& block, layers constants, unsigned char* out) {
  pack_block<Isa>(block, constants, out);
}

/// The form in which a layer's kernel requantizes all of its channels.
/// @param packed what pack() has written
constexpr requantization form_of_packed(const step::convolution& /*step*/,
                                        const unsigned char* packed) {
  const auto needed = static_cast<requantization>(packed[0]);
  return needed == requantization::narrow ? needed : requantization::general;
}
constexpr requantization form_of_packed(const step::depthwise_convolution& /*step*/,
                                        const unsigned char* packed) {
  return static_cast<requantization>(packed[0]);
}

} // namespace inlay::kernels::neon
