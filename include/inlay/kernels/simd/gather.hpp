// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/packing.hpp>
#include <inlay/tensor/bytes.hpp>

#include <cstring>

// What each output pixel of a convolution reads, one after the other, as unsigned activations.

namespace inlay::kernels::simd {

/// Copies bytes and adds 128 to each, modulo 256, if Flip.
template <class Arch, bool Flip>
inline void copy_activations(const unsigned char* from, unsigned char* to,
                             std::int64_t count) noexcept {
  constexpr std::int64_t width = 4 * Arch::lanes;
  const auto flip = Arch::broadcast(Flip ? static_cast<std::int32_t>(0x80808080) : 0);
  std::int64_t i = 0;
  for (; i + width <= count; i += width) {
    Arch::store(to + i, reinterpret_cast<typename Arch::bytes>(Arch::load(from + i) ^ flip));
  }
  for (; i < count; ++i) {
    to[i] = static_cast<unsigned char>(from[i] ^ (Flip ? 0x80 : 0));
  }
}

/// The same for a few bytes, whose number is a constant.
template <int Count, bool Flip>
[[gnu::always_inline]] inline void copy_few(const unsigned char* from, unsigned char* to) noexcept {
  constexpr std::uint64_t flip = Flip ? 0x8080808080808080U : 0;
  if constexpr (Count >= 8) {
    for (int i = 0; i < Count; i += 8) {
      const int at = i < Count - 8 ? i : Count - 8;
      store(to + at, load<std::uint64_t>(from + at) ^ flip);
    }
  } else {
    for (int i = 0; i < Count; ++i) {
      to[i] = static_cast<unsigned char>(from[i] ^ (flip & 0xFF));
    }
  }
}

/// How the pixels of a convolution are read.
template <step::convolution Step>
struct gathering {
  static constexpr step::convolution step = Step;
  static constexpr step::sliding_window window = Step.window;
  static constexpr int depth = window.kernel.height * window.kernel.width * step.in.channels;
  static constexpr int pixel_bytes = 4 * divide_up(depth, 4);
  static constexpr bool flips = step.type == element::int8;
  /// Each output pixel reads the input pixel in its place.
  static constexpr bool pointwise =
      window.kernel.height == 1 && window.kernel.width == 1 && window.stride.height == 1 &&
      window.stride.width == 1 && window.padding_top == 0 && window.padding_left == 0 &&
      step.in.height == step.out.height && step.in.width == step.out.width;
  /// Tiles can read the input itself.
  static constexpr bool in_place = pointwise && !flips && depth % 4 == 0;

  /// Bytes of `rows` gathered rows; copies of whole vectors may write a little more.
  static constexpr std::int64_t bytes(int rows) {
    return in_place ? 0 : std::int64_t{rows} * step.out.width * pixel_bytes;
  }
};

/// Writes one output row's pixels.
template <class Arch, step::convolution Step>
inline void gather_row(const unsigned char* image, std::int32_t y, unsigned char* to) noexcept {
  using how = gathering<Step>;
  constexpr auto step = Step;
  constexpr auto window = step.window;
  constexpr int channels = step.in.channels, width = step.in.width;
  constexpr int pixel_bytes = how::pixel_bytes;
  constexpr bool flips = how::flips;
  if constexpr (how::pointwise && how::depth % 4 == 0) {
    constexpr std::int64_t row_bytes = std::int64_t{width} * channels;
    copy_activations<Arch, flips>(image + y * row_bytes, to, row_bytes);
    return;
  }
  constexpr auto zero = static_cast<unsigned char>(level_of_zero(step.type, step.input_zero_point));
  constexpr int window_bytes = window.kernel.width * channels;
  for (int x = 0; x < step.out.width; ++x, to += pixel_bytes) {
    const int left = x * window.stride.width - window.padding_left;
    const bool inside = left >= 0 && left + window.kernel.width <= width;
    for (int ky = 0; ky < window.kernel.height; ++ky) {
      const int row = y * window.stride.height - window.padding_top + ky * window.dilation.height;
      unsigned char* const at = to + ky * window_bytes;
      const unsigned char* const from = image + (std::int64_t{row} * width + left) * channels;
      if (row < 0 || row >= step.in.height) {
        std::memset(at, zero, window_bytes);
      } else if (window.dilation.width == 1 && inside) {
        copy_few<window_bytes, flips>(from, at);
      } else {
        for (int kx = 0; kx < window.kernel.width; ++kx) {
          const int column = left + kx * window.dilation.width;
          for (int c = 0; c < channels; ++c) {
            at[kx * channels + c] =
                column < 0 || column >= width
                    ? zero
                    : static_cast<unsigned char>(from[kx * window.dilation.width * channels + c] ^
                                                 (flips ? 0x80 : 0));
          }
        }
      }
    }
    for (int i = how::depth; i < pixel_bytes; ++i) {
      to[i] = 0;
    }
  }
}

} // namespace inlay::kernels::simd
