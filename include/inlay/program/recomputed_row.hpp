// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/row_arguments.hpp>
#include <inlay/lower/recompute.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace inlay::detail {

/// Makes rows of a depthwise convolution from what a convolution before it reads, by both steps'
/// kernels for rows, which see a piece of the width as an image of its own. Packed constants do not
/// depend on an image's width.
/// @tparam Made the convolution
/// @tparam Reader the depthwise convolution
template <class Target, auto Made, auto Reader>
class recomputed_row {
  static constexpr auto made = Made;
  static constexpr auto reader = Reader;
  static constexpr std::int64_t alignment = Target::alignment;
  static constexpr row_pieces pieces = row_pieces::of(reader, alignment);
  static constexpr auto every_piece = std::make_integer_sequence<std::int32_t, pieces.count>{};
  static constexpr auto element_bytes = static_cast<std::int64_t>(size_of(reader.type));
  static constexpr std::int64_t in_pixel = made.in.channels * element_bytes;
  static constexpr std::int64_t out_pixel = reader.out.channels * element_bytes;
  static constexpr std::int32_t made_height = made.window.kernel.height;
  static constexpr std::int32_t reader_height = reader.window.kernel.height;

  template <std::int32_t Piece>
  static constexpr auto reader_piece = piece_of(reader, pieces.first(Piece),
                                                pieces.width_of(Piece, reader.out.width));
  template <std::int32_t Piece>
  static constexpr auto made_piece = piece_of(made, reader_piece<Piece>.first_input,
                                              reader_piece<Piece>.step.in.width);
  template <std::int32_t Piece>
  static constexpr auto reader_step = reader_piece<Piece>.step;
  template <std::int32_t Piece>
  static constexpr auto made_step = made_piece<Piece>.step;
  template <std::int32_t Piece>
  static constexpr std::int64_t input_at = made_piece<Piece>.first_input* in_pixel;

  template <std::int32_t Piece>
  static constexpr bool has_same_constants =
      Target::template packed_bytes<made_step<Piece>> ==
      Target::template packed_bytes<Made>&& Target::template packed_bytes<reader_step<Piece>> ==
      Target::template packed_bytes<Reader>;

  /// The kernels' part is the most that any piece of either step asks for.
  template <std::int32_t... Piece>
  static constexpr recompute_memory place_parts(std::integer_sequence<std::int32_t, Piece...>) {
    static_assert((has_same_constants<Piece> && ...));
    const std::size_t kernel_bytes =
        std::max({std::size_t{Target::template scratch_bytes<made_step<Piece>>}...,
                  std::size_t{Target::template scratch_bytes<reader_step<Piece>>}...});
    return recompute_memory::of(made, reader, alignment,
                                [=](const auto& /*piece*/) { return kernel_bytes; });
  }
  static constexpr recompute_memory at = place_parts(every_piece);

public:
  /// Of scratch memory.
  static constexpr std::int64_t scratch_bytes = at.bytes;

  /// Makes one row.
  /// @param made_given, reader_given where both steps' constants are, and `scratch_bytes` of
  ///   scratch memory
  /// @param input_row called as input_row(y): row y of what the convolution reads
  template <class InputRow>
  static constexpr void run(std::int32_t y, const kernels::row_arguments& made_given,
                            const kernels::row_arguments& reader_given, unsigned char* scratch,
                            unsigned char* output, const InputRow& input_row) noexcept {
    run(y, made_given, reader_given, scratch, output, input_row, every_piece);
  }

private:
  template <class InputRow, std::int32_t... Piece>
  static constexpr void run(std::int32_t y, const kernels::row_arguments& made_given,
                            const kernels::row_arguments& reader_given, unsigned char* scratch,
                            unsigned char* output, const InputRow& input_row,
                            std::integer_sequence<std::int32_t, Piece...>) noexcept {
    (make_piece<made_step<Piece>, reader_step<Piece>>(y, made_given, reader_given, scratch,
                                                      output + pieces.first(Piece) * out_pixel,
                                                      input_row, input_at<Piece>),
     ...);
  }

  /// @param from where the piece begins in a row of the input, in bytes
  template <auto MadeStep, auto ReaderStep, class InputRow>
  static constexpr void make_piece(std::int32_t y, kernels::row_arguments made_given,
                                   kernels::row_arguments reader_given, unsigned char* scratch,
                                   unsigned char* output, const InputRow& input_row,
                                   std::int64_t from) noexcept {
    std::array<const unsigned char*, static_cast<std::size_t>(reader_height)> rows{};
    std::int32_t row = y * reader.window.stride.height - reader.window.padding_top;
    unsigned char* to = scratch;
    for (auto& each : rows) {
      if (row >= 0 && row < made.out.height) {
        make_row<MadeStep>(row, made_given, scratch, to, input_row, from);
        each = to;
      }
      row += reader.window.dilation.height;
      to += at.made_pitch;
    }
    reader_given.rows = rows.data();
    reader_given.output = output;
    reader_given.scratch = scratch + at.kernels;
    Target::template run_row<ReaderStep>(reader_given);
  }

  template <auto MadeStep, class InputRow>
  static constexpr void make_row(std::int32_t y, kernels::row_arguments& given,
                                 unsigned char* scratch, unsigned char* output,
                                 const InputRow& input_row, std::int64_t from) noexcept {
    constexpr auto step = MadeStep;
    std::array<const unsigned char*, static_cast<std::size_t>(made_height)> rows{};
    std::int32_t row = y * made.window.stride.height - made.window.padding_top;
    unsigned char* copy = scratch + at.copies;
    for (auto& each : rows) {
      if (row >= 0 && row < made.in.height) {
        each = input_row(row) + from;
        if constexpr (at.copy_pitch > 0) {
          std::copy_n(each, step.in.width * in_pixel, copy);
          each = copy;
        }
      }
      row += made.window.dilation.height;
      copy += at.copy_pitch;
    }
    given.rows = rows.data();
    given.output = output;
    given.scratch = scratch + at.kernels;
    Target::template run_row<MadeStep>(given);
  }
};

} // namespace inlay::detail
