// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/packed_convolution.hpp>
#include <inlay/kernels/portable/requantize_rows.hpp>

#include <cstring>

// CONV_2D and FULLY_CONNECTED by rows: some pixels of the output row are staged (as words, with all
// that their windows see), then pair by pair the output channels are staged and multiplied by all
// of these pixels, and requantized.

namespace inlay::kernels::portable {

/// How a row is cut, and where the parts of its scratch memory begin, in bytes.
template <class Core>
struct convolution_scratch {
  /// Pixels at a time; even.
  std::int32_t pixels = 0;
  std::size_t staged_pair = 0;
  std::size_t channels = 0;
  std::size_t sums = 0;
  std::size_t windows = 0;
  std::size_t bytes = 0;

  /// Staging channels anew for each block of pixels must not cost much.
  static constexpr std::int32_t most_pixels = 16;

  static constexpr convolution_scratch of(const convolution_shape& shape) noexcept {
    const std::int32_t blocks = (shape.out_width + most_pixels - 1) / most_pixels;
    const std::int32_t across = (shape.out_width + blocks - 1) / blocks;
    const auto groups = static_cast<std::size_t>((shape.depth() + 3) / 4);
    convolution_scratch made;
    made.pixels = (across + 1) / 2 * 2;
    made.staged_pair = groups * Core::words_a_group * sizeof(word);
    const auto count = static_cast<std::size_t>(made.pixels);
    made.channels = count / 2 * made.staged_pair;
    made.sums = made.channels + made.staged_pair;
    made.windows = made.sums + count * 2 * sizeof(std::int32_t);
    const bool gathers = !shape.is_pointwise() || shape.depth() % 4 != 0;
    made.bytes = made.windows + (gathers ? 2 * groups * 4 : 0);
    return made;
  }
};

/// Copies what the window of output pixel `x` sees; the zero point where it leaves the image.
inline void gather_window(const convolution_shape& shape, const unsigned char* const* rows,
                          std::int32_t x, unsigned char* out) noexcept {
  const auto channels = static_cast<std::size_t>(shape.in_channels);
  const std::int32_t left = x * shape.stride - shape.padding_left;
  const std::int32_t reach = (shape.kernel.width - 1) * shape.dilation;
  const auto fill = static_cast<unsigned char>(shape.input_zero_point);
  const std::size_t across = static_cast<std::size_t>(shape.kernel.width) * channels;
  for (std::int32_t ky = 0; ky < shape.kernel.height; ++ky) {
    const unsigned char* const row = rows[ky];
    if (row == nullptr) {
      std::memset(out, fill, across);
      out += across;
    } else if (shape.dilation == 1 && left >= 0 && left + reach < shape.in_width) {
      std::memcpy(out, row + left * shape.in_channels, across);
      out += across;
    } else {
      for (std::int32_t at = left; at <= left + reach; at += shape.dilation, out += channels) {
        if (at >= 0 && at < shape.in_width) {
          std::memcpy(out, row + at * shape.in_channels, channels);
        } else {
          std::memset(out, fill, channels);
        }
      }
    }
  }
}

/// What the window of output pixel `x` sees, in whole fours: in place, or copied to `window`.
inline const unsigned char* window_of(const convolution_shape& shape,
                                      const unsigned char* const* rows, std::int32_t x,
                                      unsigned char* window) noexcept {
  if (shape.is_pointwise() && shape.in_channels % 4 == 0) {
    return rows[0] + x * shape.in_channels;
  }
  gather_window(shape, rows, x, window);
  return window;
}

template <class Core, element Type>
[[gnu::noinline]] void stage_pixels(const convolution_shape& shape,
                                    const unsigned char* const* rows, std::int32_t first,
                                    std::int32_t count, unsigned char* scratch) noexcept {
  const auto places = convolution_scratch<Core>::of(shape);
  const std::int32_t groups = (shape.depth() + 3) / 4;
  unsigned char* const windows = scratch + places.windows;
  for (std::int32_t x = first; x < first + count; x += 2) {
    const unsigned char* const one = window_of(shape, rows, x, windows);
    // An odd last pixel is its own partner, whose sums nobody reads.
    const unsigned char* const other =
        x + 1 < first + count ? window_of(shape, rows, x + 1, windows + groups * 4) : one;
    Core::template stage<Type, 2>(one, other, 4, groups, 0, reinterpret_cast<word*>(scratch));
    scratch += places.staged_pair;
  }
}

/// Two output channels of staged pixels.
template <class Core, element Type>
[[gnu::noinline]] void convolve_pair(const convolution_shape& shape, const unsigned char* packed,
                                     std::int32_t channel, std::int32_t count,
                                     unsigned char* scratch, unsigned char* out) noexcept {
  const auto places = convolution_scratch<Core>::of(shape);
  const auto parts = packed_convolution::of(shape);
  const channel_constants channels[2] = {packed_channel(parts, packed, channel),
                                         packed_channel(parts, packed, channel + 1)};
  const unsigned char* const weights =
      packed + parts.weights() + static_cast<std::size_t>(channel / 2) * parts.weights_a_pair();
  word* const staged = reinterpret_cast<word*>(scratch + places.channels);
  if (shape.weights_zero_point == 0) {
    Core::template stage<Type, 1>(weights, weights + 4, 8, parts.groups, 0, staged);
  } else {
    Core::template stage<Type, 1>(weights, weights + 4, 8, parts.groups, shape.weights_zero_point,
                                  staged);
  }
  const bool careful = ((channels[0].code | channels[1].code) & channel_constants::careful) != 0 ||
                       channel + 1 == shape.out_channels;
  auto* const sums = reinterpret_cast<std::int32_t*>(scratch + places.sums);
  product given{reinterpret_cast<const word*>(scratch), staged, parts.groups, (count + 1) / 2};
  if (!careful) {
    given.begin[0] = wrapping_shift_left(channels[0].bias, 1);
    given.begin[1] = wrapping_shift_left(channels[1].bias, 1);
    Core::multiply(given, sums);
    with_requantization<Type>(shape.stage, [&]<requantization How>() {
      requantize_pair<Core, Type, How>(sums, count, channels, shape.stage, out, shape.out_channels);
    });
    return;
  }
  Core::multiply(given, sums);
  for (std::int32_t i = 0; i < 2 && channel + i < shape.out_channels; ++i) {
    const channel_row row{sums + i, 2, out + i, shape.out_channels, count};
    if ((channels[i].code & channel_constants::careful) != 0) {
      requantize_carefully<Type>(row, channels[i], shape.stage);
    } else {
      requantize_one<Core, Type, requantization{false, true}>(row, channels[i], shape.stage);
    }
  }
}

/// One output row.
template <class Core, element Type>
[[gnu::noinline]] void
convolution_row(const convolution_shape& shape, const unsigned char* const* rows,
                const unsigned char* packed, unsigned char* scratch, unsigned char* out) noexcept {
  const std::int32_t block = convolution_scratch<Core>::of(shape).pixels;
  for (std::int32_t x = 0; x < shape.out_width; x += block) {
    const std::int32_t count = shape.out_width - x < block ? shape.out_width - x : block;
    stage_pixels<Core, Type>(shape, rows, x, count, scratch);
    for (std::int32_t channel = 0; channel < shape.out_channels; channel += 2) {
      convolve_pair<Core, Type>(shape, packed, channel, count, scratch,
                                out + x * shape.out_channels + channel);
    }
  }
}

} // namespace inlay::kernels::portable
