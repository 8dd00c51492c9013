// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/stream.hpp>
#include <inlay/numerics/divide_up.hpp>

#include <algorithm>

namespace inlay {

/// Some columns of a sliding step's output as a step of its own, and the column of the whole input
/// in which its input begins.
template <class Step>
struct column_piece {
  Step step{};
  std::int32_t first_input = 0;
};

/// @param first, count the output's columns
template <class Step>
constexpr column_piece<Step> piece_of(const Step& whole, std::int32_t first, std::int32_t count) {
  const step::sliding_window& window = whole.window;
  const std::int32_t left = first * window.stride.width - window.padding_left;
  const std::int32_t right =
      left + (count - 1) * window.stride.width + (window.kernel.width - 1) * window.dilation.width;
  const std::int32_t begin = left > 0 ? left : 0;
  const std::int32_t end = right + 1 < whole.in.width ? right + 1 : whole.in.width;
  column_piece<Step> made{whole, begin};
  made.step.in.width = end - begin;
  made.step.out.width = count;
  made.step.window.padding_left = begin - left;
  return made;
}

/// How a row of a depthwise convolution is made from rows of a convolution that exist nowhere:
/// piece by piece of its columns, for each of which the convolution's columns are computed that it
/// reads, for all rows of its window. What two pieces or two rows read is computed twice.
struct row_pieces {
  /// Output columns a piece, but for the last one.
  std::int32_t width = 0;
  std::int32_t count = 0;

  /// @param alignment of where a piece of the output begins, in bytes
  static constexpr row_pieces of(const step::depthwise_convolution& reader,
                                 std::int64_t alignment) {
    constexpr std::int32_t usual_count = 4;
    const std::int32_t whole = reader.out.width;
    const auto pixel = reader.out.channels * static_cast<std::int64_t>(size_of(reader.type));
    std::int32_t width = divide_up(whole, usual_count);
    while (width < whole && width * pixel % alignment != 0) {
      ++width;
    }
    return {width, divide_up(whole, width)};
  }

  [[nodiscard]] constexpr std::int32_t first(std::int32_t piece) const { return piece * width; }
  [[nodiscard]] constexpr std::int32_t width_of(std::int32_t piece, std::int32_t whole) const {
    const std::int32_t left = whole - first(piece);
    return left < width ? left : width;
  }
};

namespace detail {

/// Multiply-accumulates that a convolution takes more when its reader recomputes it; -1 if some
/// piece reads nothing but padding.
constexpr std::int64_t extra_of(const step::convolution& made,
                                const step::depthwise_convolution& reader, std::int64_t alignment) {
  const row_pieces pieces = row_pieces::of(reader, alignment);
  std::int64_t columns = 0;
  for (std::int32_t i = 0; i < pieces.count; ++i) {
    const auto part = piece_of(reader, pieces.first(i), pieces.width_of(i, reader.out.width));
    if (part.step.in.width <= 0 ||
        piece_of(made, part.first_input, part.step.in.width).step.in.width <= 0) {
      return -1;
    }
    columns += part.step.in.width;
  }
  const step::sliding_window& window = reader.window;
  std::int64_t rows = 0;
  for (std::int32_t y = 0; y < reader.out.height; ++y) {
    for (std::int32_t k = 0; k < window.kernel.height; ++k) {
      const std::int32_t at =
          y * window.stride.height - window.padding_top + k * window.dilation.height;
      rows += at >= 0 && at < made.out.height ? 1 : 0;
    }
  }
  const std::int64_t more = rows * columns - std::int64_t{made.out.height} * made.out.width;
  const std::int64_t pixel = std::int64_t{made.out.channels} * made.window.kernel.height *
                             made.window.kernel.width * made.in.channels;
  return more > 0 ? more * pixel : 0;
}

} // namespace detail

/// The scratch memory of a depthwise convolution that recomputes: where the parts of it begin, in
/// bytes. They are rows of the convolution, copies of pieces of its input's rows where these do not
/// begin aligned, and what both kernels ask for.
struct recompute_memory {
  std::int64_t made_pitch = 0;
  std::int64_t copy_pitch = 0;
  std::int64_t copies = 0;
  std::int64_t kernels = 0;
  std::int64_t bytes = 0;

