// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/block.hpp>
#include <inlay/kernels/ethos_u/channel_range.hpp>
#include <inlay/kernels/ethos_u/registers.hpp>
#include <inlay/kernels/ethos_u/weight_stream.hpp>
#include <inlay/numerics/quantization.hpp>

#include <array>
#include <cstdint>

namespace inlay::ethos_u {

/// The memories that a command stream knows by number.
enum class region : std::uint8_t { constants = 0, arena = 1 };

/// Rows of a tensor in memory, as an operation sees them. Blocked ones lie in slices of 16 channels
/// (NHCWB16): channel c of pixel (y, x) at y * row_stride + c / 16 * 16 * width + x * 16 + c % 16;
/// the others (NHWC) at y * row_stride + x * depth + c.
struct feature_map {
  ethos_u::region region = region::arena;
  /// Where row 0 lies.
  std::int64_t base = 0;
  /// Rows from here on lie at `wrapped_base`: a ring goes on at its beginning.
  std::int32_t first_rows = 1;
  std::int64_t wrapped_base = 0;
  std::int32_t height = 1;
  std::int32_t width = 1;
  std::int32_t depth = 1;
  std::int64_t row_stride = 0;
  /// Channels that a pixel has in memory, where an operation makes some of them only; else 0.
  std::int32_t pixel_depth = 0;
  bool is_blocked = false;
  bool is_signed = true;
  std::int32_t zero_point = 0;

  [[nodiscard]] constexpr std::int64_t stride_x() const {
    return is_blocked ? 16 : pixel_depth > 0 ? pixel_depth : depth;
  }
  [[nodiscard]] constexpr std::int64_t stride_c() const {
    return is_blocked ? std::int64_t{16} * width : 1;
  }
  /// From the first byte of a row to its last one.
  [[nodiscard]] constexpr std::int64_t row_bytes() const {
    return is_blocked ? (depth + 15) / 16 * stride_c() : (width - 1) * stride_x() + depth;
  }
};

/// Some channels of a map; the first is a multiple of channel_granule.
constexpr feature_map channels_of(const feature_map& whole, const channel_range& which) {
  feature_map some = whole;
  const std::int64_t skipped = whole.is_blocked ? which.first / 16 * whole.stride_c() : which.first;
  some.base += skipped;
  some.wrapped_base += skipped;
  some.depth = which.count;
  some.pixel_depth = whole.depth;
  return some;
}

/// Rows and columns of zero points around an input.
struct padding_around {
  std::int32_t top = 0;
  std::int32_t left = 0;
  std::int32_t bottom = 0;
  std::int32_t right = 0;
};

/// One operation of an NPU.
struct operation {
  operation_kind kind = operation_kind::convolution;
  feature_map input{};
  feature_map second{};
  feature_map output{};
  extent kernel{};
  extent stride{};
  extent dilation{};
  padding_around padding{};
  bool part_kernel_first = false;
  block_choice blocks{};
  /// Convolutions alone; their scales are records beside the weights.
  packed_layer weights{};
  region constants_in = region::constants;
  value_range clamp{};
  /// ADD and POOL: an output is a sum times multiplier / 2^shift.
  std::uint32_t output_multiplier = 1;
  std::int32_t output_shift = 0;
  /// ADD: operands are scaled by multiplier / 2^shift.
  scaled_operand scaled = scaled_operand::none;
  std::uint32_t operand_multiplier = 0;
  std::int32_t operand_shift = 0;
  /// How many blocks of the operation before may still be unfinished when this one begins.
  std::int32_t block_dependency = 0;
};

/// What an operation's blocks depend on.
constexpr block_request request_of(const operation& what) {
  return {.kind = what.kind,
          .output = {what.output.height, what.output.width, what.output.depth},
          .input_depth = what.input.depth,
          .kernel = {(what.kernel.height - 1) * what.dilation.height + 1,
                     (what.kernel.width - 1) * what.dilation.width + 1},
          .stride = what.stride,
          .part_kernel_first = what.part_kernel_first};
}

} // namespace inlay::ethos_u
