// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/neon/panels.hpp>
#include <inlay/kernels/neon/tile_dotprod.hpp>
#include <inlay/kernels/neon/tile_i8mm.hpp>
#include <inlay/kernels/neon/tile_neon.hpp>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// One tile of pixels against all blocks of channels.
template <class Isa, std::int32_t Pixels, tile_shape Shape>
[[gnu::always_inline]] inline void all_channels(tile_place at, std::int32_t channels,
                                                output_numbers numbers) noexcept {
  for (std::int32_t blocks = channels / Isa::channels; blocks > 0; --blocks) {
    tile<Isa, Pixels, Shape> sums;
    sums.add_up(at);
    sums.template store<true>(at, numbers);
  }
  at.channels = channels % Isa::channels;
  if (at.channels > 0) [[unlikely]] {
    tile<Isa, Pixels, Shape> sums;
    sums.add_up(at);
    sums.template store<false>(at, numbers);
  }
}

/// What a convolution of pixels works on.
struct pixel_run {
  const std::int8_t* panels = nullptr;
  const std::int32_t* pixel_sums = nullptr;
  const unsigned char* blocks = nullptr;
  unsigned char* output = nullptr;
  std::int32_t channels = 0;
};

/// `tiles` tiles of Isa::pixels, then one of Rest.
template <class Isa, std::int32_t Rest, tile_shape Shape>
[[gnu::noinline]] inline void convolve(const pixel_run& given, std::int32_t tiles,
                                       output_numbers numbers) noexcept {
  tile_place at{.panel = given.panels,
                .pixel_sums = given.pixel_sums,
                .block = given.blocks,
                .output = given.output};
  const auto place = [&](std::int32_t pixel) __attribute__((always_inline)) {
    at.panel = given.panels + pixel / panel_pixels * panel_pixels * Shape.depth;
    at.slot = pixel % panel_pixels;
    at.output = given.output + std::int64_t{pixel} * Shape.stride;
    if constexpr (Shape.form.sums) {
      at.pixel_sums = given.pixel_sums + pixel;
    }
  };
  for (std::int32_t i = 0; i < tiles; ++i) {
    place(i * Isa::pixels);
    all_channels<Isa, Isa::pixels, Shape>(at, given.channels, numbers);
  }
  if constexpr (Rest > 0) {
    place(tiles * Isa::pixels);
    all_channels<Isa, Rest, Shape>(at, given.channels, numbers);
  }
}

} // namespace inlay::kernels::neon
#endif
