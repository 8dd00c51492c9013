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

/// The same for 16 bytes.
template <bool Flip>
[[gnu::always_inline]] inline void copy_sixteen(const unsigned char* from,
                                                unsigned char* to) noexcept {
  using sixteen = std::uint64_t __attribute__((vector_size(16)));
  sixteen values;
  std::memcpy(&values, from, sizeof values);
  values ^= Flip ? 0x8080808080808080U : 0;
  std::memcpy(to, &values, sizeof values);
}

/// Widens `Count` bytes that lie in the second half of where they go.
template <class Arch, int Count>
inline void widen_activations(unsigned char* to) noexcept {
  constexpr int width = 4 * Arch::lanes;
  constexpr int whole = Count / width * width;
  const unsigned char* const from = to + Count;
  for (int i = 0; i < whole; i += width) {
    const auto some = reinterpret_cast<typename Arch::bytes>(Arch::load(from + i));
    Arch::store_activations(to + 2 * i, some);
  }
  for (int i = whole; i < Count; ++i) {
    const unsigned char one = from[i];
    to[2 * i] = one;
    to[2 * i + 1] = 0;
  }
}

/// The numbers of how the pixels of a convolution are read.
template <class Arch>
struct gather_numbers {
  int depth;
  int pixel_bytes;
  bool flips;
  /// Each output pixel reads the input pixel in its place.
  bool pointwise;
  /// Tiles can read the input itself.
  bool in_place;
  /// Of a gathered row.
  std::int64_t row_bytes;

  constexpr explicit gather_numbers(const step::convolution& step)
      : depth(step.window.kernel.height * step.window.kernel.width * step.in.channels),
        pixel_bytes(4 * divide_up(depth, 4) * Arch::slices), flips(step.type == element::int8),
        pointwise(step.window.kernel == extent{1, 1} && step.window.stride == extent{1, 1} &&
                  step.window.padding_top == 0 && step.window.padding_left == 0 &&
                  step.in.height == step.out.height && step.in.width == step.out.width),
        in_place(pointwise && !flips && depth % 4 == 0 && Arch::slices == 1),
        row_bytes(in_place ? 0 : std::int64_t{step.out.width} * pixel_bytes) {}
};

/// How the pixels of a convolution are read.
template <class Arch, step::convolution Step>
struct gathering {
  static constexpr gather_numbers<Arch> numbers{Step};
  static constexpr int depth = numbers.depth;
  static constexpr int pixel_bytes = numbers.pixel_bytes;
  static constexpr bool flips = numbers.flips;
  static constexpr bool pointwise = numbers.pointwise;
  static constexpr bool in_place = numbers.in_place;

  /// Bytes of `rows` gathered rows.
  static constexpr std::int64_t bytes(int rows) { return rows * numbers.row_bytes; }
};

/// Writes one output row's pixels, a byte each activation.
template <class Arch, step::convolution Step>
class row_gatherer {
  using how = gathering<Arch, Step>;
  static constexpr int pixel_bytes = how::pixel_bytes / Arch::slices;
  static constexpr step::convolution step = Step;
  static constexpr step::sliding_window window = Step.window;
  static constexpr int channels = step.in.channels, width = step.in.width;
  static constexpr int window_bytes = window.kernel.width * channels;
  static constexpr auto zero =
      static_cast<unsigned char>(level_of_zero(step.type, step.input_zero_point));

public:
  row_gatherer(const unsigned char* image, std::int32_t y) noexcept
      : image_(image), top_(y * window.stride.height - window.padding_top) {}

  void write(unsigned char* to) const noexcept {
    if constexpr (how::pointwise && how::depth % 4 == 0) {
      constexpr std::int64_t row_bytes = std::int64_t{width} * channels;
      copy_activations<Arch, how::flips>(image_ + top_ * row_bytes, to, row_bytes);
    } else {
      int x = 0;
      for (; x < first_inside; ++x, to += pixel_bytes) {
        write_pixel(x, to);
      }
      if constexpr (window_bytes > 8 && window_bytes <= 16 && window.dilation.width == 1) {
        if (top_ >= 0 &&
            top_ + (window.kernel.height - 1) * window.dilation.height < step.in.height - 1) {
          to = write_inside(x, to);
          x = last_inside > x ? last_inside : x;
        }
      }
      for (; x < step.out.width; ++x, to += pixel_bytes) {
        write_pixel(x, to);
      }
    }
  }

private:
  // The columns whose windows are inside of the image; the last but one, because 16 bytes of it may
  // be too many.
  static constexpr int first_inside = [] {
    const int first = divide_up(window.padding_left, window.stride.width);
    return first < step.out.width ? first : step.out.width;
  }();
  static constexpr int last_inside = [] {
    const int last = (width - window.kernel.width + window.padding_left) / window.stride.width + 1;
    return (last < step.out.width ? last : step.out.width) - 1;
  }();

  [[nodiscard]] const unsigned char* pixel(int ky, int x) const noexcept {
    const int left = x * window.stride.width - window.padding_left;
    return image_ + (std::int64_t{top_ + ky * window.dilation.height} * width + left) * channels;
  }

  /// Pixels from `x` on whose windows are inside; the rows below the window are, too. What is too
  /// much of 16 bytes falls on places that are written later.
  unsigned char* write_inside(int x, unsigned char* to) const noexcept {
    const unsigned char* from[std::size_t{window.kernel.height}];
    for (int ky = 0; ky < window.kernel.height; ++ky) {
      from[ky] = pixel(ky, x);
    }
    for (; x < last_inside; ++x, to += pixel_bytes) {
      unroll<window.kernel.height>([&](auto ky) __attribute__((always_inline)) {
        copy_sixteen<how::flips>(from[ky], to + ky * window_bytes);
        from[ky] += window.stride.width * channels;
      });
      pad(to);
    }
    return to;
  }

  void write_pixel(int x, unsigned char* to) const noexcept {
    const int left = x * window.stride.width - window.padding_left;
    const bool inside = left >= 0 && left + window.kernel.width <= width;
    for (int ky = 0; ky < window.kernel.height; ++ky) {
      const int row = top_ + ky * window.dilation.height;
      unsigned char* const at = to + ky * window_bytes;
      const unsigned char* const from = pixel(ky, x);
      if (row < 0 || row >= step.in.height) {
        std::memset(at, zero, window_bytes);
      } else if (window.dilation.width == 1 && inside) {
        copy_few<window_bytes, how::flips>(from, at);
      } else {
        for (int i = 0; i < window_bytes; ++i) {
          const int column = left + i / channels * window.dilation.width;
          at[i] = column < 0 || column >= width
                      ? zero
                      : static_cast<unsigned char>(
                            image_[(std::int64_t{row} * width + column) * channels + i % channels] ^
                            (how::flips ? 0x80 : 0));
        }
      }
    }
    pad(to);
  }

  static void pad(unsigned char* to) noexcept {
    for (int i = how::depth; i < pixel_bytes; ++i) {
      to[i] = 0;
    }
  }

  const unsigned char* image_;
  int top_;
};

/// Writes one output row's pixels, as tiles read them.
template <class Arch, step::convolution Step>
inline void gather_row(const unsigned char* image, std::int32_t y, unsigned char* to) noexcept {
  const row_gatherer<Arch, Step> row(image, y);
  if constexpr (Arch::slices == 1) {
    row.write(to);
  } else {
    constexpr auto count = static_cast<int>(gathering<Arch, Step>::bytes(1) / 2);
    row.write(to + count);
    widen_activations<Arch, count>(to);
  }
}

} // namespace inlay::kernels::simd
