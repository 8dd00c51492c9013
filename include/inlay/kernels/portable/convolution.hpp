// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/gather.hpp>
#include <inlay/kernels/portable/matrix.hpp>
#include <inlay/kernels/portable/packed_convolution.hpp>
#include <inlay/kernels/portable/requantize_rows.hpp>
#include <inlay/numerics/divide_up.hpp>

// CONV_2D and FULLY_CONNECTED by rows: some pixels of the output row are staged (as words, with
// all that their windows see), then pair by pair the output channels are staged and multiplied
// by all of these pixels, and requantized.

namespace inlay::kernels::portable {

/// Whether pixels are read where they lie, by whole fours.
constexpr bool is_read_in_place(const convolution_shape& shape) noexcept {
  return shape.is_pointwise() && shape.in_channels % 4 == 0;
}

/// How a row is cut, and where the parts of its scratch memory begin, in bytes.
struct convolution_scratch {
  /// Pixels at a time; even.
  std::int32_t pixels = 0;
  std::size_t staged_pair = 0;
  std::size_t channels = 0;
  std::size_t sums = 0;
  std::size_t windows = 0;
  std::size_t bytes = 0;

  /// Staging channels anew for each block of pixels must not cost much: at least so many pixels,
  /// or more, as long as they have no more elements than that.
  static constexpr std::int32_t least_pixels = 16;
  static constexpr std::int32_t most_elements = 2048;

  static constexpr convolution_scratch of(const convolution_shape& shape,
                                          std::int32_t words_a_group) noexcept {
    const std::int32_t by_elements = most_elements / shape.depth();
    const std::int32_t most = by_elements > least_pixels ? by_elements : least_pixels;
    const std::int32_t blocks = divide_up(shape.out_width, most);
    const std::int32_t across = divide_up(shape.out_width, blocks);
    const auto groups = static_cast<std::size_t>((shape.depth() + 3) / 4);
    convolution_scratch made;
    made.pixels = (across + 1) / 2 * 2;
    made.staged_pair = groups * static_cast<std::size_t>(words_a_group) * sizeof(word);
    const auto count = static_cast<std::size_t>(made.pixels);
    made.channels = count / 2 * made.staged_pair;
    made.sums = made.channels + made.staged_pair;
    made.windows = made.sums + count * 2 * sizeof(std::int32_t);
    made.bytes = made.windows + (is_read_in_place(shape) ? 0 : 2 * groups * 4);
    return made;
  }
};

/// All that the kernel knows of a layer besides its parameters.
struct convolution_plan {
  convolution_shape shape{};
  packed_convolution packed{};
  convolution_scratch scratch{};
  /// Of scratch memory.
  std::size_t bytes = 0;

