// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/add.hpp>
#include <inlay/kernels/simd/block_numbers.hpp>
#include <inlay/kernels/simd/sources.hpp>

namespace inlay::kernels::simd {

/// Expansion (or any convolution), depthwise and projection, and ADD of the block's input, by the
/// rows of a quad: the expansion fills the next quad of a ring of two, one group of vectors at a
/// time; the depthwise convolution of these vectors reads both quads; the projection then reads
/// all of its planes. A unit is the output rows of one quad.
template <class Arch, step::inverted_residual Step>
struct inverted_residual {
  static constexpr step::inverted_residual block = Step;
  static constexpr step::convolution expansion = Step.expansion;
  static constexpr step::depthwise_convolution depthwise = Step.depthwise;
  static constexpr step::convolution projection = Step.projection;
  static constexpr bool expands = Step.expands;
  static constexpr bool adds = Step.adds;
  using numbers = quads<Arch, depthwise>;
  using gathers = gathering<Arch, expansion>;

  static constexpr int plane_bytes = numbers::column_groups * 4 * Arch::lanes * Arch::slices;
  static constexpr packed_layout<Arch> expansion_layout =
      expands ? convolution_layout<Arch>(expansion) : packed_layout<Arch>{};
  static constexpr packed_layout<Arch> projection_layout =
      convolution_layout<Arch>(projection, Arch::lanes / 4);
  static constexpr int depthwise_at = expansion_layout.bytes();
  static constexpr int projection_at = depthwise_at + numbers::layout.bytes();

  static constexpr int sum_at = projection_at + projection_layout.bytes();

  static constexpr std::size_t packed_bytes =
      static_cast<std::size_t>(sum_at + (adds ? addition_bytes : 0));
  static constexpr int above = rows_above<Arch>(Step);
  static constexpr int total = divide_up(projection.out.height + above, numbers::rows);
  static constexpr std::int32_t units = total;

  static constexpr block_memory<Arch> memory{Step};
  static constexpr bool expands_whole = memory.expands_whole;
  static constexpr std::int64_t planes_at = memory.planes_at;
  static constexpr std::int64_t rows_at = memory.rows_at;
  static constexpr std::size_t scratch_bytes = memory.bytes;

  static constexpr void pack(layers constants, unsigned char* out) noexcept {
    if constexpr (expands) {
      pack_convolution<Arch>(expansion, constants[0], expansion_layout, out);
    }
    numbers::pack(constants[expands ? 1 : 0], out + depthwise_at);
    pack_convolution<Arch>(projection, constants[expands ? 2 : 1], projection_layout,
                           out + projection_at);
    if constexpr (adds) {
      constexpr auto sum = block.sum;
      pack_addition<Arch, sum>(out + sum_at);
    }
  }

  static void run(const arguments& given) noexcept {
    unsigned char* const ring[2] = {given.scratch, given.scratch + numbers::quad_bytes};
    fill_padding<Arch, depthwise>(ring[0]);
    fill_padding<Arch, depthwise>(ring[1]);
    const int first = given.units.first;
    if constexpr (expands) {
      gather_quad(given, first, 4);
      for (int group = 0; group < expansion_groups; ++group) {
        expand(given, first, group, 4, ring[first % 2]);
      }
    } else {
      interleave_quad<Arch, depthwise>(given.inputs[0], first, ring[first % 2]);
    }
    for (int quad = first; quad < given.units.last; ++quad) {
      const unsigned char* const current = ring[quad % 2];
      unsigned char* const next = ring[(quad + 1) % 2];
      if constexpr (expands) {
        // The part's last output rows read but the first rows of the next quad.
        const int rows = quad + 1 < given.units.last ? 4 : numbers::rows_of_next;
        gather_quad(given, quad + 1, rows);
        for (int group = 0; group < expansion_groups; ++group) {
          expand(given, quad + 1, group, rows, next);
          if constexpr (!expands_whole) {
            run_depthwise(given, current, next, group * expansion_vectors,
                          (group + 1) * expansion_vectors);
          }
        }
        if constexpr (expands_whole) {
          run_depthwise(given, current, next, 0, numbers::vectors);
        }
      } else {
        interleave_quad<Arch, depthwise>(given.inputs[0], quad + 1, next);
        run_depthwise(given, current, next, 0, numbers::vectors);
      }
      project_quad(given, quad);
    }
  }

private:
  static constexpr std::int32_t expansion_factor = expands ? pixel_factor(expansion) : 0;
  static constexpr tiling expansion_tiling = choose_tiling<Arch>(
      4, expansion.out.width, expansion_layout.vectors, 1, expansion_factor != 0);
  static constexpr int expansion_vectors = expansion_tiling.vectors;
  static constexpr int expansion_groups = divide_up(expansion_layout.vectors, expansion_vectors);

