// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/layout.hpp>

// How a convolution's constants get into the order of layout.hpp.

namespace inlay::kernels::neon {

/// Stores a number of channel `c` of a block `copies` times, out of Isa::channels * copies: SMMLA
/// sums two channels of two pixels in a vector, other sums are of one pixel.
template <class Isa>
constexpr void store_copies(std::int32_t number, unsigned char* to, std::int32_t c,
                            std::int32_t copies) {
  for (std::int32_t copy = 0; copy < copies; ++copy) {
    const std::int32_t index =
        Isa::copies == 1 ? copy * Isa::channels + c : c / 2 * 4 + copy * 2 + c % 2;
    store(to + index * 4, number);
  }
}

/// Packs one channel's weights, `depth` of which `inputs` exist.
/// @return their sum and the sum of their absolute values; whether -128 is among them
struct packed_weights {
  std::int32_t sum = 0;
  std::int32_t sizes = 0;
  bool has_lowest = false;
};
template <class Isa>
constexpr packed_weights pack_channel(const unsigned char* from, std::int32_t inputs,
                                      std::int32_t depth, element type, std::int32_t channel,
                                      unsigned char* to) {
  packed_weights found;
  const std::int32_t flipped = type == element::uint8 ? 128 : 0;
  for (std::int32_t begin = 0; begin < depth; begin += Isa::depth) {
    unsigned char* place = to + place_in_block<Isa>(channel, begin, depth);
    const std::int32_t width = depth - begin < Isa::depth ? depth - begin : Isa::depth;
    const std::int32_t taken = inputs - begin < width ? inputs - begin : width;
    for (std::int32_t k = 0; k < width; ++k) {
      place[k] = 0;
      if (k < taken) {
        const auto byte = static_cast<unsigned char>(from[begin + k] ^ flipped);
        const std::int32_t weight = static_cast<std::int8_t>(byte);
        place[k] = byte;
        found.sum += weight;
        found.sizes += weight < 0 ? -weight : weight;
        found.has_lowest = found.has_lowest || weight == -128;
      }
    }
  }
  return found;
}

/// Whether sums of four products of a pair of blocks have 16 bits for all channels.
/// @param weights of the pair: for each channel 16 of the first block, then of the second
template <class Isa>
constexpr bool four_fit(const unsigned char* weights) {
  const auto size = [&](std::int32_t at) {
    const std::int32_t weight = static_cast<std::int8_t>(weights[at]);
    return weight < 0 ? -weight : weight;
  };
  constexpr std::int32_t greatest = 32767 / 128;
  for (std::int32_t c = 0; c < Isa::channels; ++c) {
    for (std::int32_t i = 32 * c; i < 32 * c + 8; ++i) {
      if (size(i) + size(i + 8) + size(i + 16) + size(i + 24) > greatest) {
        return false;
      }
    }
  }
  return true;
}

/// Brings the pairs of a block's packed weights into their order and writes what they begin with.
template <class Isa>
constexpr void order_pairs(unsigned char* weights, std::int32_t depth) {
  using pairs_type = input_pairs<Isa>;
  const pairs_type pairs(depth);
  if (pairs.count == 0) {
    return;
  }
  constexpr std::int32_t panel_block = 16 * panel_pixels;
  std::int32_t wide = 0; // pairs that are too large
  for (std::int32_t i = 0; i < pairs.count; ++i) {
    unsigned char* own = weights + pairs.place(i);
    store(own, (pairs.single / 16 + 2 * i) * panel_block);
    store(own + 4, std::int32_t{0});
    if (!four_fit<Isa>(own + pairs_type::place_bytes)) {
      unsigned char* other = weights + pairs.place(wide);
      for (std::int32_t k = 0; k < pairs_type::bytes && other != own; ++k) {
        const unsigned char byte = own[k];
        own[k] = other[k];
        other[k] = byte;
      }
      ++wide;
    }
  }
  const std::int32_t four = pairs.count - wide;
  const bool begins = pairs.single == 0;
  store(weights, begins && wide > 0 ? wide - 1 : wide);
  store(weights + 4, begins && wide == 0 ? four - 1 : four);
}

/// Packs a convolution. The header's first byte is its requantization.
template <class Isa>
constexpr void pack_convolution(const step::convolution& step, const layer_constants& layer,
                                unsigned char* out) {
  const std::int32_t inputs =
      step.window.kernel.height * step.window.kernel.width * step.in.channels;
  const std::int32_t depth = depth_of(step);
  const std::int32_t zero_point = step.weights_zero_point - offset_of(step.type);
  const block_parts<Isa> parts(depth);
  auto needed = requantization::narrow;
  unsigned char* block = out + header_bytes;
  for (std::int32_t first = 0; first < step.out.channels; first += Isa::channels) {
    for (std::int32_t c = 0; c < Isa::channels; ++c) {
      const std::int32_t taken = first + c < step.out.channels ? inputs : 0;
      const packed_weights weights =
          pack_channel<Isa>(layer.weights.bytes + std::int64_t{first + c} * taken, taken, depth,
                            step.type, c, block + parts.weights);
      channel_constants own;
      own.by.shift = -1;
      if (taken > 0) {
        own = constants_of(step, layer, first + c, weights.sum - inputs * zero_point);
        const std::int32_t offset = zero_point < 0 ? -zero_point : zero_point;
        const auto its = Isa::fears_lowest_weight && weights.has_lowest
                             ? requantization::general
                             : requantization_of(
                                   own.by, greatest_sum(own.bias, weights.sizes + inputs * offset));
        needed = its > needed ? its : needed;
      }
      store_copies<Isa>(own.bias, block + parts.bias, c, Isa::bias_copies);
      store_copies<Isa>(own.by.mantissa, block + parts.multipliers, c, Isa::copies);
      store_copies<Isa>(own.by.shift, block + parts.shifts, c, Isa::copies);
    }
    order_pairs<Isa>(block + parts.weights, depth);
    block += block_bytes<Isa>(depth);
  }
  out[0] = static_cast<unsigned char>(needed);
}

} // namespace inlay::kernels::neon
