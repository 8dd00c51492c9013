// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/packing.hpp>

#include <array>
#include <bit>

// Depthwise convolution over quads: four rows of the input lie together, so that a dword holds four
// rows of one channel and column, and a dot product with a dword of weights takes a whole column of
// the window. Quad q holds the rows from 4 q - padding_top on.

namespace inlay::kernels::simd {

/// Windows of up to three rows, moving by one or two.
constexpr bool fits_quads(const step::depthwise_convolution& step) {
  const auto& window = step.window;
  return step.multiplier == 1 && window.kernel.height <= 3 && window.kernel.width <= 3 &&
         window.dilation.height == 1 && window.dilation.width == 1 &&
         (window.stride.height == 1 || window.stride.height == 2) && window.stride.width <= 2 &&
         window.padding_top <= 3 && window.padding_left <= 3;
}

/// Into how many signed bytes a weight is divided whose zero point is removed: up to three.
constexpr int weight_parts_of(const step::depthwise_convolution& step) {
  const int low =
      step.type == element::int8 ? -128 - step.weights_zero_point : -step.weights_zero_point;
  const int high = low + 255;
  const int down = divide_up(-low, 128), up = divide_up(high, 127);
  const int parts = down > up ? down : up;
  return parts > 1 ? parts : 1;
}

/// A weight less its zero point.
constexpr std::int32_t weight_of(const step::depthwise_convolution& step,
                                 const layer_constants& layer, int tap, int channel) {
  const unsigned char byte = layer.weights.bytes[std::int64_t{tap} * step.out.channels + channel];
  const std::int32_t value = step.type == element::int8 ? static_cast<std::int8_t>(byte) : byte;
  return value - step.weights_zero_point;
}

/// The numbers of a depthwise convolution over quads that decide over memory.
template <class Arch>
struct quad_numbers {
  /// Output rows of a quad.
  int rows;
  /// Output columns that make up four pixels of a quad.
  int columns;
  int column_groups;
  int vectors;
  /// Columns of a stored quad, with the padding at both ends.
  int stored_columns;
  int plane_bytes;
  std::int64_t quad_bytes;

  constexpr explicit quad_numbers(const step::depthwise_convolution& step)
      : rows(4 / step.window.stride.height), columns(4 / rows),
        column_groups(divide_up(step.out.width, columns)),
        vectors(divide_up(step.in.channels, Arch::lanes)), stored_columns([&] {
          const int read =
              (columns * column_groups - 1) * step.window.stride.width + step.window.kernel.width;
          const int given = step.in.width + step.window.padding_left;
          return read > given ? read : given;
        }()),
        plane_bytes(stored_columns * 4 * Arch::lanes),
        quad_bytes(std::int64_t{vectors} * plane_bytes) {}
};

/// A depthwise convolution over quads.
template <class Arch, step::depthwise_convolution Step>
struct quads {
  static constexpr step::depthwise_convolution step = Step;
  static constexpr step::sliding_window window = Step.window;
  static constexpr quad_numbers<Arch> numbers{Step};
  static constexpr int rows = numbers.rows;
  static constexpr int columns = numbers.columns;
  static constexpr int total = divide_up(step.out.height, rows);
  /// How many rows of the next quad the last output row of a quad reads.
  static constexpr int rows_of_next = [] {
    const int beyond = (rows - 1) * window.stride.height + window.kernel.height - 4;
    return beyond > 0 ? beyond : 0;
  }();
  static constexpr int column_groups = numbers.column_groups;
  static constexpr int vectors = numbers.vectors;
  static constexpr int dword_bytes = 4 * Arch::lanes;
  static constexpr int plane_bytes = numbers.plane_bytes;
  static constexpr std::int64_t quad_bytes = numbers.quad_bytes;
  static constexpr std::uint8_t zero =
      static_cast<std::uint8_t>(level_of_zero(step.type, step.input_zero_point));

  static constexpr int weight_parts = weight_parts_of(step);
  static constexpr packed_layout<Arch> layout{vectors, window.kernel.width* rows* weight_parts};

  static constexpr void pack(const layer_constants& layer, unsigned char* out) {
    for (int vector = 0; vector < vectors; ++vector) {
      unsigned char* const block = out + vector * layout.block_bytes();
      std::array<packed_channel, Arch::lanes> channels{};
      const int first = vector * Arch::lanes;
      const int count =
          step.out.channels - first < Arch::lanes ? step.out.channels - first : Arch::lanes;
      for (int lane = 0; lane < Arch::lanes; ++lane) {
        unsigned char* to = block + packed_layout<Arch>::weights_offset;
        weight_sums sums{};
        for (int kx = 0; kx < window.kernel.width; ++kx) {
          std::array<std::uint32_t, std::size_t{weight_parts}> columns_of_window{};
          for (int ky = 0; ky < window.kernel.height && lane < count; ++ky) {
            std::int32_t rest = weight_of(step, layer, ky * window.kernel.width + kx, first + lane);
            sums.add(rest);
            for (std::uint32_t& column : columns_of_window) {
              const std::int32_t part = clamp(rest, -128, 127);
              rest -= part;
              column |= (static_cast<std::uint32_t>(part) & 0xFF) << (8 * ky);
            }
          }
          // A window that begins at row r of the quad has its weights r bytes further; those that
          // are beyond the quad come round to the bytes that splice() takes from the next one.
          for (int row = 0; row < rows; ++row) {
            for (const std::uint32_t column : columns_of_window) {
              store_group<Arch, slicing::alternating>(
                  layout, to, lane, std::rotl(column, 8 * row * window.stride.height));
              to += layout.group_bytes();
            }
          }
        }
        if (lane < count) {
          packed_channel& channel = channels[static_cast<std::size_t>(lane)];
          channel = channel_of(step, layer, first + lane, sums);
          channel.start =
              wrapping_add(channel.start, static_cast<std::int32_t>(-zero * sums.total()));
        }
      }
      out[layout.forms_offset() + vector] =
          static_cast<unsigned char>(pack_head<Arch>(channels, count, block));
    }
  }
};

} // namespace inlay::kernels::simd
