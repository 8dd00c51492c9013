// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/tile.hpp>
#include <inlay/kernels/opencl/writer.hpp>

namespace inlay::kernels::opencl {

/// The value that taps outside of the image have, so that they contribute nothing.
template <class Step>
constexpr std::int32_t fill_of(const Step& step) {
  return centered(step.type, step.input_zero_point);
}
constexpr std::string_view flip_of(element type) {
  return type == element::uint8 ? " ^ (uchar)(128)" : "";
}

/// Whether some window reaches beyond the image.
template <class Step>
constexpr bool has_padding(const Step& step) {
  const auto reaches = [](std::int32_t out, std::int32_t stride, std::int32_t before,
                          std::int32_t kernel, std::int32_t dilation, std::int32_t in) {
    return before > 0 || (out - 1) * stride - before + (kernel - 1) * dilation >= in;
  };
  const step::sliding_window& window = step.window;
  return reaches(step.out.height, window.stride.height, window.padding_top, window.kernel.height,
                 window.dilation.height, step.in.height) ||
         reaches(step.out.width, window.stride.width, window.padding_left, window.kernel.width,
                 window.dilation.width, step.in.width);
}
constexpr bool is_pointwise(const step::convolution& step) {
  return step.window.kernel == extent{1, 1} && step.window.stride == extent{1, 1} &&
         !has_padding(step);
}

/// Arguments of inlay_outputs after the sums' constants.
template <class Writer, class Step>
constexpr void put_range(Writer& to, const Step& step, std::string_view zero = "zero") {
  to.put(step.clamp.low < step.output_zero_point ? 1 : 0, ", ", zero, ", ", lowest_of(step.type),
         ", ", step.clamp.low, ", ", step.clamp.high);
}

/// Where the constants of each block lie, and its sums' start.
template <class Writer>
constexpr void write_heads(Writer& to, const block_layout& layout, const tile& each,
                           std::string_view packed = "packed") {
  for (std::int32_t b = 0; b < each.blocks; ++b) {
    to.line("__global const uchar* const head_", b, " = parameters + ", packed, " + (block + ", b,
            ") * ", layout.block_bytes(), ";");
    to.line("__global const char* const weights_", b, " = (__global const char*)(head_", b, " + ",
            layout.head_bytes(), ");");
    for (std::int32_t p = 0; p < each.pixels; ++p) {
      to.line("inlay_sums sum_", p, "_", b, " = inlay_start(vload4(0, (__global const int*)head_",
              b, "));");
    }
  }
}

/// Adds the products of `depth` input channels of one tap, a multiple of four, from groups
/// `group` + `first` on; `put_load(p)` writes the vector of unsigned bytes that pixel p reads.
template <class Writer, class PutLoad>
constexpr void write_products(Writer& to, const step::convolution& step, const tile& each,
                              bool windowed, std::int32_t depth, std::string_view first,
                              const PutLoad& put_load) {
  const std::int32_t zero = centered(step.type, step.weights_zero_point);
  for (std::int32_t p = 0; p < each.pixels; ++p) {
    to.indent().put("const char", depth, " x_", p, " = ");
    if (windowed) {
      to.put("!inside_", p, " ? (char", depth, ")(", fill_of(step), ") : ");
    }
    to.put("as_char", depth, "(");
    put_load(p);
    to.put(flip_of(step.type), ");\n");
  }
  constexpr std::array<std::string_view, 4> parts{".s0123", ".s4567", ".s89ab", ".scdef"};
  for (std::int32_t k = 0; k < depth / 4; ++k) {
    for (std::int32_t b = 0; b < each.blocks; ++b) {
      to.line("const inlay_weights w_", b, "_", k, " = inlay_load(group + ", first, " + ", k,
              ", weights_", b, ", ", zero, ");");
    }
    for (std::int32_t p = 0; p < each.pixels; ++p) {
      for (std::int32_t b = 0; b < each.blocks; ++b) {
        to.line("sum_", p, "_", b, " = inlay_dot(w_", b, "_", k, ", x_", p,
                parts[static_cast<std::size_t>(k)], ", ", zero, ", sum_", p, "_", b, ");");
      }
    }
  }
}

/// Adds the products of one tap: inputs at `from_<pixel>`, weights from `group` on. With a window,
/// inputs that are not `inside_<pixel>` are the zero point. Nothing behind a pixel is read.
template <class Writer>
constexpr void write_dots(Writer& to, const step::convolution& step, const tile& each,
                          bool windowed) {
  const std::int32_t channels = step.in.channels;
  if (const std::int32_t loads = channels / each.depth; loads > 0) {
    writer<32> first;
    first.put("i * ", each.depth / 4);
    to.open("for (int i = 0; i < ", loads, "; ++i)");
    write_products(to, step, each, windowed, each.depth, first.view(),
                   [&](std::int32_t p) { to.put("vload", each.depth, "(i, from_", p, ")"); });
    to.close();
  }
  if (const std::int32_t rest = channels % 4; rest > 0) {
    writer<32> first;
    first.put(channels / 4);
    to.begin();
    write_products(to, step, each, windowed, 4, first.view(), [&](std::int32_t p) {
      constexpr std::array<std::string_view, 3> nothing{", 0, 0, 0)", ", 0, 0)", ", 0)"};
      to.put("(uchar4)(");
      if (rest == 1) {
        to.put("from_", p, "[", channels - 1, "]");
      } else {
        to.put("vload", rest, "(0, from_", p, " + ", channels - rest, ")");
      }
      to.put(nothing[static_cast<std::size_t>(rest - 1)]);
    });
    to.close();
  }
}

/// Adds the products of all taps of a window.
template <class Writer>
constexpr void write_window(Writer& to, const step::convolution& step, const tile& each) {
  const step::sliding_window& window = step.window;
  to.open("for (int ky = 0; ky < ", window.kernel.height, "; ++ky)");
  to.open("for (int kx = 0; kx < ", window.kernel.width, "; ++kx)");
  for (std::int32_t p = 0; p < each.pixels; ++p) {
    to.line("const int y_", p, " = (pixel + ", p, ") / ", step.out.width, " * ",
            window.stride.height, " + ky * ", window.dilation.height, " - ", window.padding_top,
            ";");
    to.line("const int x_at_", p, " = (pixel + ", p, ") % ", step.out.width, " * ",
            window.stride.width, " + kx * ", window.dilation.width, " - ", window.padding_left,
            ";");
    to.line("const int inside_", p, " = (uint)y_", p, " < ", step.in.height, "u && (uint)x_at_", p,
            " < ", step.in.width, "u;");
    to.line("__global const uchar* const from_", p, " = arena + input + (inside_", p, " ? (y_", p,
            " * ", step.in.width, " + x_at_", p, ") * ", step.in.channels, " : 0);");
  }
  to.line("const int group = (ky * ", window.kernel.width, " + kx) * ", groups_of(step), ";");
  write_dots(to, step, each, true);
  to.close();
  to.close();
}

/// Requantizes and stores the tile's sums, pixel by pixel, at `to_<pixel>`.
template <class Writer>
constexpr void write_results(Writer& to, const step::convolution& step, const block_layout& layout,
                             const tile& each) {
  for (std::int32_t b = 0; b < each.blocks; ++b) {
    to.line("const int4 scale_", b, " = vload4(1, (__global const int*)head_", b, ");");
    to.line("const int4 offset_", b, " = vload4(2, (__global const int*)head_", b, ");");
    to.line("const int form_", b, " = *(__global const int*)(head_", b, " + ", layout.form_offset(),
            ");");
  }
  const bool whole = step.out.channels % 4 == 0;
  for (std::int32_t b = 0; b < each.blocks; ++b) {
    for (std::int32_t p = 0; p < each.pixels; ++p) {
      to.put("  ", whole ? "vstore4(" : "inlay_store(", "inlay_outputs4(inlay_total(sum_", p, "_",
             b, "), scale_", b, ", offset_", b, ", form_", b, ", ");
      put_range(to, step);
      to.put(whole ? "), 0, to_" : "), to_", p, " + ", 4 * b);
      if (!whole) {
        to.put(", ", step.out.channels, " - 4 * (block + ", b, ")");
      }
      to.put(");\n");
    }
  }
}

constexpr launch_size size_of(const step::convolution& step, const device& on) {
  const tile each = tile_of(step, on);
  return divided({divide_up(divide_up(step.out.channels, 4), each.blocks),
                  divide_up(step.out.height * step.out.width, each.pixels), 1},
                 on.group);
}

/// CONV_2D and FULLY_CONNECTED: arguments input, output, packed, zero (the output's zero point).
template <class Writer>
constexpr void write_kernel(Writer& to, const step::convolution& step, const device& on) {
  const tile each = tile_of(step, on);
  const block_layout layout = layout_of(step, on);
  const std::int32_t pixels = step.out.height * step.out.width;
  to.line("const int block = min((int)get_global_id(0) * ", each.blocks, ", ",
          layout.blocks - each.blocks, ");");
  to.line("const int pixel = min((int)get_global_id(1) * ", each.pixels, ", ", pixels - each.pixels,
          ");");
  write_heads(to, layout, each);
  if (is_pointwise(step)) {
    for (std::int32_t p = 0; p < each.pixels; ++p) {
      to.line("__global const uchar* const from_", p, " = arena + input + (pixel + ", p, ") * ",
              step.in.channels, ";");
    }
    to.line("const int group = 0;");
    write_dots(to, step, each, false);
  } else {
    write_window(to, step, each);
  }
  for (std::int32_t p = 0; p < each.pixels; ++p) {
    to.line("__global uchar* const to_", p, " = arena + output + (pixel + ", p, ") * ",
            step.out.channels, " + 4 * block;");
  }
  write_results(to, step, layout, each);
}

} // namespace inlay::kernels::opencl
