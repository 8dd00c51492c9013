// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/neon/convolution_packing.hpp>
#include <inlay/kernels/neon/depthwise_layout.hpp>

namespace inlay::kernels::neon {

/// Where the constants of a block's layers begin.
template <class Isa>
struct block_places {
  std::size_t depthwise = 0;
  std::size_t projection = 0;
  std::size_t end = 0;

  constexpr explicit block_places(const step::inverted_residual& block)
      : depthwise(block.expands ? up(convolution_bytes<Isa>(block.expansion)) : 0),
        projection(depthwise + up(depthwise_bytes<Isa>(block.depthwise))),
        end(projection + up(convolution_bytes<Isa>(block.projection))) {}

private:
  static constexpr std::size_t up(std::size_t bytes) { return (bytes + 63) / 64 * 64; }
};

template <class Isa>
constexpr void pack_block(const step::inverted_residual& block, kernels::layers constants,
                          unsigned char* out) {
  const block_places<Isa> at(block);
  if (block.expands) {
    pack_convolution<Isa>(block.expansion, constants[0], out);
  }
  pack_depthwise<Isa>(block.depthwise, constants[block.expands ? 1 : 0], out + at.depthwise);
  pack_convolution<Isa>(block.projection, constants[block.expands ? 2 : 1], out + at.projection);
}

} // namespace inlay::kernels::neon
