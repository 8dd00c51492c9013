// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/opencl/layout.hpp>

#include <array>

namespace inlay::kernels::opencl {

/// What one work-item of a convolution computes, and how much of its input it reads at once.
struct tile {
  std::int32_t pixels = 1;
  /// Blocks of four output channels.
  std::int32_t blocks = 1;
  /// Input channels of a load.
  std::int32_t depth = 4;

  /// 32-bit registers: sums, inputs, weights of one group for each block, addresses.
  [[nodiscard]] constexpr std::int32_t registers() const {
    constexpr std::int32_t addresses = 12;
    return 4 * pixels * blocks + pixels * depth / 4 + 4 * blocks + addresses;
  }
  [[nodiscard]] constexpr std::int32_t outputs() const { return pixels * blocks; }
};

/// Work-items in each dimension, and how many of them are a group. Where groups reach beyond the
/// work, kernels do the last of it twice.
struct launch_size {
  std::array<std::int32_t, 3> global{1, 1, 1};
  std::array<std::int32_t, 3> local{1, 1, 1};
};

/// Divides work into groups of at most `most` work-items, with as few beyond the work as can be.
constexpr launch_size divided(std::array<std::int32_t, 3> work, std::int32_t most) {
  launch_size size;
  for (std::size_t i = 0; i < work.size(); ++i) {
    const std::int32_t groups = divide_up(work[i], std::min(work[i], most));
    size.local[i] = divide_up(work[i], groups);
    size.global[i] = groups * size.local[i];
    most /= size.local[i];
  }
  return size;
}

/// The largest tile whose registers suffice and which leaves work for all cores: a small image on
/// a large GPU has smaller tiles.
constexpr tile tile_of(const step::convolution& step, const device& on) {
  const std::int32_t pixels = step.out.height * step.out.width;
  const std::int32_t blocks = divide_up(step.out.channels, 4);
  const std::int32_t wanted = on.cores * on.threads_per_core;
  std::int32_t depth = on.vector_bytes;
  while (depth > 4 && step.in.channels % depth != 0) {
    depth /= 2;
  }
  tile best{1, 1, depth};
  for (const tile each : {tile{1, 2, depth}, tile{2, 1, depth}, tile{4, 1, depth},
                          tile{2, 2, depth}, tile{4, 2, depth}}) {
    const std::int32_t items = divide_up(pixels, each.pixels) * divide_up(blocks, each.blocks);
    if (each.registers() <= on.registers && items >= wanted && each.pixels <= pixels &&
        each.blocks <= blocks && each.outputs() >= best.outputs()) {
      best = each;
    }
  }
  return best;
}

} // namespace inlay::kernels::opencl
