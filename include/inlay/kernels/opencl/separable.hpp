// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/depthwise.hpp>

// A depthwise convolution and the pointwise convolution after it in one kernel. A group of
// work-items computes a piece of a row of all channels into local memory, then the projection of
// it.

namespace inlay::kernels::opencl {

/// How a separable convolution is divided.
struct separable_plan {
  /// Columns of a group; 0 if local memory does not hold a single one.
  std::int32_t columns = 0;
  std::int32_t groups = 0;
  /// An estimate.
  std::int64_t cycles = 0;
};

constexpr std::int64_t macs_of(const step::depthwise_convolution& step) {
  return step.out.elements() * taps_of(step);
}
constexpr std::int64_t macs_of(const step::convolution& step) {
  return step.out.elements() * taps_of(step) * step.in.channels;
}

/// The columns with which the slowest core ends first: few groups leave cores idle.
constexpr separable_plan plan_of(const step::inverted_residual& block, const device& on) {
  const step::image& out = block.depthwise.out;
  const std::int64_t macs = macs_of(block.depthwise) + macs_of(block.projection);
  constexpr std::int32_t widest = 32;
  separable_plan best;
  for (std::int32_t columns = std::min(out.width, widest); columns > 0; --columns) {
    if (out.width % columns != 0 || columns * out.channels > on.local_bytes) {
      continue;
    }
    const std::int32_t groups = out.height * (out.width / columns);
    const std::int64_t cycles =
        divide_up(groups, on.cores) * (macs / groups) / on.macs_per_cycle + on.launch_cycles;
    if (best.columns == 0 || cycles < best.cycles) {
      best = {columns, groups, cycles};
    }
  }
  return best;
}

/// The estimate for two kernels: the tensor between them is written and read, and there is a second
/// launch.
constexpr std::int64_t cycles_apart(const step::inverted_residual& block, const device& on) {
  const std::int64_t macs = macs_of(block.depthwise) + macs_of(block.projection);
  return macs / (std::int64_t{on.macs_per_cycle} * on.cores) +
         2 * block.depthwise.out.elements() / on.bytes_per_cycle +
         2 * std::int64_t{on.launch_cycles};
}

/// Whether one kernel is estimated to be faster than two.
constexpr bool fuses(const step::inverted_residual& block, const device& on) {
  if (block.expands || block.adds || block.depthwise.multiplier != 1 ||
      block.depthwise.out.channels % 4 != 0) {
    return false;
  }
  const separable_plan plan = plan_of(block, on);
  return plan.columns > 0 && plan.cycles < cycles_apart(block, on);
}

constexpr launch_size size_of(const step::inverted_residual& block, const device& on) {
  return {{on.group * plan_of(block, on).groups, 1, 1}, {on.group, 1, 1}};
}

/// Arguments input, output, packed, inner_zero (of the depthwise convolution's output), zero.
template <class Writer>
constexpr void write_kernel(Writer& to, const step::inverted_residual& block, const device& on) {
  const step::depthwise_convolution& depthwise = block.depthwise;
  const step::convolution& projection = block.projection;
  const separable_plan plan = plan_of(block, on);
  const block_layout inner = layout_of(depthwise, on);
  const block_layout outer = layout_of(projection, on);
  const std::int32_t channels = depthwise.out.channels;
  const std::int32_t pieces = depthwise.out.width / plan.columns;
  to.line("__local uchar inner[", plan.columns * channels, "];");
  to.line("const int y = (int)get_group_id(0) / ", pieces, ";");
  to.line("const int left = (int)get_group_id(0) % ", pieces, " * ", plan.columns, ";");

  const std::int32_t columns = std::min(columns_of(depthwise, on), plan.columns);
  to.open("for (int item = (int)get_local_id(0); item < ",
          inner.blocks * divide_up(plan.columns, columns), "; item += ", on.group, ")");
  to.line("const int block = item % ", inner.blocks, ";");
  to.line("const int column = min(item / ", inner.blocks, " * ", columns, ", ",
          plan.columns - columns, ");");
  to.line("const int x = left + column;");
  write_depthwise_sums(to, depthwise, inner, columns);
  for (std::int32_t p = 0; p < columns; ++p) {
    to.put("    vstore", inner.lanes, "(inlay_outputs", inner.lanes, "(sum_", p,
           ", scale, offset, form, ");
    put_range(to, depthwise, "inner_zero");
    to.put("), 0, inner + (column + ", p, ") * ", channels, " + ", inner.lanes, " * block);\n");
  }
  to.close();
  to.line("barrier(CLK_LOCAL_MEM_FENCE);");

  tile each = tile_of(projection, on);
  each.pixels = std::min(each.pixels, plan.columns);
  const std::int32_t blocks = divide_up(outer.blocks, each.blocks);
  to.line("const int outer = packed + ", inner.bytes(), ";");
  to.open("for (int item = (int)get_local_id(0); item < ",
          blocks * divide_up(plan.columns, each.pixels), "; item += ", on.group, ")");
  to.line("const int block = min(item % ", blocks, " * ", each.blocks, ", ",
          outer.blocks - each.blocks, ");");
  to.line("const int pixel = min(item / ", blocks, " * ", each.pixels, ", ",
          plan.columns - each.pixels, ");");
  write_heads(to, outer, each, "outer");
  for (std::int32_t p = 0; p < each.pixels; ++p) {
    to.line("__local const uchar* const from_", p, " = inner + (pixel + ", p, ") * ", channels,
            ";");
  }
  to.line("const int group = 0;");
  write_dots(to, projection, each, false);
  for (std::int32_t p = 0; p < each.pixels; ++p) {
    to.line("__global uchar* const to_", p, " = arena + output + (y * ", depthwise.out.width,
            " + left + pixel + ", p, ") * ", projection.out.channels, " + 4 * block;");
  }
  write_results(to, projection, outer, each);
  to.close();
}

} // namespace inlay::kernels::opencl