  /// @param kernel_bytes called as kernel_bytes(step) for a piece of either step: what its kernel
  ///   may overwrite
  template <class KernelBytes>
  static constexpr recompute_memory of(const step::convolution& made,
                                       const step::depthwise_convolution& reader,
                                       std::int64_t alignment, const KernelBytes& kernel_bytes) {
    const auto element_bytes = static_cast<std::int64_t>(size_of(reader.type));
    const std::int64_t in_pixel = made.in.channels * element_bytes;
    const std::int64_t made_pixel = made.out.channels * element_bytes;
    const row_pieces pieces = row_pieces::of(reader, alignment);
    recompute_memory parts;
    bool lies_aligned = true;
    std::int64_t most_inputs = 0;
    std::int64_t most_made = 0;
    std::int64_t most_kernels = 0;
    for (std::int32_t i = 0; i < pieces.count; ++i) {
      const auto read = piece_of(reader, pieces.first(i), pieces.width_of(i, reader.out.width));
      const auto make = piece_of(made, read.first_input, read.step.in.width);
      lies_aligned = lies_aligned && make.first_input * in_pixel % alignment == 0;
      most_inputs = std::max(most_inputs, std::int64_t{make.step.in.width});
      most_made = std::max(most_made, std::int64_t{make.step.out.width});
      most_kernels = std::max({most_kernels, static_cast<std::int64_t>(kernel_bytes(make.step)),
                               static_cast<std::int64_t>(kernel_bytes(read.step))});
    }
    parts.made_pitch = round_up(made_pixel * most_made, alignment);
    parts.copies = parts.made_pitch * reader.window.kernel.height;
    parts.copy_pitch = lies_aligned ? 0 : round_up(in_pixel * most_inputs, alignment);
    parts.kernels = parts.copies + parts.copy_pitch * made.window.kernel.height;
    parts.bytes = parts.kernels + most_kernels;
    return parts;
  }
};

/// For each step of a schedule a number or -1.
template <graph_size Size>
using step_numbers = std::array<std::int64_t, Size.operators>;

/// What it costs to recompute a step's output wherever it is read, in multiply-accumulates, for
/// convolutions that one depthwise convolution reads, row by row; -1 for all others.
template <graph_size Size>
constexpr step_numbers<Size> recomputation_costs(const row_stream<Size>& stream,
                                                 const schedule<Size>& work,
                                                 std::int64_t alignment) {
  step_numbers<Size> costs{};
  costs.fill(-1);
  std::array<int, Size.operators + 1> readers{};
  for (int node = 0; node < stream.count; ++node) {
    for (int k = 0; k < stream[node].input_count; ++k) {
      ++readers[static_cast<std::size_t>(stream[node].inputs[static_cast<std::size_t>(k)].node)];
    }
  }
  for (int node = 1; node < stream.count; ++node) {
    const row_input& input = stream[node].inputs[0];
    const row_node& maker = stream[input.node];
    if (maker.step < 0 || maker.is_output || readers[static_cast<std::size_t>(input.node)] != 1 ||
        input.whole || maker.inputs[0].whole || maker.band != 1 || stream[node].band != 1 ||
        input.row_bytes != maker.row_bytes) {
      continue;
    }
    const step::any& made = work[maker.step].what;
    const step::any& reader = work[stream[node].step].what;
    if (made.is<step::convolution>() && reader.is<step::depthwise_convolution>() &&
        maker.rows > 1 && stream[node].rows > 1) {
      costs[static_cast<std::size_t>(maker.step)] = detail::extra_of(
          made.as<step::convolution>(), reader.as<step::depthwise_convolution>(), alignment);
    }
  }
  return costs;
}

/// Steps of a schedule whose outputs are recomputed by their readers.
template <graph_size Size>
using recomputed_steps = std::array<bool, Size.operators>;

/// The same stream without the nodes of such steps: their readers read what they have read.
template <graph_size Size>
constexpr row_stream<Size> without(const row_stream<Size>& stream,
                                   const recomputed_steps<Size>& recomputed) {
  row_stream<Size> made;
  std::array<int, Size.operators + 1> place{};
  for (int i = 0; i < stream.count; ++i) {
    if (i > 0 && recomputed[static_cast<std::size_t>(stream[i].step)]) {
      continue;
    }
    place[static_cast<std::size_t>(i)] = made.count;
    row_node& node = made.nodes[static_cast<std::size_t>(made.count++)];
    node = stream[i];
    for (int k = 0; k < node.input_count; ++k) {
      row_input& input = node.inputs[static_cast<std::size_t>(k)];
      const row_node& maker = stream[input.node];
      if (maker.step >= 0 && recomputed[static_cast<std::size_t>(maker.step)]) {
        const row_input outer = input;
        input = maker.inputs[0];
        input.reach += outer.reach * input.stride;
        input.before += outer.before * input.stride;
        input.stride *= outer.stride;
        input.out_height = outer.out_height;
        node.recomputes = maker.step;
      }
      input.node = place[static_cast<std::size_t>(input.node)];
    }
  }
  return made;
}

} // namespace inlay
