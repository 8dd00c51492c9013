// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/device.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/numerics/divide_up.hpp>

#include <algorithm>

// How constants lie in the parameters. Output channels are taken by blocks: four of a convolution,
// more of a depthwise convolution. A block has a head, one row of dwords a number: start values of
// sums, scales, offsets (or mantissas and shifts), then four dwords of which the first says which.
// Weights follow: [taps][input channels / 4][4 output channels][4], or [taps][channels].

namespace inlay::kernels::opencl {

/// How the sums of a block become outputs.
enum class form : std::int32_t {
  /// The reference's integers.
  integers,
  /// One fused multiply-add in single precision, proved for each of the block's channels.
  floats
};

/// Where things are in the packed constants of one layer.
struct block_layout {
  std::int32_t lanes = 4;
  std::int32_t blocks = 0;
  /// Bytes of a block's weights.
  std::int32_t weights = 0;

  [[nodiscard]] constexpr std::int32_t form_offset() const { return 12 * lanes; }
  [[nodiscard]] constexpr std::int32_t head_bytes() const { return 12 * lanes + 16; }
  [[nodiscard]] constexpr std::int32_t block_bytes() const { return head_bytes() + weights; }
  [[nodiscard]] constexpr std::int32_t bytes() const { return blocks * block_bytes(); }
};

/// Groups of four input channels that one tap reads.
constexpr std::int32_t groups_of(const step::convolution& step) {
  return divide_up(step.in.channels, 4);
}
template <class Step>
constexpr std::int32_t taps_of(const Step& step) {
  return step.window.kernel.height * step.window.kernel.width;
}

constexpr block_layout layout_of(const step::convolution& step, const device& /*on*/) {
  return {4, divide_up(step.out.channels, 4), 16 * taps_of(step) * groups_of(step)};
}

/// Channels that one work-item of a depthwise convolution takes: the widest vector that divides
/// them evenly.
constexpr std::int32_t lanes_of(const step::depthwise_convolution& step, const device& on) {
  std::int32_t lanes = step.multiplier == 1 ? std::min<std::int32_t>(on.vector_bytes, 16) : 4;
  while (lanes > 4 && step.out.channels % lanes != 0) {
    lanes /= 2;
  }
  return lanes;
}

constexpr block_layout layout_of(const step::depthwise_convolution& step, const device& on) {
  const std::int32_t lanes = lanes_of(step, on);
  return {lanes, divide_up(step.out.channels, lanes), divide_up(taps_of(step) * lanes, 16) * 16};
}

/// Zero points and weights as the kernels count them: unsigned bytes less 128.
constexpr std::int32_t centered(element type, std::int32_t value) {
  return type == element::uint8 ? value - 128 : value;
}

} // namespace inlay::kernels::opencl
