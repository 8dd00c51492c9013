// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_stream.hpp"
#include "text_report.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace inspect {

namespace detail {

using short_register = inlay::ethos_u::short_register;
using long_register = inlay::ethos_u::long_register;

inline std::string element_of(std::int64_t precision, int size_at) {
  const int bits = 8 << (precision >> size_at & 3);
  return fmt::format("{}int{}", (precision & 1) != 0 ? "" : "u", bits);
}
inline std::string layout_of(std::int64_t precision) {
  return (precision >> 6 & 1) != 0 ? "NHCWB16" : "NHWC";
}
inline std::string address(std::int64_t region, std::int64_t base) {
  return fmt::format("{}:0x{:x}", region, base);
}

inline std::string input_of(const register_state& now, std::int64_t height, std::int64_t width) {
  const std::int64_t precision = now[short_register::ifm_precision];
  std::string text =
      fmt::format("{}x{}x{} {} {} {}", height, width, now[short_register::ifm_depth_m1] + 1,
                  element_of(precision, 2), layout_of(precision),
                  address(now[short_register::ifm_region], now[long_register::ifm_base0]));
  if (const std::int64_t rows = now[short_register::ifm_height0_m1] + 1; rows < height) {
    text += fmt::format(", from row {} on 0x{:x}", rows, now[long_register::ifm_base2]);
  }
  return text;
}
inline std::string output_of(const register_state& now) {
  const std::int64_t precision = now[short_register::ofm_precision];
  return fmt::format("{}x{}x{} {} {} {}", now[short_register::ofm_height_m1] + 1,
                     now[short_register::ofm_width_m1] + 1, now[short_register::ofm_depth_m1] + 1,
                     element_of(precision, 1), layout_of(precision),
                     address(now[short_register::ofm_region], now[long_register::ofm_base0]));
}

/// Rows or columns of an input, which the NPU computes from those of the output.
inline std::int64_t input_extent(std::int64_t output, std::int64_t stride, std::int64_t kernel,
                                 std::int64_t padding) {
  return (output - 1) * stride + kernel - padding;
}

/// Heights and widths are extents of a dilated kernel, as the registers hold them.
struct window {
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t stride_y = 1;
  std::int64_t stride_x = 1;
  std::int64_t dilation_y = 1;
  std::int64_t dilation_x = 1;

  explicit window(const register_state& now) {
    const std::int64_t bits = now[short_register::kernel_stride];
    stride_x = 1 + (bits & 1) + 2 * (bits >> 6 & 7);
    stride_y = 1 + (bits >> 1 & 1) + 2 * (bits >> 9 & 7);
    dilation_x = 1 + (bits >> 3 & 1);
    dilation_y = 1 + (bits >> 4 & 1);
    height = now[short_register::kernel_height_m1] + 1;
    width = now[short_register::kernel_width_m1] + 1;
  }

  [[nodiscard]] std::int64_t rows() const { return (height - 1) / dilation_y + 1; }
  [[nodiscard]] std::int64_t columns() const { return (width - 1) / dilation_x + 1; }

  [[nodiscard]] std::string text() const {
    std::string made = fmt::format("{}x{}", rows(), columns());
    if (stride_y != 1 || stride_x != 1) {
      made += fmt::format(" /{}x{}", stride_y, stride_x);
    }
    if (dilation_y != 1 || dilation_x != 1) {
      made += fmt::format(" dilated {}x{}", dilation_y, dilation_x);
    }
    return made;
  }
};

/// Where a transfer reads or writes. Bit 8 of the region says that it is SHRAM.
inline std::string side_of_transfer(std::int64_t region, std::int64_t base) {
  return (region >> 8 & 1) != 0 ? fmt::format("SHRAM 0x{:x}", base) : address(region & 7, base);
}

/// "3x5x48 bytes" for 3 planes of 5 rows: bits 9 and 10 of a region say how many dimensions it has.
inline std::string extent_of_transfer(const register_state& now) {
  const std::int64_t dimensions = std::max(now[short_register::dma0_src_region] >> 9 & 3,
                                           now[short_register::dma0_dst_region] >> 9 & 3);
  std::string text = grouped(now[long_register::dma0_len]) + " bytes";
  if (dimensions > 0) {
    text = fmt::format("{}x{}", now[short_register::dma0_size0], text);
  }
  if (dimensions > 1) {
    text = fmt::format("{}x{}", now[short_register::dma0_size1], text);
  }
  return text;
}

} // namespace detail

