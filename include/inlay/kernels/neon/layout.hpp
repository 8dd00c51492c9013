// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/architecture.hpp>
#include <inlay/lower/layer_constants.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/numerics/divide_up.hpp>

#include <cstddef>

// The order of a convolution's constants in memory. All of it can run in constant expressions and
// on any machine; convolution_packing.hpp writes them.
//
// Numbers are signed inside the kernels: of uint8 models 128 is taken off inputs, weights, outputs
// and their zero points, which changes no sum.
//
// A layer is a header and blocks of `channels` output channels. A block holds 32-bit biases, the
// weights, and 32-bit multipliers and shifts, in the order in which a kernel reads them: biases are
// before or behind the weights. For each `depth` inputs and each channel the weights lie beside
// each other. Inputs are filled up to a multiple of 8 with zeros; where `depth` is 16, the last 8
// stand alone. input_pairs says how blocks of 16 inputs may lie in pairs.

namespace inlay::kernels::neon {

inline constexpr std::size_t header_bytes = 16;

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

/// Two blocks of 16 inputs of a convolution, of which four products at a time may be added in 16
/// bits if the weights are small enough. That differs from block to block of channels, so the pairs
/// that are not come first, and each is preceded by where its inputs are. Sums begin with an odd
/// block, or else with the first pair as if it were not. The weights begin with two numbers: how
/// many of the other pairs are not, and how many are.
template <class Isa>
struct input_pairs {
  static constexpr std::int32_t counts_bytes = 8;
  static constexpr std::int32_t place_bytes = 8;
  static constexpr std::int32_t bytes = place_bytes + 32 * Isa::channels;

  std::int32_t count = 0;
  /// Inputs before the pairs.
  std::int32_t single = 0;

  constexpr explicit input_pairs(std::int32_t depth) {
    constexpr std::int32_t least = 6; // of fewer blocks the places take more than is saved
    if (Isa::adds_four && depth / 16 >= least) {
      count = depth / 32;
      single = depth / 16 % 2 * 16;
    }
  }

  /// Bytes of a block's weights besides the weights.
  [[nodiscard]] constexpr std::int32_t more_bytes() const {
    return count > 0 ? counts_bytes + count * place_bytes : 0;
  }
  /// Where a pair begins in the weights.
  [[nodiscard]] constexpr std::int32_t place(std::int32_t pair) const {
    return counts_bytes + single * Isa::channels + pair * bytes;
  }
};

/// Where the weights of channel `c` from input `k` on lie, the first of a group of Isa::depth.
template <class Isa>
constexpr std::int32_t place_in_block(std::int32_t c, std::int32_t k, std::int32_t depth) {
  const input_pairs<Isa> pairs(depth);
  const std::int32_t width = depth - k < Isa::depth ? depth - k : Isa::depth;
  if (pairs.count == 0) {
    return k * Isa::channels + c * width;
  }
  const std::int32_t paired = k - pairs.single;
  if (paired < 0) {
    return input_pairs<Isa>::counts_bytes + c * width;
  }
  if (paired >= pairs.count * 32) {
    return pairs.place(pairs.count) + c * width;
  }
  return pairs.place(paired / 32) + input_pairs<Isa>::place_bytes + (2 * c + paired % 32 / 16) * 16;
}

template <class Isa>
constexpr std::int32_t weights_bytes(std::int32_t depth) {
  return Isa::channels * depth + input_pairs<Isa>(depth).more_bytes();
}

template <class Isa>
constexpr std::int32_t block_bytes(std::int32_t depth) {
  return Isa::channels * (4 * Isa::bias_copies + 8 * Isa::copies) + weights_bytes<Isa>(depth);
}

/// Where the parts of a block begin.
template <class Isa>
struct block_parts {
  static constexpr std::int32_t bias_bytes = Isa::channels * Isa::bias_copies * 4;
  std::int32_t bias;
  std::int32_t weights;
  std::int32_t multipliers;
  std::int32_t shifts;

  constexpr explicit block_parts(std::int32_t depth)
      : bias(Isa::dots ? 0 : weights_bytes<Isa>(depth)), weights(Isa::dots ? bias_bytes : 0),
        multipliers(bias_bytes + weights_bytes<Isa>(depth)),
        shifts(multipliers + Isa::channels * Isa::copies * 4) {}
};

template <class Isa>
constexpr std::size_t convolution_bytes(const step::convolution& step) {
  const std::int32_t blocks = divide_up(step.out.channels, Isa::channels);
  return header_bytes + static_cast<std::size_t>(blocks) *
                            static_cast<std::size_t>(block_bytes<Isa>(depth_of(step)));
}

/// What the kernel of a layer must be able to do; a layer's is the greatest of its channels'.
enum class requantization : unsigned char {
  /// Results have at most 16 bits before the zero point is added.
  narrow,
  /// Results of any size.
  wide,
  /// Any multiplier and any weight.
  general
};

/// @param greatest of the sums' absolute values
constexpr requantization requantization_of(quantized_multiplier by, std::int64_t greatest) {
  if (by.shift >= 0 || greatest >= std::int64_t{1} << 31) {
    return requantization::general;
  }
  return (greatest * by.mantissa >> 31 >> -by.shift) < 32767 ? requantization::narrow
                                                             : requantization::wide;
}

/// The greatest absolute value of a channel's sum: with any inputs, and any part of them.
/// @param weights sum of absolute values of what the inputs are multiplied by
constexpr std::int64_t greatest_sum(std::int32_t bias, std::int64_t weights) {
  return (bias < 0 ? -std::int64_t{bias} : std::int64_t{bias}) + 128 * weights;
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

} // namespace inlay::kernels::neon
