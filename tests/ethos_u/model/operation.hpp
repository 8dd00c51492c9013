// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "machine.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// A command stream as values: every operation with all that the registers say about it.

namespace inlay::test::npu_model {

enum class kind { convolution, depthwise, pool, elementwise, dma, dma_wait, kernel_wait };
enum class tensor_layout { nhwc, nhcwb16 };
enum class rounding { tflite, truncate, natural };
enum class pooling { maximum, average, reduce_sum };
enum class elementwise { mul, add, sub, min, max, lrelu, abs, clz, shr, shl };

/// A tensor in memory. Rows from height0 on (columns from width0 on: height1) lie in other tiles.
struct feature_map {
  int region = 0;
  std::array<std::int64_t, 4> base{};
  std::int64_t stride_x = 0; ///< bytes, like stride_y and stride_c (of 16 channels)
  std::int64_t stride_y = 0;
  std::int64_t stride_c = 0;
  int height = 0;
  int width = 0;
  int depth = 0;
  int height0 = 0;
  int height1 = 0;
  int width0 = 0;
  int element_bytes = 1;
  bool is_signed = false;
  tensor_layout layout = tensor_layout::nhwc;
  int zero_point = 0;

  /// Bytes from the region's base to an element.
  [[nodiscard]] std::int64_t address(int y, int x, int c) const {
    const bool right = x >= width0;
    const int upper = right ? height1 : height0;
    const bool lower = y >= upper;
    const std::int64_t tile = base[(lower ? 2U : 0U) + (right ? 1U : 0U)];
    const std::int64_t row = tile + (lower ? y - upper : y) * stride_y;
    const std::int64_t column = right ? x - width0 : x;
    if (layout == tensor_layout::nhwc) {
      return row + column * stride_x + std::int64_t{c} * element_bytes;
    }
    return row + column * 16 * element_bytes + (c / 16) * stride_c +
           std::int64_t{c % 16} * element_bytes;
  }

  /// What an element's type holds.
  [[nodiscard]] std::int64_t least() const {
    return is_signed ? -(std::int64_t{1} << (8 * element_bytes - 1)) : 0;
  }
  [[nodiscard]] std::int64_t greatest() const {
    return (std::int64_t{1} << (8 * element_bytes - (is_signed ? 1 : 0))) - 1;
  }
};

/// Numbers that ACTIVATION can have besides none (0) and tables (16 to 23).
inline constexpr int tanh_activation = 3;
inline constexpr int sigmoid_activation = 4;

/// A multiplier and a shift to the right.
struct scale {
  std::uint32_t multiplier = 0;
  int shift = 0;
};

struct range {
  std::int64_t base = 0;
  std::int64_t bytes = 0;
};

struct operation {
  npu_model::kind kind = kind::convolution;
  int index = 0;        ///< among operations, waits and DMA counted
  std::size_t word = 0; ///< of its command in the stream
  int parameter = 0;    ///< of the command: a pooling or elementwise mode, what a wait allows

  feature_map ifm;
  feature_map ifm2;
  feature_map ofm;

  int kernel_height = 1; ///< extents of a dilated kernel, as the registers hold them
  int kernel_width = 1;
  int stride_y = 1;
  int stride_x = 1;
  int dilation_y = 1;
  int dilation_x = 1;
  bool part_kernel = false;
  int pad_top = 0;
  int pad_left = 0;
  int pad_bottom = 0;
  int pad_right = 0;
  int upscale = 0; ///< 0 none, 1 nearest, 2 zeros between

  npu_model::rounding rounding = rounding::tflite;
  bool global_scale = false;
  int scale_mode = 0; ///< elementwise: 0 both operands by 16 bits, 1 OPA by 32, 2 OPB by 32
  scale ofm_scale;
  scale opa_scale;
  scale opb_scale;
  int activation = 0;
  int activation_min = 0;
  int activation_max = 0;

  int broadcast = 0; ///< IFM2_BROADCAST
  int scalar = 0;    ///< IFM2_SCALAR, 16 bits