  /// How many rows of the first quad lie above the image.
  static constexpr int rows_before =
      depthwise.window.padding_top + above * depthwise.window.stride.height;

  /// The rows of a quad that lie in the image: [first, last) of four.
  static constexpr part rows_of(int quad) noexcept {
    const int top = 4 * quad - rows_before;
    const int last = depthwise.in.height - top;
    return {top < 0 ? -top : 0, last < 0 ? 0 : last > 4 ? 4 : last};
  }

  static void gather_quad(const arguments& given, int quad, int most) noexcept {
    if constexpr (!gathers::in_place) {
      const part rows = rows_of(quad);
      for (int row = rows.first; row < rows.last && row < most; ++row) {
        gather_row<Arch, expansion>(given.inputs[0], 4 * quad - rows_before + row,
                                    given.scratch + rows_at +
                                        std::int64_t{row} * gathers::bytes(1));
      }
    }
  }

  /// Expands one group of vectors of a quad: all rows, or those that the last output rows of the
  /// quad before it read.
  static void expand(const arguments& given, int quad, int group, int rows,
                     unsigned char* to) noexcept {
    // Quads at the ends of the image have fewer rows, how many is known.
    constexpr part top = rows_of(0);
    constexpr int whole_end = (depthwise.in.height + rows_before) / 4;
    constexpr part bottom = rows_of(whole_end);
    const int vector = group * expansion_vectors;
    if (rows_of(quad).first >= rows_of(quad).last) {
      const int end = vector + expansion_vectors < numbers::vectors ? vector + expansion_vectors
                                                                    : numbers::vectors;
      std::memset(to + std::int64_t{vector} * numbers::plane_bytes, numbers::zero,
                  static_cast<std::size_t>((end - vector) * numbers::plane_bytes));
      return;
    }
    if constexpr (top.first > 0 || top.last < 4) {
      if (quad == 0) {
        expand_rows<top.first, top.last - top.first>(given, quad, vector, to);
        return;
      }
    }
    if constexpr (whole_end > 0 && bottom.last > bottom.first && bottom.last < 4) {
      if (quad == whole_end) {
        expand_rows<bottom.first, bottom.last - bottom.first>(given, quad, vector, to);
        return;
      }
    }
    if constexpr (whole_end > 0) {
      constexpr int fewer = numbers::rows_of_next;
      if constexpr (fewer > 0) {
        if (rows == fewer) {
          expand_rows<0, fewer>(given, quad, vector, to);
          return;
        }
      }
      expand_rows<0, 4>(given, quad, vector, to);
    }
  }

  template <int First, int Rows>
  static void expand_rows(const arguments& given, int quad, int vector,
                          unsigned char* to) noexcept {
    constexpr finishing finish = finishing_of(expansion);
    constexpr matrix shape{expansion_layout.groups, expansion.out.channels, finish,
                           expansion_factor, expansion_layout.narrow};
    constexpr int width = expansion.out.width;
    constexpr int row_bytes = width * gathers::pixel_bytes;
    constexpr int pixel_bytes = gathers::pixel_bytes, quad_plane_bytes = numbers::plane_bytes;
    constexpr int zero = numbers::zero;
    using source = image_source<Rows, row_bytes, pixel_bytes, expansion_layout.groups>;
    using sink = quad_sink<Arch, finish, First, Rows, quad_plane_bytes, zero>;
    const unsigned char* from = given.scratch + rows_at + First * row_bytes;
    if constexpr (gathers::in_place) {
      from = given.inputs[0] + std::int64_t{4 * quad - rows_before + First} * row_bytes;
    }
    run_vectors<Arch, shape, source, sink, width, expansion_tiling>(
        from, given.packed, vector,
        sink{to + depthwise.window.padding_left * numbers::dword_bytes});
  }

