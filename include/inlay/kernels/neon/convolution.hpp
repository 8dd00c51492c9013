// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/neon/convolve.hpp>
#include <inlay/kernels/neon/gather.hpp>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// Some pixels of a convolution: brings them into panels and convolves them.
template <class Isa, step::convolution Step, std::int32_t Count>
struct pixels_of {
  static constexpr std::int32_t depth = depth_of(Step);
  static constexpr std::int32_t panels_at = neon::panels_at(Count);

  /// @param from the pixels, `depth` bytes each
  /// @param blocks the first block of channels, of which `channels` are made
  static void run(const unsigned char* from, const unsigned char* packed,
                  const unsigned char* blocks, std::int32_t channels, unsigned char* scratch,
                  unsigned char* output) noexcept {
    constexpr auto step = Step;
    constexpr bool flips = step.type == element::uint8;
    pack_panels<Isa, depth, flips>(from, Count,
                                   reinterpret_cast<std::int8_t*>(scratch + panels_at));
    if constexpr (form_of(step, requantization::narrow).sums) {
      sum_pixels<depth, flips>(from, Count, offset_of(step.type) - step.weights_zero_point,
                               reinterpret_cast<std::int32_t*>(scratch));
    }
    run_panels(packed, blocks, channels, scratch, output);
  }
  /// The pixels are in panels already, at scratch + panels_at.
  static void run_panels(const unsigned char* packed, const unsigned char* blocks,
                         std::int32_t channels, const unsigned char* scratch,
                         unsigned char* output) noexcept {
    constexpr auto step = Step;
    constexpr output_numbers numbers = numbers_of(step);
    constexpr std::int32_t tiles = Count / Isa::pixels;
    constexpr std::int32_t rest = Count % Isa::pixels;
    constexpr std::int32_t stride = step.out.channels;
    const pixel_run given{.panels = reinterpret_cast<const std::int8_t*>(scratch + panels_at),
                          .pixel_sums = reinterpret_cast<const std::int32_t*>(scratch),
                          .blocks = blocks,
                          .output = output,
                          .channels = channels};
    constexpr output_form usual = form_of(step, requantization::narrow);
    constexpr output_form unusual = form_of(step, requantization::general);
    if (packed[0] == static_cast<unsigned char>(requantization::narrow)) {
      convolve<Isa, rest, tile_shape{depth, stride, usual}>(given, tiles, numbers);
    } else {
      convolve<Isa, rest, tile_shape{depth, stride, unusual}>(given, tiles, numbers);
    }
  }
  static void run(const unsigned char* from, const unsigned char* packed, unsigned char* scratch,
                  unsigned char* output) noexcept {
    run(from, packed, packed + header_bytes, Step.out.channels, scratch, output);
  }
};

/// A row of a convolution of any window.
template <class Isa, step::convolution Step>
struct convolution_row {
  using pixels = pixels_of<Isa, Step, Step.out.width>;
  static constexpr bool direct = reads_pixels(Step);
  static constexpr std::int32_t gathered = gathered_bytes(Step);

  static void run(const unsigned char* image, const unsigned char* packed, std::int32_t y,
                  unsigned char* scratch, unsigned char* output) noexcept {
    constexpr auto step = Step;
    const unsigned char* from = scratch;
    if constexpr (direct) {
      from = image + std::int64_t{y} * step.in.width * step.in.channels;
    } else {
      gather_row<step>(image, y, scratch);
    }
    pixels::run(from, packed, scratch + gathered, output);
  }
};

/// CONV_2D and FULLY_CONNECTED.
template <class Isa, step::convolution Step>
struct convolution {
  static constexpr std::int64_t count = std::int64_t{Step.out.height} * Step.out.width;
  static constexpr bool direct = reads_pixels(Step);
  static constexpr auto rest = static_cast<std::int32_t>(count % run_pixels);
  static constexpr std::int32_t units = units_of<Isa>(Step);

  static void run(const arguments& given) noexcept {
    constexpr auto step = Step;
    const unsigned char* input = given.inputs[0];
    if constexpr (!direct) {
      for (std::int32_t y = given.units.first; y < given.units.last; ++y) {
        convolution_row<Isa, step>::run(input, given.packed, y, given.scratch,
                                        given.output +
                                            std::int64_t{y} * step.out.width * step.out.channels);
      }
    } else if constexpr (count == 1) {
      const std::int32_t first = given.units.first * Isa::channels;
      const std::int32_t end = given.units.last * Isa::channels;
      pixels_of<Isa, step, 1>::run(input, given.packed,
                                   given.packed + header_bytes +
                                       given.units.first * block_bytes<Isa>(depth_of(step)),
                                   (end < step.out.channels ? end : step.out.channels) - first,
                                   given.scratch, given.output + first);
    } else {
      for (std::int64_t i = given.units.first; i < given.units.last; ++i) {
        const unsigned char* from = input + i * run_pixels * step.in.channels;
        unsigned char* to = given.output + i * run_pixels * step.out.channels;
        if (rest == 0 || i + 1 < units) {
          pixels_of<Isa, step, run_pixels>::run(from, given.packed, given.scratch, to);
        } else if constexpr (rest != 0) {
          pixels_of<Isa, step, rest>::run(from, given.packed, given.scratch, to);
        }
      }
    }
  }
};

} // namespace inlay::kernels::neon
#endif
