// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/depthwise.hpp>

namespace inlay::kernels::simd {

/// DEPTHWISE_CONV_2D on its own. A unit is the output rows of one quad.
template <class Arch, step::depthwise_convolution Step>
struct depthwise_convolution {
  static constexpr step::depthwise_convolution step = Step;
  using numbers = quads<Arch, Step>;

  static constexpr std::size_t packed_bytes = static_cast<std::size_t>(numbers::layout.bytes());
  static constexpr std::size_t scratch_bytes = static_cast<std::size_t>(2 * numbers::quad_bytes);
  static constexpr std::int32_t units = numbers::total;

  static constexpr void pack(layers constants, unsigned char* out) noexcept {
    numbers::pack(constants[0], out);
  }

  static void run(const arguments& given) noexcept {
    unsigned char* const ring[2] = {given.scratch, given.scratch + numbers::quad_bytes};
    fill_padding<Arch, Step>(ring[0]);
    fill_padding<Arch, Step>(ring[1]);
    interleave_quad<Arch, Step>(given.inputs[0], given.units.first, ring[given.units.first % 2]);
    for (int quad = given.units.first; quad < given.units.last; ++quad) {
      const unsigned char* const current = ring[quad % 2];
      unsigned char* const next = ring[(quad + 1) % 2];
      interleave_quad<Arch, Step>(given.inputs[0], quad + 1, next);
      for (int vector = 0; vector < numbers::vectors - 1; ++vector) {
        run_plane<Arch::lanes>(given, current, next, quad, vector);
      }
      run_plane<step.out.channels - (numbers::vectors - 1) * Arch::lanes>(
          given, current, next, quad, numbers::vectors - 1);
    }
  }

private:
  /// Writes four pixels as the tensor has them, but none outside of the image.
  template <int Channels>
  struct sink {
    unsigned char* to;
    int rows;

    [[gnu::always_inline]] void put(int column,
                                    const typename Arch::ints (&levels)[4]) const noexcept {
      constexpr std::int64_t row_bytes = std::int64_t{step.out.width} * step.out.channels;
      constexpr finishing finish = finishing_of(Step);
      auto bytes = narrow<Arch, finish>(levels[0], levels[1], levels[2], levels[3]);
      if constexpr (step.type == element::int8) {
        bytes ^= 0x80;
      }
      const auto pixels = Arch::transpose(bytes);
      unroll<4>([&](auto i) __attribute__((always_inline)) {
        constexpr int row = i % numbers::rows, right = i / numbers::rows;
        if (row < rows && column + right < step.out.width) {
          Arch::template store_row<i, Channels>(
              pixels, to + row * row_bytes + std::int64_t{column + right} * step.out.channels);
        }
      });
    }
  };

  template <int Channels>
  static void run_plane(const arguments& given, const unsigned char* current,
                        const unsigned char* next, int quad, int vector) noexcept {
    const int y = quad * numbers::rows;
    const std::int64_t offset =
        std::int64_t{y} * step.out.width * step.out.channels + vector * Arch::lanes;
    const int rows = step.out.height - y < numbers::rows ? step.out.height - y : numbers::rows;
    depthwise_vector<Arch, Step>(current, next, given.packed, vector,
                                 sink<Channels>{given.output + offset, rows});
  }
};

} // namespace inlay::kernels::simd