  /// Writes four pixels of one vector of channels, as planes_source reads them.
  struct planes_sink {
    unsigned char* to;
    [[gnu::always_inline]] void put(int column,
                                    const typename Arch::ints (&levels)[4]) const noexcept {
      constexpr finishing finish = finishing_of(depthwise);
      unsigned char* const at = to + column * (numbers::rows * Arch::lanes * Arch::slices);
      if constexpr (Arch::slices == 1) {
        Arch::store(at, narrow<Arch, finish>(levels[0], levels[1], levels[2], levels[3]));
      } else {
        constexpr int low = finish.narrower() ? finish.clamp.low - finish.lowest : 0;
        constexpr int high = finish.narrower() ? finish.clamp.high - finish.lowest : 255;
        Arch::template store_levels<low, high>(at, levels[0], levels[1]);
        Arch::template store_levels<low, high>(at + 4 * Arch::lanes, levels[2], levels[3]);
      }
    }
  };

  static void run_depthwise(const arguments& given, const unsigned char* current,
                            const unsigned char* next, int first, int last) noexcept {
    last = last < numbers::vectors ? last : numbers::vectors;
    for (int vector = first; vector < last; ++vector) {
      depthwise_vector<Arch, depthwise>(
          current, next, given.packed + depthwise_at, vector,
          planes_sink{given.scratch + planes_at + std::int64_t{vector} * plane_bytes});
    }
  }

  static void project_quad(const arguments& given, int quad) noexcept {
    constexpr int rows = numbers::rows;
    constexpr int last_rows = projection.out.height + above - (total - 1) * rows;
    if constexpr (above > 0) {
      if (quad == 0) {
        project<above, rows - above>(given, quad);
        return;
      }
    }
    if (last_rows == rows || quad < total - 1) {
      project<0, rows>(given, quad);
    } else {
      project<0, last_rows>(given, quad);
    }
  }

  template <int First, int Rows>
  static void project(const arguments& given, int quad) noexcept {
    constexpr finishing finish = finishing_of(projection);
    constexpr std::int32_t factor = pixel_factor(projection);
    constexpr matrix shape{projection_layout.groups, projection.out.channels, finish, factor,
                           projection_layout.narrow};
    constexpr int channels = projection.out.channels, width = projection.out.width;
    constexpr int row_bytes = width * channels, stored_rows = numbers::rows;
    constexpr int own_plane_bytes = plane_bytes, planes = numbers::vectors;
    constexpr tiling taken =
        choose_tiling<Arch>(Rows, width, projection_layout.vectors, numbers::columns, factor != 0);
    using stored = planes_source<Arch, stored_rows, First, Rows, planes, own_plane_bytes>;
    constexpr int read_from = stored::is_shifted ? 0 : First;
    using source = planes_source<Arch, stored_rows, read_from, Rows, planes, own_plane_bytes>;
    const unsigned char* const from =
        given.scratch + planes_at + (stored::is_shifted ? stored::offset(0) : 0);
    using sink = image_sink<Arch, finish, projection.type, Rows, row_bytes, channels>;
    const std::int64_t offset = std::int64_t{quad * numbers::rows - above + First} * row_bytes;
    for (int vector = 0; vector < projection_layout.vectors; vector += taken.vectors) {
      run_vectors<Arch, shape, source, sink, width, taken>(from, given.packed + projection_at,
                                                           vector, sink{given.output + offset});
    }
    if constexpr (adds) {
      unsigned char* const sums = given.output + offset;
      constexpr auto sum = block.sum;
      add_elements<Arch, sum>(sums, given.inputs[0] + offset, sums, Rows * row_bytes,
                              given.packed + sum_at);
    }
  }
};

} // namespace inlay::kernels::simd
