// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/gather.hpp>
#include <inlay/kernels/simd/sources.hpp>

namespace inlay::kernels::simd {

/// How many rows of a convolution are gathered at a time: as many as stay in the first-level cache,
/// or all of a small image.
template <class Arch>
constexpr int rows_at_a_time(const step::convolution& step) {
  // Many weights are not to be read for few pixels.
  const int most_bytes = (convolution_layout<Arch>(step).bytes() > 32 * 1024 ? 64 : 24) * 1024;
  const std::int64_t row_bytes =
      std::int64_t{step.out.width} * gather_numbers<Arch>(step).pixel_bytes;
  int taken = 1;
  for (int some = 1; some <= step.out.height && some * row_bytes <= most_bytes; ++some) {
    taken = step.out.height % some == 0 ? some : taken;
  }
  return taken;
}

template <class Arch>
constexpr std::size_t scratch_bytes_of(const step::convolution& step) {
  return static_cast<std::size_t>(rows_at_a_time<Arch>(step) *
                                  gather_numbers<Arch>(step).row_bytes);
}

/// CONV_2D and FULLY_CONNECTED, of any window. Some rows at a time are gathered (or read where they
/// lie), and go through the tiles of one group of output vectors after the other.
template <class Arch, step::convolution Step>
struct convolution {
  static constexpr step::convolution step = Step;
  using gathers = gathering<Arch, Step>;
  static constexpr packed_layout<Arch> layout = convolution_layout<Arch>(step);
  static constexpr std::int32_t factor = pixel_factor(step);

  static constexpr int rows = rows_at_a_time<Arch>(step);
  static constexpr int chunks = step.out.height / rows;
  static constexpr int pixels = rows * step.out.width;
  static constexpr tiling taken = choose_tiling<Arch>(1, pixels, layout.vectors, 1, factor != 0);
  static constexpr int vector_groups = divide_up(layout.vectors, taken.vectors);

  static constexpr std::size_t packed_bytes = static_cast<std::size_t>(layout.bytes());
  static constexpr std::size_t scratch_bytes = scratch_bytes_of<Arch>(step);
  /// Chunks of rows; where there is but one, groups of output channels.
  static constexpr std::int32_t units = chunks > 1 ? chunks : vector_groups;

  static constexpr void pack(layers constants, unsigned char* out) noexcept {
    pack_convolution<Arch>(step, constants[0], layout, out);
  }

  static void run(const arguments& given) noexcept {
    const part all{0, vector_groups};
    if constexpr (chunks > 1) {
      for (int chunk = given.units.first; chunk < given.units.last; ++chunk) {
        run_chunk(given, chunk, all);
      }
    } else {
      run_chunk(given, 0, given.units);
    }
  }

private:
  static void run_chunk(const arguments& given, int chunk, part groups) noexcept {
    constexpr finishing finish = finishing_of(step);
    constexpr matrix shape{layout.groups, step.out.channels, finish, factor, layout.narrow};
    constexpr int pixel_bytes = gathers::pixel_bytes, channels = step.out.channels;
    using source = image_source<1, 0, pixel_bytes, layout.groups>;
    using sink = image_sink<Arch, finish, step.type, 1, 0, channels>;
    const unsigned char* from = given.scratch;
    if constexpr (gathers::in_place) {
      from = given.inputs[0] + std::int64_t{chunk} * pixels * pixel_bytes;
    } else {
      for (int row = 0; row < rows; ++row) {
        gather_row<Arch, Step>(given.inputs[0], chunk * rows + row,
                               given.scratch + std::int64_t{row} * step.out.width * pixel_bytes);
      }
    }
    const sink to{given.output + std::int64_t{chunk} * pixels * channels};
    for (int group = groups.first; group < groups.last; ++group) {
      run_vectors<Arch, shape, source, sink, pixels, taken>(from, given.packed,
                                                            group * taken.vectors, to);
    }
  }
};

} // namespace inlay::kernels::simd
