// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/depthwise_layout.hpp>
#include <inlay/kernels/neon/gather.hpp>

// Which steps have kernels here, how much scratch memory these take, and into how many units they
// are divided: what plans ask on any machine.

namespace inlay::kernels::neon {

/// Whether the kernel takes this sum: no multiplier is 1 or more.
constexpr bool has_kernel(const step::add& step) {
  return step.first_multiplier.shift <= 0 && step.second_multiplier.shift <= 0 &&
         step.output_multiplier.shift <= 0 && step.clamp.low <= step.clamp.high;
}

/// Whether results have 16 bits before the zero point is added.
constexpr bool is_narrow(const step::add& step) {
  // Both scaled inputs lie below 2^28.
  const std::int64_t most = (std::int64_t{1} << 29) * step.output_multiplier.mantissa;
  return (most >> 31 >> -step.output_multiplier.shift) < 32767;
}

/// Whether the kernel takes it: whole vectors of channels.
constexpr bool has_kernel(const step::mean& step) {
  return step.in.channels % 8 == 0;
}

/// Whether QUANTIZE leaves the numbers as they are and only moves the zero point by 128.
constexpr bool has_kernel(const step::requantize& step) {
  return step.multiplier == quantized_multiplier{1 << 30, 1} && step.from != step.to &&
         step.input_zero_point - offset_of(step.from) ==
             step.output_zero_point - offset_of(step.to) &&
         step.elements % 16 == 0;
}

/// Whether the kernel takes this block.
constexpr bool has_kernel(const step::inverted_residual& block) {
  return has_kernel(block.depthwise) && reads_pixels(block.projection) &&
         (!block.adds || has_kernel(block.sum));
}

/// Where the parts of a scratch memory begin: multiples of a cache line.
constexpr std::int32_t aligned(std::int32_t bytes) {
  return round_up(bytes, 64);
}

/// Bytes of the panels of this many pixels.
constexpr std::int32_t panel_bytes(std::int32_t pixels, std::int32_t depth) {
  return round_up(pixels, panel_pixels) * depth;
}

/// Some pixels of a convolution in panels, after their sums.
constexpr std::int32_t panels_at(std::int32_t pixels) {
  return aligned(pixels * 4);
}
constexpr std::int32_t scratch_of_pixels(const step::convolution& step, std::int32_t pixels) {
  return panels_at(pixels) + aligned(panel_bytes(pixels, depth_of(step)));
}

/// A row of a convolution of any window: its gathered inputs, then its pixels.
constexpr std::int32_t gathered_bytes(const step::convolution& step) {
  return reads_pixels(step) ? 0 : aligned(step.out.width * depth_of(step));
}
constexpr std::int32_t scratch_of_row(const step::convolution& step) {
  return gathered_bytes(step) + scratch_of_pixels(step, step.out.width);
}

/// Pixels at a time of a convolution that reads pixels.
inline constexpr std::int32_t run_pixels = 8;

template <class Isa>
constexpr std::int32_t scratch_bytes_of(const step::convolution& step) {
  const bool alone = step.out.height == 1 && step.out.width == 1;
  return reads_pixels(step) ? scratch_of_pixels(step, alone ? 1 : run_pixels)
                            : scratch_of_row(step);
}

/// A row of a depthwise convolution's input as its kernel wants it.
template <class Isa>
constexpr std::int32_t prepared_row_bytes(const step::depthwise_convolution& step) {
  return step.in.channels * (uses_dots<Isa>(step)
                                 ? (divide_up(step.out.width, 4) * step.window.stride.width + 1) * 4
                                 : step.in.width);
}
template <class Isa>
constexpr std::int32_t scratch_of_ring(const step::depthwise_convolution& step) {
  return 4 * aligned(prepared_row_bytes<Isa>(step)) + aligned(step.in.channels);
}

/// Of a depthwise convolution tap by tap: a pixel of zero points, and the rows of a window with
/// each channel as often as it has outputs, where that is not once.
struct taps_memory {
  std::int32_t row_bytes;
  std::int32_t bytes;

  constexpr explicit taps_memory(const step::depthwise_convolution& step)
      : row_bytes(step.multiplier == 1 ? 0 : aligned(step.in.width * step.out.channels)),
        bytes(aligned(step.out.channels) + step.window.kernel.height * row_bytes) {}
};

template <class Isa>
constexpr std::int32_t scratch_bytes_of(const step::depthwise_convolution& step) {
  return has_kernel(step)        ? scratch_of_ring<Isa>(step)
         : has_taps_kernel(step) ? taps_memory(step).bytes
                                 : 0;
}

/// A block by rows.
template <class Isa>
struct block_memory {
  /// An expanded row is brought into another order afterwards.
  bool keeps_row;
  /// The depthwise convolution writes the projection's panels.
  bool makes_panels;
  std::int32_t row_at;
  std::int32_t filtered_at;
  std::int32_t work_at;
  std::int32_t bytes;

  constexpr explicit block_memory(const step::inverted_residual& block)
      : keeps_row(block.expands && uses_dots<Isa>(block.depthwise)),
        makes_panels(uses_dots<Isa>(block.depthwise) &&
                     block.projection.weights_zero_point == offset_of(block.projection.type)),
        row_at(scratch_of_ring<Isa>(block.depthwise)),
        filtered_at(row_at + (keeps_row
                                  ? aligned(block.depthwise.in.width * block.depthwise.in.channels)
                                  : 0)),
        work_at(
            filtered_at +
            (makes_panels ? 0 : aligned(block.depthwise.out.width * block.depthwise.out.channels))),
        bytes(work_at + [&] {
          const std::int32_t expansion = block.expands ? scratch_of_row(block.expansion) : 0;
          const std::int32_t projection =
              scratch_of_pixels(block.projection, block.projection.out.width);
          return expansion > projection ? expansion : projection;
        }()) {}
};

template <class Isa>
constexpr std::int32_t scratch_bytes_of(const step::inverted_residual& block) {
  return block_memory<Isa>(block).bytes;
}

/// Runs of pixels, of a single pixel blocks of channels, and rows where the window is larger.
template <class Isa>
constexpr std::int32_t units_of(const step::convolution& step) {
  const std::int64_t pixels = std::int64_t{step.out.height} * step.out.width;
  return !reads_pixels(step) ? step.out.height
         : pixels == 1       ? divide_up(step.out.channels, Isa::channels)
                             : static_cast<std::int32_t>(divide_up(pixels, run_pixels));
}
/// Rows.
template <class Isa>
constexpr std::int32_t units_of(const step::depthwise_convolution& step) {
  return has_kernel(step) || has_taps_kernel(step) ? step.out.height : 1;
}
template <class Isa>
constexpr std::int32_t units_of(const step::inverted_residual& block) {
  return block.depthwise.out.height;
}

/// Elements of a unit of ADD.
inline constexpr std::int64_t run_elements = 1024;
template <class Isa>
constexpr std::int32_t units_of(const step::add& step) {
  return has_kernel(step) ? static_cast<std::int32_t>(divide_up(step.elements, run_elements)) : 1;
}
/// Eight channels each.
template <class Isa>
constexpr std::int32_t units_of(const step::mean& step) {
  return has_kernel(step) ? step.in.channels / 8 : 1;
}
/// Of 16 elements each.
template <class Isa>
constexpr std::int32_t units_of(const step::requantize& step) {
  return has_kernel(step) ? static_cast<std::int32_t>(step.elements / 16) : 1;
}

} // namespace inlay::kernels::neon
