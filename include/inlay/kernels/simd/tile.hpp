// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/packing.hpp>
#include <inlay/kernels/simd/tiling.hpp>

// The register tile: some pixels times some vectors of output channels, whose sums stay in
// registers for the whole depth and are requantized there.

namespace inlay::kernels::simd {

/// What turns the sums of a layer into bytes, besides the constants of its channels.
struct finishing {
  std::int32_t zero_point = 0;
  value_range clamp{};
  std::int32_t lowest = 0;

  /// Whether the form in floats counts outputs from the zero point; see float_requantization.
  [[nodiscard]] constexpr bool has_two_sides() const { return clamp.low < zero_point; }
  [[nodiscard]] constexpr bool narrower() const {
    return clamp.low > lowest || clamp.high < lowest + 255;
  }
};
template <class Kernel>
constexpr finishing finishing_of(const Kernel& step) {
  return {step.output_zero_point, step.clamp, lowest_of(step.type)};
}

/// The head of a vector's block: see pack_head.
template <class Arch>
struct channel_constants {
  typename Arch::ints start, second, third;

  [[gnu::always_inline]] explicit channel_constants(const unsigned char* block) noexcept
      : start(Arch::load(block)), second(Arch::load(block + 4 * Arch::lanes)),
        third(Arch::load(block + 8 * Arch::lanes)) {}
};

/// A vector of sums becomes levels, which narrow() is yet to limit to [0, 255].
template <class Arch, finishing Finish, form How>
[[gnu::always_inline]] inline typename Arch::ints
to_level(typename Arch::ints sum, const channel_constants<Arch>& constants) noexcept {
  using floats = typename Arch::floats;
  constexpr finishing finish = Finish;
  constexpr std::int32_t zero_point = finish.zero_point, lowest = finish.lowest;
  if constexpr (How == form::integers) {
    constexpr std::int32_t low = finish.clamp.low, high = finish.clamp.high;
    return Arch::clamp(Arch::multiply(sum, constants.second, constants.third) + zero_point, low,
                       high) -
           lowest;
  } else {
    const floats real = Arch::to_floats(sum);
    const auto scale = reinterpret_cast<floats>(constants.second);
    const auto offset = reinterpret_cast<floats>(constants.third);
    if constexpr (finish.has_two_sides()) {
      constexpr std::int32_t origin = zero_point - lowest;
      return Arch::to_ints(Arch::multiply_add(real, scale, Arch::with_sign(offset, real))) + origin;
    } else {
      return Arch::to_ints(Arch::multiply_add(real, scale, offset));
    }
  }
}

/// The sums of some vectors, `pixels` of each, in whichever form each vector has. Rarely needed,
/// and so in memory: it takes no registers from the tiles.
template <class Arch, finishing Finish>
[[gnu::noinline]] void to_levels_in_memory(typename Arch::ints* sums, int vectors, int pixels,
                                           const unsigned char* block, int block_bytes,
                                           const unsigned char* forms) noexcept {
  for (int vector = 0; vector < vectors; ++vector, block += block_bytes) {
    const channel_constants<Arch> constants(block);
    const bool floats = static_cast<form>(forms[vector]) == form::floats;
    for (int pixel = 0; pixel < pixels; ++pixel, ++sums) {
      *sums = floats ? to_level<Arch, Finish, form::floats>(*sums, constants)
                     : to_level<Arch, Finish, form::integers>(*sums, constants);
    }
  }
}

/// The sums of a tile become levels.
template <class Arch, finishing Finish, int BlockBytes, std::size_t Vectors, std::size_t Pixels>
[[gnu::always_inline]] inline void to_levels(typename Arch::ints (&sums)[Vectors][Pixels],
                                             const unsigned char* block,
                                             const unsigned char* forms) noexcept {
  using ints = typename Arch::ints;
  bool all_floats = true;
  unroll<Vectors>([&](int v) __attribute__((always_inline)) {
    all_floats = all_floats && static_cast<form>(forms[v]) == form::floats;
  });
  if (all_floats) [[likely]] {
    unroll<Vectors>([&](auto v) __attribute__((always_inline)) {
      const channel_constants<Arch> constants(block + v * BlockBytes);
      unroll<Pixels>([&](int p) __attribute__((always_inline)) {
        sums[v][p] = to_level<Arch, Finish, form::floats>(sums[v][p], constants);
      });
    });
    return;
  }
  constexpr int pixels = static_cast<int>(Pixels), all = static_cast<int>(Vectors) * pixels;
  ints stored[Vectors][Pixels];
  unroll<all>([&](int i) __attribute__((always_inline)) {
    stored[i / pixels][i % pixels] = sums[i / pixels][i % pixels];
  });
  to_levels_in_memory<Arch, Finish>(&stored[0][0], Vectors, Pixels, block, BlockBytes, forms);
  unroll<all>([&](int i) __attribute__((always_inline)) {
    sums[i / pixels][i % pixels] = stored[i / pixels][i % pixels];
  });
}

/// Four vectors of levels as bytes within the clamp.
template <class Arch, finishing Finish>
[[gnu::always_inline]] inline typename Arch::bytes
narrow(typename Arch::ints a, typename Arch::ints b, typename Arch::ints c,
       typename Arch::ints d) noexcept {
  constexpr finishing finish = Finish;
  const auto bytes = Arch::narrow(a, b, c, d);
  if constexpr (finish.narrower()) {
    constexpr auto low = static_cast<unsigned char>(finish.clamp.low - finish.lowest);
    constexpr auto high = static_cast<unsigned char>(finish.clamp.high - finish.lowest);
    return Arch::clamp_bytes(bytes, low, high);
  } else {
    return bytes;
  }
}

/// What the tiles of a convolution have in common.
struct matrix {
  int groups = 0;
  int channels = 0;
  finishing finish{};
  /// Of the sum of a pixel's activations.
  std::int32_t pixel_factor = 0;
  /// As in packed_layout.
  bool narrow = false;

