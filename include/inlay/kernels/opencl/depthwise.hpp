// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/convolution.hpp>

namespace inlay::kernels::opencl {

/// Columns that one work-item of a depthwise convolution computes.
constexpr std::int32_t columns_of(const step::depthwise_convolution& step, const device& on) {
  const std::int32_t items = layout_of(step, on).blocks * step.out.height * step.out.width /
                             (on.cores * on.threads_per_core);
  const std::int32_t sums = lanes_of(step, on);
  std::int32_t columns = std::min<std::int32_t>(4, step.out.width);
  while (columns > 1 && (columns > items || columns * sums * 2 > on.registers)) {
    columns /= 2;
  }
  return columns;
}

/// A vector of inputs at column `x`, as ints.
template <class Writer>
constexpr void put_inputs(Writer& to, const step::depthwise_convolution& step, std::int32_t lanes,
                          std::string_view at) {
  if (step.multiplier == 1 && step.out.channels % lanes == 0) {
    to.put("convert_int", lanes, "(as_char", lanes, "(vload", lanes, "(0, ", at, " + ", lanes,
           " * block)", flip_of(step.type), "))");
    return;
  }
  to.put("convert_int4(as_char4((uchar4)(");
  for (std::int32_t lane = 0; lane < 4; ++lane) {
    to.put(lane > 0 ? ", " : "", at, "[min((4 * block + ", lane, ") / ", step.multiplier, ", ",
           step.in.channels - 1, ")]");
  }
  to.put(")", flip_of(step.type), "))");
}

/// The sums of `columns` outputs from column `x` of row `y` on, as `sum_<column>`.
template <class Writer>
constexpr void write_depthwise_sums(Writer& to, const step::depthwise_convolution& step,
                                    const block_layout& layout, std::int32_t columns) {
  const step::sliding_window& window = step.window;
  const std::int32_t lanes = layout.lanes;
  const std::int32_t zero = centered(step.type, step.weights_zero_point);
  to.line("__global const uchar* const head = parameters + packed + block * ", layout.block_bytes(),
          ";");
  to.line("__global const char* const weights = (__global const char*)(head + ",
          layout.head_bytes(), ");");
  for (std::int32_t p = 0; p < columns; ++p) {
    to.line("int", lanes, " sum_", p, " = vload", lanes, "(0, (__global const int*)head);");
  }
  to.open("for (int ky = 0; ky < ", window.kernel.height, "; ++ky)");
  to.line("const int row = y * ", window.stride.height, " + ky * ", window.dilation.height, " - ",
          window.padding_top, ";");
  to.line("const int has_row = (uint)row < ", step.in.height, "u;");
  to.line("__global const uchar* const from = arena + input + (has_row ? row * ",
          step.in.width * step.in.channels, " : 0);");
  for (std::int32_t kx = 0; kx < window.kernel.width; ++kx) {
    to.line("const int", lanes, " w_", kx, " = convert_int", lanes, "(vload", lanes, "(ky * ",
            window.kernel.width, " + ", kx, ", weights)) - ", zero, ";");
  }
  const std::int32_t last =
      (columns - 1) * window.stride.width + (window.kernel.width - 1) * window.dilation.width;
  for (std::int32_t offset = 0; offset <= last; ++offset) {
    const auto tap = [&](std::int32_t p) {
      const std::int32_t from = offset - p * window.stride.width;
      const bool taken = from >= 0 && from % window.dilation.width == 0 &&
                         from / window.dilation.width < window.kernel.width;
      return taken ? from / window.dilation.width : -1;
    };
    bool used = false;
    for (std::int32_t p = 0; p < columns; ++p) {
      used = used || tap(p) >= 0;
    }
    if (!used) {
      continue;
    }
    to.line("const int column_", offset, " = x * ", window.stride.width, " + ",
            offset - window.padding_left, ";");
    to.put("    const int", lanes, " x_", offset, " = ");
    if (has_padding(step)) {
      to.put("!(has_row && (uint)column_", offset, " < ", step.in.width, "u) ? (int", lanes, ")(",
             fill_of(step), ") : ");
    }
    writer<64> at;
    at.put("(from + column_", offset, " * ", step.in.channels, ")");
    put_inputs(to, step, lanes, at.view());
    to.put(";\n");
    for (std::int32_t p = 0; p < columns; ++p) {
      if (const std::int32_t kx = tap(p); kx >= 0) {
        to.line("sum_", p, " += x_", offset, " * w_", kx, ";");
      }
    }
  }
  to.close();
  to.line("const int", lanes, " scale = vload", lanes, "(1, (__global const int*)head);");
  to.line("const int", lanes, " offset = vload", lanes, "(2, (__global const int*)head);");
  to.line("const int form = *(__global const int*)(head + ", layout.form_offset(), ");");
}

constexpr launch_size size_of(const step::depthwise_convolution& step, const device& on) {
  return divided({layout_of(step, on).blocks, divide_up(step.out.width, columns_of(step, on)),
                  step.out.height},
                 on.group);
}

/// DEPTHWISE_CONV_2D: arguments input, output, packed, zero.
template <class Writer>
constexpr void write_kernel(Writer& to, const step::depthwise_convolution& step, const device& on) {
  const block_layout layout = layout_of(step, on);
  const std::int32_t columns = columns_of(step, on);
  to.line("const int block = min((int)get_global_id(0), ", layout.blocks - 1, ");");
  to.line("const int x = min((int)get_global_id(1) * ", columns, ", ", step.out.width - columns,
          ");");
  to.line("const int y = min((int)get_global_id(2), ", step.out.height - 1, ");");
  write_depthwise_sums(to, step, layout, columns);
  to.line("__global uchar* const to = arena + output + (y * ", step.out.width, " + x) * ",
          step.out.channels, " + ", layout.lanes, " * block;");
  for (std::int32_t p = 0; p < columns; ++p) {
    const bool whole = step.out.channels % layout.lanes == 0;
    if (whole) {
      to.put("  vstore", layout.lanes, "(");
    } else {
      to.put("  inlay_store(");
    }
    to.put("inlay_outputs", layout.lanes, "(sum_", p, ", scale, offset, form, ");
    put_range(to, step);
    to.put(whole ? "), 0, to + " : "), to + ", p * step.out.channels);
    if (!whole) {
      to.put(", ", step.out.channels, " - 4 * block");
    }
    to.put(");\n");
  }
}

} // namespace inlay::kernels::opencl
