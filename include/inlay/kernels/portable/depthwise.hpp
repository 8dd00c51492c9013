// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/packed_depthwise.hpp>
#include <inlay/kernels/portable/requantize_rows.hpp>

// DEPTHWISE_CONV_2D 3x3 by rows: four channels of the rows that the kernel sees are staged as one
// plane a channel, with the zero point where the image ends, then each channel is summed up along
// the row with all of its weights in registers, and requantized.

namespace inlay::kernels::portable {

/// All that the kernel knows of a layer besides its parameters, and where the parts of its scratch
/// memory begin, in bytes.
struct depthwise_plan {
  convolution_shape shape{};
  packed_depthwise packed{};
  /// Columns that the windows of an output row see, padding included; even.
  std::int32_t columns = 0;
  std::int32_t words_a_plane = 0;
  std::size_t weights = 0;
  std::size_t sums = 0;
  std::size_t bytes = 0;

  template <class Core>
  static constexpr depthwise_plan of(const convolution_shape& shape) {
    depthwise_plan made;
    made.shape = shape;
    made.packed = packed_depthwise::of(shape.out_channels);
    made.columns = ((shape.out_width - 1) * shape.stride + 4) / 2 * 2;
    made.words_a_plane = made.columns / 2 * Core::words_two_columns;
    made.weights = 4 * static_cast<std::size_t>(made.words_a_plane) * sizeof(word);
    made.sums = made.weights + 4 * Core::words_of_taps * sizeof(word);
    made.bytes = made.sums + static_cast<std::size_t>(shape.out_width + 1) * sizeof(std::int32_t);
    return made;
  }
};

template <class Core, step::depthwise_convolution Step>
inline constexpr depthwise_plan depthwise_plan_of = depthwise_plan::of<Core>(shape_of<Step>);

/// The first `count` of four channels.
[[gnu::noinline]] inline word load_channels(const unsigned char* from,
                                            std::int32_t count) noexcept {
  word result = 0;
  for (std::int32_t c = 0; c < count; ++c) {
    result |= word{from[c]} << (8 * c);
  }
  return result;
}

/// Four channels of one row of the image, or of none of its rows.
struct staged_row {
  /// Null outside of the image.
  const unsigned char* from = nullptr;
  std::int32_t width = 0;
  std::int32_t step = 0;
  std::int32_t channels = 4;
  word outside = 0;

  [[nodiscard, gnu::always_inline]] word column(std::int32_t at) const noexcept {
    if (static_cast<std::uint32_t>(at) >= static_cast<std::uint32_t>(width)) {
      return outside;
    }
    const unsigned char* const place = from + at * step;
    return channels >= 4 ? load_word(place) : load_channels(place, channels);
  }
};

/// Stages the columns [at, at + 2 * pairs).
template <class Core, element Type>
[[gnu::always_inline]] inline word* stage_any(const staged_row& row, std::int32_t at,
                                              std::int32_t pairs, std::int32_t plane,
                                              word* out) noexcept {
  for (; pairs > 0; --pairs, at += 2, out += Core::words_two_columns) {
    Core::template stage_columns<Type>(row.column(at), row.column(at + 1), plane, out);
  }
  return out;
}

/// Stages four channels of one row; `row` is null outside of the image.
template <class Core, element Type>
[[gnu::noinline]] void stage_row(const depthwise_plan& plan, const unsigned char* row,
                                 std::int32_t channel, word* out) noexcept {
  const convolution_shape& shape = plan.shape;
  const std::int32_t plane = plan.words_a_plane;
  const std::int32_t step = shape.in_channels;
  const bool there = row != nullptr;
  const staged_row whole{
      there ? row + channel : nullptr, there ? shape.in_width : 0, step, step - channel,
      static_cast<word>(static_cast<unsigned char>(shape.input_zero_point)) * 0x01010101U};
  // Pairs of columns that begin left of the image, that lie in it, and the others.
  const std::int32_t pairs = plan.columns / 2;
  const std::int32_t left = (shape.padding_left + 1) / 2;
  std::int32_t at = -shape.padding_left;
  if (whole.width == 0 || whole.channels < 4 || left >= pairs) {
    stage_any<Core, Type>(whole, at, pairs, plane, out);
    return;
  }
  out = stage_any<Core, Type>(whole, at, left, plane, out);
  at += 2 * left;
  std::int32_t inside = (whole.width - at) / 2;
  inside = inside < pairs - left ? inside : pairs - left;
  inside = inside > 0 ? inside : 0;
  const unsigned char* from = whole.from + at * step;
  for (std::int32_t i = inside; i > 0; --i, out += Core::words_two_columns) {
    const word first = load_word(from);
    const word second = load_word(from + step);
    from += 2 * step;
    Core::template stage_columns<Type>(first, second, plane, out);
  }
  stage_any<Core, Type>(whole, at + 2 * inside, pairs - left - inside, plane, out);
}

/// Four channels of one output row.
template <class Core, element Type>
[[gnu::noinline]] void depthwise_quad(const depthwise_plan& plan, const unsigned char* const* rows,
                                      const unsigned char* packed, std::int32_t channel,
                                      unsigned char* scratch, unsigned char* out) noexcept {
  word* const planes = reinterpret_cast<word*>(scratch);
  word* const taps = reinterpret_cast<word*>(scratch + plan.weights);
  auto* const sums = reinterpret_cast<std::int32_t*>(scratch + plan.sums);
  const convolution_shape& shape = plan.shape;
  for (std::int32_t ky = 0; ky < 3; ++ky) {
    stage_row<Core, Type>(plan, rows[ky], channel, planes + ky);
  }
  Core::template stage_taps<Type>(plan.packed.taps_of(packed, channel), shape.weights_zero_point,
                                  taps);
  for (std::int32_t i = 0; i < 4 && channel + i < shape.out_channels; ++i) {
    Core::sum_plane(planes + i * plan.words_a_plane, taps + i * Core::words_of_taps, shape, sums);
    const channel_constants constants = packed_channel(plan.packed, packed, channel + i);
    unsigned char* const to = out + channel + i;
    if ((constants.code & channel_constants::careful) != 0) {
      requantize_carefully<false>({sums, 1, to, shape.out_channels, shape.out_width}, constants,
                                  shape.stage);
      continue;
    }
    with_requantization(shape.stage, [&]<requantization How>() {
      requantize_plane<Core, Type, How>(sums, shape.out_width, constants, shape.stage, to,
                                        shape.out_channels);
    });
  }
}

/// One output row.
template <class Core, element Type>
[[gnu::noinline]] void depthwise_row(const depthwise_plan& plan, const unsigned char* const* rows,
                                     const unsigned char* packed, unsigned char* scratch,
                                     unsigned char* out) noexcept {
  for (std::int32_t channel = 0; channel < plan.shape.out_channels; channel += 4) {
    depthwise_quad<Core, Type>(plan, rows, packed, channel, scratch, out);
  }
}

} // namespace inlay::kernels::portable
