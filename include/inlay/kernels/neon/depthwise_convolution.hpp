// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/neon/convolution.hpp>
#include <inlay/kernels/neon/depthwise_dots.hpp>
#include <inlay/kernels/neon/depthwise_wide.hpp>

#include <type_traits>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

namespace detail {
template <class Isa, step::depthwise_convolution Step, bool Dots>
struct depthwise_kernel : std::type_identity<depthwise_wide<Isa, Step>> {};
#if defined(__ARM_FEATURE_DOTPROD)
template <class Isa, step::depthwise_convolution Step>
struct depthwise_kernel<Isa, Step, true> : std::type_identity<depthwise_dots<Isa, Step>> {};
#endif
} // namespace detail

/// The last three input rows of a depthwise convolution as its kernel wants them, made as they are
/// needed.
///
/// Scratch memory: a border row, three rows, a pixel of zero points.
template <class Isa, step::depthwise_convolution Step>
class depthwise_rows {
public:
  static constexpr bool dots = uses_dots<Isa>(Step);
  using kernel = typename detail::depthwise_kernel<Isa, Step, dots>::type;
  static constexpr std::int32_t row_bytes = aligned(kernel::row_bytes);

  depthwise_rows(const unsigned char* packed, unsigned char* scratch) noexcept
      : packed_(packed), scratch_(scratch) {
    kernel::prepare_border(scratch);
    std::memset(scratch + 4 * row_bytes, Step.input_zero_point & 255,
                static_cast<std::size_t>(Step.in.channels));
  }

  /// Makes row `y` of the output.
  /// @param row row(y, room) gives the address of input row y, which may be in `room`; each row is
  ///   asked for at most once, in order
  /// @tparam Panels the row goes into panels
  template <bool Panels = false, class Row>
  [[gnu::always_inline]] void make(std::int32_t y, unsigned char* out, Row&& row) noexcept {
    constexpr auto step = Step;
    const std::int32_t top = y * step.window.stride.height - step.window.padding_top;
    const unsigned char* rows[3];
    for (std::int32_t ky = 0; ky < 3; ++ky) {
      const std::int32_t input = top + ky;
      if (input < 0 || input >= step.in.height) {
        rows[ky] = scratch_;
        continue;
      }
      const std::int32_t slot = input % 3;
      if (input >= next_) {
        unsigned char* room = scratch_ + (1 + slot) * row_bytes;
        const unsigned char* given = row(input, room);
        if constexpr (dots) {
          kernel::prepare(given, scratch_ + 4 * row_bytes, room);
          given = room;
        }
        rows_[slot] = given;
        next_ = input + 1;
      }
      rows[ky] = rows_[slot];
    }
    const unsigned char* blocks = packed_ + header_bytes;
    switch (static_cast<requantization>(packed_[0])) {
    case requantization::narrow:
      kernel::template convolve<form_of(step, requantization::narrow), Panels>(rows, blocks, out);
      break;
    case requantization::wide:
      kernel::template convolve<form_of(step, requantization::wide), Panels>(rows, blocks, out);
      break;
    case requantization::general:
      kernel::template convolve<form_of(step, requantization::general), Panels>(rows, blocks, out);
      break;
    }
  }

private:
  const unsigned char* packed_;
  unsigned char* scratch_;
  const unsigned char* rows_[3]{};
  std::int32_t next_ = 0;
};

/// DEPTHWISE_CONV_2D. Units are rows.
template <class Isa, step::depthwise_convolution Step>
struct depthwise_convolution {
  static void run(const arguments& given) noexcept {
    constexpr auto step = Step;
    depthwise_rows<Isa, step> rows(given.packed, given.scratch);
    for (std::int32_t y = given.units.first; y < given.units.last; ++y) {
      rows.make(y, given.output + std::int64_t{y} * step.out.width * step.out.channels,
                [&](std::int32_t input, unsigned char*) {
                  return given.inputs[0] + std::int64_t{input} * step.in.width * step.in.channels;
                });
    }
  }
};

} // namespace inlay::kernels::neon
#endif