/// One operation in a line of the report.
struct npu_operation {
  std::size_t at = 0;
  std::string name;
  std::string input;
  std::string output;
  std::string window;
  std::string block;
  std::int64_t macs = 0;
  std::int64_t weights = 0;
  std::int64_t scales = 0;
};

inline npu_operation operation_of(const npu_command& command, const register_state& now) {
  using detail::long_register;
  using detail::short_register;
  using inlay::ethos_u::command::convolution;
  using inlay::ethos_u::command::depthwise;
  using inlay::ethos_u::command::dma_start;
  using inlay::ethos_u::command::elementwise;
  using inlay::ethos_u::command::pool;
  npu_operation made;
  made.at = command.at;
  made.name = command.name;
  if (command.is(dma_start)) {
    made.input = detail::side_of_transfer(now[short_register::dma0_src_region],
                                          now[long_register::dma0_src]);
    made.output = detail::side_of_transfer(now[short_register::dma0_dst_region],
                                           now[long_register::dma0_dst]);
    made.window = detail::extent_of_transfer(now);
    return made;
  }
  const std::int64_t height = now[short_register::ofm_height_m1] + 1;
  const std::int64_t width = now[short_register::ofm_width_m1] + 1;
  const std::int64_t depth = now[short_register::ofm_depth_m1] + 1;
  made.output = detail::output_of(now);
  made.block = fmt::format("{}x{}x{}", now[short_register::ofm_blk_height_m1] + 1,
                           now[short_register::ofm_blk_width_m1] + 1,
                           now[short_register::ofm_blk_depth_m1] + 1);
  if (command.is(elementwise)) {
    static constexpr std::array<std::string_view, 10> kinds{"MUL",   "ADD", "SUB", "MIN", "MAX",
                                                            "LRELU", "ABS", "CLZ", "SHR", "SHL"};
    made.name =
        command.parameter < kinds.size() ? std::string(kinds[command.parameter]) : made.name;
    made.input = detail::input_of(now, height, width);
    const bool is_scalar = (now[short_register::ifm2_broadcast] & 0x80) != 0;
    const bool has_second = command.parameter < 5 || command.parameter > 7;
    if (has_second && is_scalar) {
      made.input += fmt::format(" and {}", now.with_sign(short_register::ifm2_scalar));
    } else if (has_second) {
      made.input += " and " + detail::address(now[short_register::ifm2_region],
                                              now[long_register::ifm2_base0]);
    }
    return made;
  }
  const detail::window window(now);
  made.window = window.text();
  made.input = detail::input_of(
      now,
      detail::input_extent(height, window.stride_y, window.height,
                           now[short_register::ifm_pad_top] + now[short_register::ifm_pad_bottom]),
      detail::input_extent(width, window.stride_x, window.width,
                           now[short_register::ifm_pad_left] + now[short_register::ifm_pad_right]));
  const std::int64_t taps = window.rows() * window.columns();
  if (command.is(pool)) {
    static constexpr std::array<std::string_view, 3> kinds{"MAX POOL", "AVERAGE POOL",
                                                           "REDUCE SUM"};
    made.name =
        command.parameter < kinds.size() ? std::string(kinds[command.parameter]) : made.name;
    return made;
  }
  made.macs = height * width * depth * taps *
              (command.is(convolution) ? now[short_register::ifm_depth_m1] + 1 : 1);
  const bool two_cores = now[short_register::parallel_mode] != 0;
  made.weights =
      now[long_register::weight_length] + (two_cores ? now[long_register::weight1_length] : 0);
  made.scales =
      now[long_register::scale_length] + (two_cores ? now[long_register::scale1_length] : 0);
  return made;
}

} // namespace inspect