  template <class Core>
  static constexpr convolution_plan of(const convolution_shape& shape) noexcept {
    const auto scratch = convolution_scratch::of(shape, Core::words_a_group);
    return {shape, packed_convolution::of(shape), scratch, scratch.bytes};
  }
};

template <class Core, step::convolution Step>
inline constexpr convolution_plan convolution_plan_of = convolution_plan::of<Core>(shape_of<Step>);

/// What the window of output pixel `x` sees, in whole fours: in place, or copied to `window`.
inline const unsigned char* window_of(const convolution_shape& shape,
                                      const unsigned char* const* rows, std::int32_t x,
                                      unsigned char* window) noexcept {
  if (is_read_in_place(shape)) {
    return rows[0] + x * shape.in_channels;
  }
  gather_window(shape, rows, x, window);
  return window;
}

template <class Core, element Type>
[[gnu::noinline]] void stage_pixels(const convolution_plan& plan, const unsigned char* const* rows,
                                    std::int32_t first, std::int32_t count,
                                    unsigned char* scratch) noexcept {
  const std::int32_t groups = plan.packed.groups;
  unsigned char* const windows = scratch + plan.scratch.windows;
  for (std::int32_t x = first; x < first + count; x += 2) {
    const unsigned char* const one = window_of(plan.shape, rows, x, windows);
    // An odd last pixel is its own partner, whose sums nobody reads.
    const unsigned char* const other =
        x + 1 < first + count ? window_of(plan.shape, rows, x + 1, windows + groups * 4) : one;
    Core::template stage_pixels<Type>(one, other, groups, reinterpret_cast<word*>(scratch));
    scratch += plan.scratch.staged_pair;
  }
}

/// The two channels that begin at `channel` when one of them is not there, or careful; their sums
/// are doubled and without bias.
template <class Core, element Type>
[[gnu::noinline]] void requantize_unusual(const convolution_plan& plan, std::int32_t channel,
                                          const channel_constants (&channels)[2],
                                          std::int32_t count, std::int32_t* sums,
                                          unsigned char* out) noexcept {
  const std::int32_t stride = plan.shape.out_channels;
  for (std::int32_t i = 0; i < 2 && channel + i < stride; ++i) {
    if ((channels[i].code & channel_constants::careful) != 0) {
      requantize_carefully<true>({sums + i, 2, out + i, stride, count}, channels[i],
                                 plan.shape.stage);
      continue;
    }
    const std::int32_t offset = plan.shape.stage.offset(channels[i].code);
    const std::int32_t bias = wrapping_shift_left(channels[i].bias, 1);
    for (std::int32_t x = 0; x < count; ++x) {
      out[x * stride + i] = requantize<Core, Type, requantization{}>(
          wrapping_add(sums[2 * x + i], bias), channels[i].mantissa, offset, channels[i].code,
          plan.shape.stage.clamp);
    }
  }
}

/// Two output channels of staged pixels.
template <class Core, element Type>
[[gnu::noinline]] void convolve_pair(const convolution_plan& plan, const unsigned char* packed,
                                     std::int32_t channel, std::int32_t count,
                                     unsigned char* scratch, unsigned char* out) noexcept {
  const packed_convolution& parts = plan.packed;
  const channel_constants channels[2] = {packed_channel(parts, packed, channel),
                                         packed_channel(parts, packed, channel + 1)};
  const unsigned char* const weights =
      packed + parts.weights_at + static_cast<std::size_t>(channel / 2) * parts.weights_a_pair();
  word* const staged = reinterpret_cast<word*>(scratch + plan.scratch.channels);
  Core::template stage_channels<Type>(weights, parts.groups, plan.shape.weights_zero_point, staged);
  auto* const sums = reinterpret_cast<std::int32_t*>(scratch + plan.scratch.sums);
  product given{reinterpret_cast<const word*>(scratch), staged, parts.groups, count};
  if (((channels[0].code | channels[1].code) & channel_constants::careful) != 0 ||
      channel + 1 == plan.shape.out_channels) {
    Core::multiply(given, sums);
    requantize_unusual<Core, Type>(plan, channel, channels, count, sums, out);
    return;
  }
  given.begin[0] = wrapping_shift_left(channels[0].bias, 1);
  given.begin[1] = wrapping_shift_left(channels[1].bias, 1);
  Core::multiply(given, sums);
  with_requantization(plan.shape.stage, [&]<requantization How>() {
    requantize_pair<Core, Type, How>(sums, count, channels, plan.shape.stage, out,
                                     plan.shape.out_channels);
  });
}

/// One output row.
template <class Core, element Type>
[[gnu::noinline]] void
convolution_row(const convolution_plan& plan, const unsigned char* const* rows,
                const unsigned char* packed, unsigned char* scratch, unsigned char* out) noexcept {
  const std::int32_t block = plan.scratch.pixels;
  const std::int32_t width = plan.shape.out_width;
  for (std::int32_t x = 0; x < width; x += block) {
    const std::int32_t count = width - x < block ? width - x : block;
    stage_pixels<Core, Type>(plan, rows, x, count, scratch);
    for (std::int32_t channel = 0; channel < plan.shape.out_channels; channel += 2) {
      convolve_pair<Core, Type>(plan, packed, channel, count, scratch,
                                out + x * plan.shape.out_channels + channel);
    }
  }
}

} // namespace inlay::kernels::portable