  template <class Arch>
  [[nodiscard]] constexpr packed_layout<Arch> layout() const {
    return {divide_up(channels, Arch::lanes), groups, narrow};
  }
};

/// One tile after the other along the columns.
/// @tparam Source where the pixels lie: `rows` of them in each column; offset(pixel) from the first
///   column's place; `column_bytes` between columns; the groups of the depth, in `planes` of
///   `groups_per_plane`, `group_bytes` and `plane_bytes` apart
/// @tparam Sink takes the levels: put<Partial>(column, vector, levels)
/// @tparam Partial how many channels the last vector has
/// @tparam Prefetched how many lines from `ahead` on each tile prefetches
template <class Arch, matrix Matrix, class Source, class Sink, int Columns, int Vectors,
          int Partial, int Prefetched>
[[gnu::noinline]] void run_tiles(const unsigned char* from, const unsigned char* block,
                                 const unsigned char* forms, int vector, int column, int count,
                                 const unsigned char* ahead, const Sink sink) noexcept {
  using ints = typename Arch::ints;
  constexpr matrix given = Matrix;
  constexpr int pixels = Source::rows * Columns;
  constexpr packed_layout<Arch> layout = given.template layout<Arch>();
  constexpr int block_bytes = layout.block_bytes();
  constexpr int slice_bytes = layout.slice_bytes(), group_bytes = layout.group_bytes();
  constexpr bool narrow = given.narrow;
  constexpr std::int32_t factor = given.pixel_factor;
  constexpr int prefetch_distance = 1536;
  constexpr int kept =
      Vectors < most_kept_weights<Arch> || pixels == 1 ? Vectors : most_kept_weights<Arch>;
  for (; count > 0; --count, column += Columns, from += Columns * Source::column_bytes) {
    if constexpr (Prefetched > 0) {
      // Into the first-level cache, if there is room for what is multiplied now as well.
      constexpr int locality = Vectors * block_bytes <= 16 * 1024 ? 3 : 2;
      for (int line = 0; line < Prefetched; ++line, ahead += 64) {
        __builtin_prefetch(ahead, 0, locality);
      }
    }
    ints sums[std::size_t{Vectors}][std::size_t{pixels}];
    [[maybe_unused]] ints pixel_sums[std::size_t{pixels}];
    unroll<Vectors * pixels>([&](int i) __attribute__((always_inline)) {
      sums[i / pixels][i % pixels] = Arch::load(block + i / pixels * block_bytes);
    });
    if constexpr (factor != 0) {
      unroll<pixels>([&](int p)
                         __attribute__((always_inline)) { pixel_sums[p] = Arch::broadcast(0); });
    }
    const unsigned char* weights = block + packed_layout<Arch>::weights_offset;
    const unsigned char* plane = from;
    for (int planes = 0; planes < Source::planes; ++planes, plane += Source::plane_bytes) {
      const unsigned char* at = plane;
#pragma GCC unroll 1
      for (int group = 0; group < Source::groups_per_plane;
           ++group, at += Source::group_bytes, weights += group_bytes) {
        unroll<Arch::slices>([&](auto slice) __attribute__((always_inline)) {
          ints some[std::size_t{Vectors}];
          unroll<Vectors>([&](auto v) __attribute__((always_inline)) {
            const unsigned char* const own = weights + v * block_bytes + slice * slice_bytes;
            if constexpr (narrow) {
              some[v] = Arch::load_widened(own);
            } else if constexpr (pixels == 1) {
              some[v] = Arch::load(own);
            } else if constexpr (v < kept) {
              some[v] = Arch::load_kept(own);
            }
            if constexpr (pixels == 1) { // the speed is that of the memory
              __builtin_prefetch(own + prefetch_distance);
            }
          });
          unroll<pixels>([&](auto p) __attribute__((always_inline)) {
            const ints activations = Arch::broadcast_four(at + Source::offset(p) + 4 * slice);
            unroll<kept>([&](int v) __attribute__((always_inline)) {
              sums[v][p] = Arch::dot(sums[v][p], activations, some[v]);
            });
            if constexpr (kept < Vectors) {
              unroll<Vectors, kept>([&](int v) __attribute__((always_inline)) {
                sums[v][p] = Arch::dot(sums[v][p], activations,
                                       weights + v * block_bytes + slice * slice_bytes);
              });
            }
            if constexpr (factor != 0) {
              pixel_sums[p] = Arch::dot(pixel_sums[p], activations, Arch::broadcast(Arch::ones));
            }
          });
        });
      }
    }
    if constexpr (factor != 0) {
      unroll<Vectors * pixels>([&](int i) __attribute__((always_inline)) {
        sums[i / pixels][i % pixels] += factor * pixel_sums[i % pixels];
      });
    }
    to_levels<Arch, given.finish, block_bytes>(sums, block, forms);
    unroll<Vectors>([&](auto v) __attribute__((always_inline)) {
      sink.template put<v == Vectors - 1 ? Partial : Arch::lanes>(column, vector + v, sums[v]);
    });
  }
}

/// The tiles of one group of vectors along `Width` columns.
template <class Arch, matrix Matrix, class Source, class Sink, int Width, int Columns, int Vectors,
          int Partial>
[[gnu::always_inline]] inline void run_columns(const unsigned char* from,
                                               const unsigned char* packed, int vector,
                                               const Sink& sink) noexcept {
  constexpr matrix given = Matrix;
  constexpr int whole = Width / Columns, rest = Width % Columns;
  constexpr packed_layout<Arch> layout = given.template layout<Arch>();
  const unsigned char* const forms = packed + layout.forms_offset() + vector;
  const unsigned char* const block = packed + vector * layout.block_bytes();
  if constexpr (whole > 0) {
    // Many weights are in no near cache; the tiles together prefetch those of the next vectors.
    constexpr int many_bytes = 32 * 1024, bytes = Vectors * layout.block_bytes();
    constexpr int lines = layout.bytes() > many_bytes && Source::rows * Columns > 1
                              ? divide_up(divide_up(bytes, 64), whole)
                              : 0;
    run_tiles<Arch, Matrix, Source, Sink, Columns, Vectors, Partial, lines>(
        from, block, forms, vector, 0, whole, block + bytes, sink);
  }
  if constexpr (rest > 0) {
    run_tiles<Arch, Matrix, Source, Sink, rest, Vectors, Partial, 0>(
        from + whole * Columns * Source::column_bytes, block, forms, vector, whole * Columns, 1,
        nullptr, sink);
  }
}

/// All columns for the group of vectors that begins at `vector`, a multiple of Tiling.vectors.
template <class Arch, matrix Matrix, class Source, class Sink, int Width, tiling Tiling>
inline void run_vectors(const unsigned char* from, const unsigned char* packed, int vector,
                        const Sink& sink) noexcept {
  constexpr matrix given = Matrix;
  constexpr tiling taken = Tiling;
  constexpr int vectors = divide_up(given.channels, Arch::lanes);
  constexpr int partial = given.channels - (vectors - 1) * Arch::lanes;
  constexpr int rest = vectors % taken.vectors;
  constexpr int columns = taken.columns, many = taken.vectors;
  // The last group may have fewer vectors, and the last vector fewer channels.
  constexpr bool last_is_different = rest != 0 || partial != Arch::lanes;
  constexpr int last = rest != 0 ? rest : many;
  if constexpr (vectors > last || !last_is_different) {
    if (!last_is_different || vector < vectors - last) {
      run_columns<Arch, Matrix, Source, Sink, Width, columns, many, Arch::lanes>(from, packed,
                                                                                 vector, sink);
      return;
    }
  }
  if constexpr (last_is_different) {
    run_columns<Arch, Matrix, Source, Sink, Width, columns, last, partial>(from, packed, vector,
                                                                           sink);
  }
}

} // namespace inlay::kernels::simd
