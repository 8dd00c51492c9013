// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/architecture.hpp>
#include <inlay/lower/layer_constants.hpp>
#include <inlay/lower/steps.hpp>

#include <cstddef>

// The order of a convolution's constants in memory, and how they get there. All of it can run in
// constant expressions and on any machine.
//
// Numbers are signed inside the kernels: of uint8 models 128 is taken off inputs, weights, outputs
// and their zero points, which changes no sum.
//
// A layer is a header and blocks of `channels` output channels. A block holds 32-bit biases,
// multipliers and shifts, and the weights: for each `depth` inputs and each channel the weights
// that lie beside each other. Inputs are filled up to a multiple of 8 with zeros; where `depth` is
// 16, the last 8 stand alone.

namespace inlay::kernels::neon {

inline constexpr std::size_t header_bytes = 16;

constexpr std::int32_t round_up(std::int32_t value, std::int32_t to) {
  return (value + to - 1) / to * to;
}

/// What is taken off the numbers of a type to make them signed.
constexpr std::int32_t offset_of(element type) {
  return type == element::uint8 ? 128 : 0;
}

constexpr std::int32_t signed_value(unsigned char byte, element type) {
  return type == element::uint8 ? byte - 128 : static_cast<std::int8_t>(byte);
}

/// Inputs of one sum of a convolution, as the kernels have them.
constexpr std::int32_t depth_of(const step::convolution& step) {
  return round_up(step.window.kernel.height * step.window.kernel.width * step.in.channels, 8);
}

/// Where input `k` of pixel or channel `row` lies among `rows` of them.
template <class Isa>
constexpr std::int32_t place_in_block(std::int32_t row, std::int32_t rows, std::int32_t k,
                                      std::int32_t depth) {
  const std::int32_t begin = k / Isa::depth * Isa::depth;
  const std::int32_t width = depth - begin < Isa::depth ? depth - begin : Isa::depth;
  return begin * rows + row * width + (k - begin);
}

template <class Isa>
constexpr std::int32_t block_bytes(std::int32_t depth) {
  return Isa::channels * (12 * Isa::copies + depth);
}

template <class Isa>
constexpr std::size_t convolution_bytes(const step::convolution& step) {
  const std::int32_t blocks = round_up(step.out.channels, Isa::channels) / Isa::channels;
  return header_bytes + static_cast<std::size_t>(blocks) *
                            static_cast<std::size_t>(block_bytes<Isa>(depth_of(step)));
}

/// Whether multiply() is more than a high multiplication and a rounding shift right.
constexpr bool is_unusual(quantized_multiplier by) {
  return by.shift >= 0;
}

/// Bias, multiplier and shift of one channel.
struct channel_constants {
  std::int32_t bias = 0;
  quantized_multiplier by{};
};

/// @param weights_sum of the signed weights less their zero point
template <class Step>
constexpr channel_constants constants_of(const Step& step, const layer_constants& layer,
                                         std::int32_t channel, std::int32_t weights_sum) {
  const auto index = static_cast<std::size_t>(channel);
  const std::int32_t bias = layer.bias.empty() ? 0 : layer.bias.at<std::int32_t>(index);
  const std::int32_t zero_point = step.input_zero_point - offset_of(step.type);
  const auto shifted = static_cast<std::int32_t>(static_cast<std::uint32_t>(bias) -
                                                 static_cast<std::uint32_t>(zero_point) *
                                                     static_cast<std::uint32_t>(weights_sum));
  return {shifted, layer.scaling.multiplier(step.per_channel ? index : 0)};
}

/// Stores a channel's constants as element `index` of three arrays of `count` numbers.
constexpr void store_constants(const channel_constants& what, unsigned char* to, std::int32_t index,
                               std::int32_t count) {
  store(to + index * 4, what.bias);
  store(to + (count + index) * 4, what.by.mantissa);
  store(to + (2 * count + index) * 4, what.by.shift);
}

/// Packs a convolution. The header's first byte says whether it needs the general kernel: because a
/// multiplier is unusual, or because of the weight -128.
template <class Isa>
constexpr void pack_convolution(const step::convolution& step, const layer_constants& layer,
                                unsigned char* out) {
  const std::int32_t inputs =
      step.window.kernel.height * step.window.kernel.width * step.in.channels;
  const std::int32_t depth = depth_of(step);
  const std::int32_t zero_point = step.weights_zero_point - offset_of(step.type);
  constexpr std::int32_t constants = Isa::channels * Isa::copies;
  bool general = false;
  unsigned char* block = out + header_bytes;
  for (std::int32_t first = 0; first < step.out.channels; first += Isa::channels) {
    unsigned char* weights = block + constants * 12;
    for (std::int32_t c = 0; c < Isa::channels; ++c) {
      channel_constants own;
      own.by.shift = -1;
      const bool exists = first + c < step.out.channels;
      const unsigned char* from = layer.weights.bytes + std::int64_t{first + c} * inputs;
      std::int32_t sum = 0;
      for (std::int32_t k = 0; k < depth; ++k) {
        const std::int32_t weight = exists && k < inputs ? signed_value(from[k], step.type) : 0;
        sum += exists && k < inputs ? weight - zero_point : 0;
        general = general || (Isa::fears_lowest_weight && weight == -128);
        weights[place_in_block<Isa>(c, Isa::channels, k, depth)] =
            static_cast<unsigned char>(weight);
      }
      if (exists) {
        own = constants_of(step, layer, first + c, sum);
        general = general || is_unusual(own.by);
      }
      for (std::int32_t copy = 0; copy < Isa::copies; ++copy) {
        const std::int32_t index =
            Isa::copies == 1 ? c : c / 2 * 4 + copy * 2 + c % 2; // two channels, twice
        store_constants(own, block, index, constants);
      }
    }
    block += block_bytes<Isa>(depth);
  }
  out[0] = general ? 1 : 0;
}

} // namespace inlay::kernels::neon
