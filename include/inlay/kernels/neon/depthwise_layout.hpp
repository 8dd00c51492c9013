// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/layout.hpp>

// Constants of depthwise convolutions with 3x3 taps: a header, as that of convolutions, and blocks
// of channels, each with biases, multipliers, shifts and weights.
//
// For dot products four channels a block, their biases four times: vectors of four taps of four
// channels, for each row of taps the same ones shifted along, so that an aligned group of four
// columns is multiplied by where an output needs it. Else eight channels a block, and weights of a
// byte, or of 16 bits where a zero point was taken off them.

namespace inlay::kernels::neon {

/// Whether the kernels for 3x3 taps have this depthwise convolution.
constexpr bool has_kernel(const step::depthwise_convolution& step) {
  const step::sliding_window& window = step.window;
  return window.kernel == extent{3, 3} && window.dilation == extent{1, 1} && step.multiplier == 1 &&
         (window.stride == extent{1, 1} || window.stride == extent{2, 2}) &&
         step.in.channels % 8 == 0;
}

/// Whether there is one that goes tap by tap, for all but uneven numbers of channels.
constexpr bool has_taps_kernel(const step::depthwise_convolution& step) {
  return step.out.channels % 8 == 0 && step.window.kernel.height * step.window.kernel.width <= 128;
}

/// Whether the weights have no zero point.
constexpr bool has_byte_weights(const step::depthwise_convolution& step) {
  return step.weights_zero_point == offset_of(step.type);
}

/// Whether dot products can do it.
template <class Isa>
constexpr bool uses_dots(const step::depthwise_convolution& step) {
  return Isa::dots && has_byte_weights(step);
}

/// A vector's taps: lane i has tap i - shift, where there is one.
inline constexpr std::int32_t dot_shifts[2][6] = {{0, 1, 2, -2, 3, -1}, {0, 2, -2, 0, 0, 0}};

constexpr std::int32_t dot_vectors(const step::depthwise_convolution& step) {
  return step.window.stride.width == 1 ? 6 : 3;
}

template <class Isa>
constexpr std::int32_t depthwise_block_channels(const step::depthwise_convolution& step) {
  return uses_dots<Isa>(step) ? 4 : 8;
}

template <class Isa>
constexpr std::int32_t depthwise_block_bytes(const step::depthwise_convolution& step) {
  return uses_dots<Isa>(step)     ? 6 * 16 + 3 * dot_vectors(step) * 16
         : has_byte_weights(step) ? 3 * 32 + 9 * 8
                                  : 3 * 32 + 9 * 16;
}

template <class Isa>
constexpr std::size_t depthwise_bytes(const step::depthwise_convolution& step) {
  return header_bytes +
         static_cast<std::size_t>(step.in.channels / depthwise_block_channels<Isa>(step) *
                                  depthwise_block_bytes<Isa>(step));
}

/// @param weights of one channel, 9
constexpr void pack_dot_weights(const std::int32_t* weights, std::int32_t vectors,
                                unsigned char* out) {
  const std::int32_t(&shifts)[6] = dot_shifts[vectors == 6 ? 0 : 1];
  for (std::int32_t ky = 0; ky < 3; ++ky) {
    for (std::int32_t i = 0; i < vectors; ++i, out += 16) {
      for (std::int32_t lane = 0; lane < 4; ++lane) {
        const std::int32_t tap = lane - shifts[i];
        out[lane] = static_cast<unsigned char>(tap >= 0 && tap < 3 ? weights[ky * 3 + tap] : 0);
      }
    }
  }
}

/// Whether sums of two neighboring taps' products have 16 bits, as the kernel without dot products
/// wants it.
constexpr bool pairs_fit(const std::int32_t (&weights)[9]) {
  for (std::int32_t tap = 0; tap + 1 < 9; tap += 2) {
    if (weights[tap] == -128 && weights[tap + 1] == -128) {
      return false;
    }
  }
  return true;
}

template <class Isa>
constexpr void pack_depthwise(const step::depthwise_convolution& step, const layer_constants& layer,
                              unsigned char* out) {
  const std::int32_t zero_point = step.weights_zero_point - offset_of(step.type);
  const std::int32_t together = depthwise_block_channels<Isa>(step);
  auto needed = requantization::narrow;
  for (std::int32_t channel = 0; channel < step.in.channels; ++channel) {
    unsigned char* block =
        out + header_bytes + channel / together * depthwise_block_bytes<Isa>(step);
    const std::int32_t index = channel % together;
    std::int32_t weights[9]{};
    std::int32_t sum = 0;
    std::int64_t sizes = 0;
    for (std::int32_t tap = 0; tap < 9; ++tap) {
      weights[tap] =
          signed_value(layer.weights.bytes[tap * step.in.channels + channel], step.type) -
          zero_point;
      sum += weights[tap];
      sizes += weights[tap] < 0 ? -weights[tap] : weights[tap];
    }
    const channel_constants own = constants_of(step, layer, channel, sum);
    const auto its = !uses_dots<Isa>(step) && has_byte_weights(step) && !pairs_fit(weights)
                         ? requantization::general
                         : requantization_of(own.by, greatest_sum(own.bias, sizes));
    needed = its > needed ? its : needed;
    const std::int32_t biases = uses_dots<Isa>(step) ? 4 : 1;
    for (std::int32_t copy = 0; copy < biases; ++copy) {
      store(block + (copy * together + index) * 4, own.bias);
    }
    unsigned char* to = block + biases * together * 4;
    store(to + index * 4, own.by.mantissa);
    store(to + (together + index) * 4, own.by.shift);
    to += together * 8;
    if (uses_dots<Isa>(step)) {
      pack_dot_weights(weights, dot_vectors(step), to + index * 4);
    } else if (has_byte_weights(step)) {
      for (std::int32_t tap = 0; tap < 9; ++tap) {
        to[tap * together + index] = static_cast<unsigned char>(weights[tap]);
      }
    } else {
      for (std::int32_t tap = 0; tap < 9; ++tap) {
        store(to + (tap * together + index) * 2, static_cast<std::int16_t>(weights[tap]));
      }
    }
  }
  out[0] = static_cast<unsigned char>(needed);
}

} // namespace inlay::kernels::neon