  int block_height = 1;
  int block_width = 1;
  int block_depth = 1;
  int input_end = 0; ///< banks: IB_END, IFM2_IB_START, AB_START
  int input2_start = 0;
  int sum_start = 0;
  int sum_format = 0;
  int block_dependency = 0;
  int cores = 1;

  int weight_region = 0;
  int scale_region = 0;
  std::array<range, 2> weights; ///< one a core
  std::array<range, 2> scales;

  int source_region = 0; ///< DMA; bit 8: SHRAM
  int target_region = 0; ///< like source_region
  std::int64_t source = 0;
  std::int64_t target = 0;
  std::int64_t bytes = 0;    ///< of a row
  int source_dimensions = 1; ///< 2: with row_skip behind each row, 3: plane_skip behind each plane
  int target_dimensions = 1;
  int rows = 1; ///< of a plane
  int planes = 1;
  std::int64_t row_skip = 0;
  std::int64_t plane_skip = 0;

  std::vector<std::string_view> unset; ///< registers that matter here and were never set

  [[nodiscard]] bool is_kernel() const {
    return kind == kind::convolution || kind == kind::depthwise || kind == kind::pool ||
           kind == kind::elementwise;
  }
  [[nodiscard]] bool has_weights() const {
    return kind == kind::convolution || kind == kind::depthwise;
  }
  [[nodiscard]] pooling pool_mode() const { return static_cast<pooling>(parameter); }
  [[nodiscard]] elementwise elementwise_mode() const { return static_cast<elementwise>(parameter); }
  [[nodiscard]] bool is_unary() const {
    return kind == kind::elementwise &&
           (elementwise_mode() == elementwise::lrelu || elementwise_mode() == elementwise::abs ||
            elementwise_mode() == elementwise::clz);
  }
  [[nodiscard]] bool has_scalar() const { return (broadcast & 0x80) != 0; }
  /// Whether a second tensor is read from memory.
  [[nodiscard]] bool has_ifm2() const {
    return kind == kind::elementwise && !is_unary() && !has_scalar();
  }
  [[nodiscard]] bool reversed() const { return (broadcast & 0x40) != 0; }
  /// Whether results go through a table; it begins 256 bytes times table() after the first.
  [[nodiscard]] bool has_table() const {
    return is_kernel() && (activation & 0xFFF) >= 16 && (activation & 0xFFF) < 24;
  }
  [[nodiscard]] int table() const { return (activation & 0xFFF) - 16; }
  [[nodiscard]] bool into_shram() const { return (target_region & 0x100) != 0; }
  /// Whether results become values of a curve that the NPU has.
  [[nodiscard]] bool has_curve() const {
    return (activation & 0xFFF) == tanh_activation || (activation & 0xFFF) == sigmoid_activation;
  }

  /// Whether a transfer is one that a stream may have; a damaged one must come to an end.
  [[nodiscard]] bool has_few_rows() const {
    constexpr std::int64_t most = std::int64_t{1} << 40; // addresses have as many bits
    return std::int64_t{rows} * planes <= 1 << 20 && bytes < most && row_skip < most &&
           row_skip > -most && plane_skip < most && plane_skip > -most;
  }

  /// Calls visit(source, target) for each row of a transfer, with its first bytes' offsets.
  template <class Visit>
  void each_row(Visit visit) const {
    const auto offset = [&](int dimensions, int plane, int row) {
      const std::int64_t pitch = bytes + (dimensions > 1 ? row_skip : 0);
      return plane * (rows * pitch + (dimensions > 2 ? plane_skip : 0)) + row * pitch;
    };
    for (int plane = 0; plane < planes; ++plane) {
      for (int row = 0; row < rows; ++row) {
        visit(source + offset(source_dimensions, plane, row),
              target + offset(target_dimensions, plane, row));
      }
    }
  }
};

struct program {
  npu_model::machine machine;
  std::size_t words = 0; ///< of the stream
  std::vector<operation> operations;
};

/// "operation 3 (DEPTHWISE, word 120)".
[[nodiscard]] std::string describe(const operation& what);

} // namespace inlay::test::npu_model
