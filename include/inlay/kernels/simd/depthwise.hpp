// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/quads.hpp>
#include <inlay/kernels/simd/tile.hpp>

#include <cstring>

namespace inlay::kernels::simd {

/// The levels of a plane's outputs column by column, where rows are not skipped and a group of four
/// has two slices. Sums of as many outputs as the window is wide are in the making, so that each
/// column is loaded and sliced once; weights are operands in memory.
template <class Arch, step::depthwise_convolution Step, class Sink>
[[gnu::noinline]] void slide_over_plane(const unsigned char* current, const unsigned char* next,
                                        const unsigned char* block, const Sink sink) noexcept {
  using numbers = quads<Arch, Step>;
  using ints = typename Arch::ints;
  using bytes = typename Arch::bytes;
  constexpr int width = numbers::window.kernel.width, dword_bytes = numbers::dword_bytes;
  constexpr int parts = numbers::weight_parts;
  constexpr finishing finish = finishing_of(Step);
  // sums[kx]: of the output that has this column under its window's column kx.
  ints sums[std::size_t{width}][4];
  const auto add_column = [&](auto outputs) __attribute__((always_inline)) {
    // Else the compiler would keep constants and addresses in registers that the sums need.
    __asm__("" : "+r"(block));
    const unsigned char* const weights = block + packed_layout<Arch>::weights_offset;
    unroll<4>([&](int row) __attribute__((always_inline)) { sums[0][row] = Arch::load(block); });
    const auto own = reinterpret_cast<bytes>(Arch::load(current));
    const auto spliced = Arch::splice(own, reinterpret_cast<bytes>(Arch::load(next)));
    unroll<2 * Arch::slices>([&](auto i) __attribute__((always_inline)) {
      constexpr int slice = i % Arch::slices, first_row = i / Arch::slices * 2;
      const ints some =
          Arch::template slice<slice>(reinterpret_cast<ints>(first_row == 0 ? own : spliced));
      unroll<outputs * 2 * parts>([&](auto j) __attribute__((always_inline)) {
        constexpr int kx = j / (2 * parts), row = first_row + j / parts % 2, part = j % parts;
        constexpr int at = ((kx * 4 + row) * parts + part) * Arch::slices + slice;
        sums[kx][row] = Arch::dot(sums[kx][row], some, weights + at * dword_bytes);
      });
    });
    current += dword_bytes;
    next += dword_bytes;
  };
  const auto move_on = [&]() __attribute__((always_inline)) {
    unroll<width - 1>([&](auto i) __attribute__((always_inline)) {
      constexpr int to = width - 1 - i;
      unroll<4>([&](int row) __attribute__((always_inline)) { sums[to][row] = sums[to - 1][row]; });
    });
  };
  unroll<width - 1>([&](auto column) __attribute__((always_inline)) {
    add_column(std::integral_constant<int, column + 1>{});
    move_on();
  });
  for (int column = 0; column < numbers::column_groups; ++column) {
    add_column(std::integral_constant<int, width>{});
    ints levels[4];
    const channel_constants<Arch> constants(block);
    unroll<4>([&](int row) __attribute__((always_inline)) {
      levels[row] = to_level<Arch, finish, form::floats>(sums[width - 1][row], constants);
    });
    sink.put(column, levels);
    move_on();
  }
}

/// One plane of the output rows that begin in a quad: the levels of each four pixels go to
/// sink.put(column, levels), which narrows them.
template <class Arch, step::depthwise_convolution Step, form How, class Sink>
[[gnu::noinline]] void depthwise_plane(const unsigned char* current, const unsigned char* next,
                                       const unsigned char* block, const Sink sink) noexcept {
  using numbers = quads<Arch, Step>;
  using ints = typename Arch::ints;
  using bytes = typename Arch::bytes;
  constexpr auto window = numbers::window;
  constexpr int rows = numbers::rows, columns = numbers::columns;
  constexpr int dword_bytes = numbers::dword_bytes;
  constexpr int parts = numbers::weight_parts;
  constexpr finishing finish = finishing_of(Step);
  constexpr packed_layout<Arch> layout = numbers::layout;
  // Weights stay in registers where there are enough.
  constexpr int all_weights = layout.groups * Arch::slices;
  constexpr bool keeps_weights = all_weights <= Arch::registers / 2;
  constexpr int kept = keeps_weights ? all_weights : 1;
  const unsigned char* const weights = block + packed_layout<Arch>::weights_offset;
  [[maybe_unused]] ints own_weights[std::size_t{kept}];
  unroll<kept>([&](int i) __attribute__((always_inline)) {
    own_weights[i] = Arch::load(weights + i * dword_bytes);
  });
  const channel_constants<Arch> constants(block);
  constexpr int input_columns = (columns - 1) * window.stride.width + window.kernel.width;
  for (int group = 0; group < numbers::column_groups; ++group) {
    const int x = group * columns * window.stride.width * dword_bytes;
    ints sums[4];
    unroll<4>([&](int i) __attribute__((always_inline)) { sums[i] = constants.start; });
    unroll<input_columns>([&](auto column) __attribute__((always_inline)) {
      const auto own = reinterpret_cast<bytes>(Arch::load(current + x + column * dword_bytes));
      const auto after = reinterpret_cast<bytes>(Arch::load(next + x + column * dword_bytes));
      const auto spliced = Arch::splice(own, after);
      unroll<columns>([&](auto c) __attribute__((always_inline)) {
        constexpr int kx = column - c * window.stride.width;
        if constexpr (kx >= 0 && kx < window.kernel.width) {
          unroll<rows>([&](auto row) __attribute__((always_inline)) {
            const auto four =
                reinterpret_cast<ints>(row * window.stride.height < 2 ? own : spliced);
            unroll<parts>([&](auto part) __attribute__((always_inline)) {
              ints& sum = sums[c * rows + row];
              unroll<Arch::slices>([&](auto slice) __attribute__((always_inline)) {
                constexpr int at = ((kx * rows + row) * parts + part) * Arch::slices + slice;
                const ints some = Arch::template slice<slice>(four);
                if constexpr (keeps_weights) {
                  sum = Arch::dot(sum, some, own_weights[at]);
                } else {
                  sum = Arch::dot(sum, some, Arch::load(weights + at * dword_bytes));
                }
              });
            });
          });
        }
      });
    });
    unroll<4>([&](int i) __attribute__((always_inline)) {
      sums[i] = to_level<Arch, finish, How>(sums[i], constants);
    });
    sink.put(group * columns, sums);
  }
}

/// The same for the vector `vector` of packed constants.
template <class Arch, step::depthwise_convolution Step, class Sink>
inline void depthwise_vector(const unsigned char* current, const unsigned char* next,
                             const unsigned char* packed, int vector, const Sink& sink) noexcept {
  constexpr packed_layout<Arch> layout = quads<Arch, Step>::layout;
  constexpr int plane_bytes = quads<Arch, Step>::plane_bytes;
  const unsigned char* const block = packed + vector * layout.block_bytes();
  current += std::int64_t{vector} * plane_bytes;
  next += std::int64_t{vector} * plane_bytes;
  constexpr auto window = quads<Arch, Step>::window;
  constexpr bool slides = Arch::slices > 1 && window.stride.height == 1 && window.stride.width == 1;
  if (static_cast<form>(packed[layout.forms_offset() + vector]) != form::floats) {
    depthwise_plane<Arch, Step, form::integers>(current, next, block, sink);
  } else if constexpr (slides) {
    slide_over_plane<Arch, Step>(current, next, block, sink);
  } else {
    depthwise_plane<Arch, Step, form::floats>(current, next, block, sink);
  }
}

/// Fills the columns of a quad's planes that lie outside of the image; they stay as they are.
template <class Arch, step::depthwise_convolution Step>
inline void fill_padding(unsigned char* quad) noexcept {
  using numbers = quads<Arch, Step>;
  constexpr int before = numbers::window.padding_left * numbers::dword_bytes;
  constexpr int end = before + numbers::step.in.width * numbers::dword_bytes;
  for (int vector = 0; vector < numbers::vectors; ++vector, quad += numbers::plane_bytes) {
    std::memset(quad, numbers::zero, before);
    std::memset(quad + end, numbers::zero, static_cast<std::size_t>(numbers::plane_bytes - end));
  }
}

/// Writes one vector of a quad from the rows of a tensor.
template <class Arch, step::depthwise_convolution Step, int Channels>
inline void interleave_plane(const unsigned char* image, int quad, int vector,
                             const unsigned char* outside, unsigned char* to) noexcept {
  using numbers = quads<Arch, Step>;
  constexpr auto step = Step;
  constexpr int channels = step.in.channels;
  constexpr std::int64_t row_bytes = std::int64_t{step.in.width} * channels;
  const unsigned char* from[4];
  int advance[4];
  for (int i = 0; i < 4; ++i) {
    const int y = 4 * quad - step.window.padding_top + i;
    const bool inside = y >= 0 && y < step.in.height;
    from[i] = inside ? image + y * row_bytes + vector * Arch::lanes : outside;
    advance[i] = inside ? channels : 0;
  }
  for (int x = 0; x < step.in.width; ++x, to += numbers::dword_bytes) {
    auto rows = Arch::template load_rows<Channels>(from[0], from[1], from[2], from[3]);
    if constexpr (step.type == element::int8) {
      rows ^= 0x80;
    }
    Arch::store(to, Arch::interleave(rows));
    for (int i = 0; i < 4; ++i) {
      from[i] += advance[i];
    }
  }
}

/// Writes all of a quad from a tensor; rows outside of the image are the zero point.
template <class Arch, step::depthwise_convolution Step>
inline void interleave_quad(const unsigned char* image, int quad, unsigned char* to) noexcept {
  using numbers = quads<Arch, Step>;
  constexpr auto step = Step;
  constexpr int partial = step.in.channels - (numbers::vectors - 1) * Arch::lanes;
  unsigned char outside[Arch::lanes];
  std::memset(outside, static_cast<unsigned char>(step.input_zero_point), sizeof outside);
  to += step.window.padding_left * numbers::dword_bytes;
  for (int vector = 0; vector < numbers::vectors; ++vector, to += numbers::plane_bytes) {
    if (vector < numbers::vectors - 1) {
      interleave_plane<Arch, Step, Arch::lanes>(image, quad, vector, outside, to);
    } else {
      interleave_plane<Arch, Step, partial>(image, quad, vector, outside, to);
    }
  }
}

} // namespace inlay::kernels::simd
