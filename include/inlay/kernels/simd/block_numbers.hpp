// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/depthwise.hpp>
#include <inlay/kernels/simd/gather.hpp>
#include <inlay/numerics/divide_up.hpp>

// The numbers of a fused block that decide over memory and over how threads share it.

namespace inlay::kernels::simd {

/// Whether inverted_residual has a kernel for this block.
template <class Arch>
constexpr bool fuses(const step::inverted_residual& block) {
  const auto& zero = block.expansion.output_zero_point;
  const auto& clamp = block.expansion.clamp;
  return fits_quads(block.depthwise) && block.depthwise.window.kernel.height > 1 &&
         (!block.expands || (clamp.low <= zero && zero <= clamp.high)) &&
         // Channels that fill up a vector count in the sums of pixels.
         (pixel_factor(block.projection) == 0 || block.projection.in.channels % Arch::lanes == 0) &&
         block.depthwise.in.width >= 2;
}

/// Scratch memory of a block: the two quads, the depthwise convolution's result, gathered rows.
/// Quads that stay in the first-level cache anyway are expanded whole; the rows are not read after
/// that.
template <class Arch>
struct block_memory {
  bool expands_whole;
  std::int64_t planes_at;
  std::int64_t planes_bytes;
  std::int64_t rows_at;
  std::size_t bytes = 0;

  constexpr explicit block_memory(const step::inverted_residual& block)
      : block_memory(quad_numbers<Arch>(block.depthwise),
                     block.expands ? 4 * gather_numbers<Arch>(block.expansion).row_bytes : 0) {}

private:
  constexpr block_memory(const quad_numbers<Arch>& quad, std::int64_t gathered)
      : expands_whole(2 * quad.quad_bytes <= 32 * 1024), planes_at(2 * quad.quad_bytes),
        planes_bytes(std::int64_t{quad.vectors} * quad.column_groups * 4 * Arch::lanes *
                     Arch::slices),
        rows_at(planes_at + (expands_whole ? 0 : planes_bytes)) {
    const std::int64_t planes_end = planes_at + planes_bytes;
    const std::int64_t rows_end = rows_at + gathered;
    bytes = static_cast<std::size_t>(planes_end > rows_end ? planes_end : rows_end);
  }
};

template <class Arch>
constexpr std::size_t scratch_bytes_of(const step::inverted_residual& block) {
  return block_memory<Arch>(block).bytes;
}

/// How many rows of a block's first quad lie above its output. An even number of quads can be
/// halved, and the halves are equal if as many rows are missing at the top as at the bottom.
template <class Arch>
constexpr int rows_above(const step::inverted_residual& block) {
  const auto& window = block.depthwise.window;
  const int rows = quad_numbers<Arch>(block.depthwise).rows, height = block.depthwise.out.height;
  const int quads = divide_up(height, rows);
  // One quad more where it is a small part of the work.
  const int even = quads % 2 == 0 || quads < 7 ? quads : quads + 1;
  const int above = even % 2 == 0 ? (even * rows - height) / 2 : 0;
  return block.expands && window.padding_top + above * window.stride.height < 4 ? above : 0;
}

} // namespace inlay::kernels::simd
