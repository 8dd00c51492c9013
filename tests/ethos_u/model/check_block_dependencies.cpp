// SPDX-License-Identifier: Apache-2.0
#include "access.hpp"
#include "check.hpp"
#include "rounding.hpp"
#include "sums_channels.hpp"

#include <algorithm>

// BLOCKDEP says how many blocks of the operation before may be unfinished when an operation begins;
// with each block that it begins itself, one fewer may be.

namespace inlay::test::npu_model {
namespace {

/// Block number `index` of an output: channels go first, then columns, then rows.
box output_block(const operation& what, int index) {
  const int deep = ceiling(what.ofm.depth, what.block_depth);
  const int wide = ceiling(what.ofm.width, what.block_width);
  const int c = index % deep * what.block_depth;
  const int x = index / deep % wide * what.block_width;
  const int y = index / deep / wide * what.block_height;
  return {y,
          x,
          c,
          std::min(y + what.block_height, what.ofm.height),
          std::min(x + what.block_width, what.ofm.width),
          std::min(c + what.block_depth, what.ofm.depth)};
}

int block_count(const operation& what) {
  const std::int64_t count = std::int64_t{ceiling(what.ofm.depth, what.block_depth)} *
                             ceiling(what.ofm.width, what.block_width) *
                             ceiling(what.ofm.height, what.block_height);
  return static_cast<int>(std::min<std::int64_t>(count, INT32_MAX));
}

/// Whether a job takes a part of the input's channels only.
/// Rows or columns of the input that a part of the kernel covers.
struct reach {
  int begin;
  int end;
};

reach reach_of(int block, int block_end, int stride, int pad, int part, int part_end, int factor,
               int extent) {
  return {std::clamp((block * stride + part - pad) / factor, 0, extent),
          std::clamp(ceiling((block_end - 1) * stride + part_end - pad, factor), 0, extent)};
}

intervals elementwise_reads(const operation& what, const box& block) {
  intervals reads = bytes_of(what.ifm, block);
  if (what.has_ifm2()) {
    box second = block;
    if (what.ifm2.height == 1) {
      second.y = 0;
      second.end_y = 1;
    }
    if (what.ifm2.width == 1) {
      second.x = 0;
      second.end_x = 1;
    }
    if (what.ifm2.depth == 1) {
      second.c = 0;
      second.end_c = 1;
    }
    const intervals more = bytes_of(what.ifm2, second);
    reads.insert(reads.end(), more.begin(), more.end());
  }
  return united(std::move(reads));
}

/// What job number `index` reads. A job is a block of outputs, one of input channels, and a part of
/// 8x8 elements of the kernel.
intervals job_reads(const operation& what, int index) {
  const int step = what.part_kernel || what.ifm.element_bytes > 1 ? 16 : 32;
  const int slices = sums_channels(what) ? ceiling(what.ifm.depth, step) : 1;
  const int parts_x = ceiling(what.kernel_width, 8);
  const int parts = parts_x * ceiling(what.kernel_height, 8);
  if (index / parts / slices >= block_count(what)) {
    return {};
  }
  const box block = output_block(what, index / parts / slices);
  if (what.kind == kind::elementwise) {
    return elementwise_reads(what, block);
  }
  const int factor = what.upscale == 0 ? 1 : 2;
  const int part_y = index % parts / parts_x * 8;
  const int part_x = index % parts % parts_x * 8;
  const reach rows = reach_of(block.y, block.end_y, what.stride_y, what.pad_top, part_y,
                              std::min(part_y + 8, what.kernel_height), factor, what.ifm.height);
  const reach columns = reach_of(block.x, block.end_x, what.stride_x, what.pad_left, part_x,
                                 std::min(part_x + 8, what.kernel_width), factor, what.ifm.width);
  box read = block;
  read.y = rows.begin;
  read.end_y = rows.end;
  read.x = columns.begin;
  read.end_x = columns.end;
  if (sums_channels(what)) {
    read.c = index / parts % slices * step;
    read.end_c = std::min(read.c + step, what.ifm.depth);
  }
  return united(bytes_of(what.ifm, read));
}

/// The most that BLOCKDEP may be after an operation; 3 is what an NPU takes.
int greatest_dependency(const operation& before, const operation& what, const machine& npu) {
  if (before.has_table() && !what.has_table() && npu.reserved_banks() == 0) {
    return 0;
  }
  int greatest = 3;
  const int blocks = block_count(before);
  for (int job = 0; job < greatest; ++job) {
    const intervals reads = job_reads(what, job);
    for (int back = 0; job + back < greatest && back < blocks; ++back) {
      const box written = output_block(before, blocks - 1 - back);
      if (meet(united(bytes_of(before.ofm, written)), reads)) {
        greatest = job + back;
      }
    }
  }
  return greatest;
}

} // namespace

std::vector<finding> check_block_dependencies(const program& what) {
  std::vector<finding> findings;
  const operation* before = nullptr;
  for (const operation& one : what.operations) {
    if (one.kind == kind::kernel_wait && (one.parameter & 15) == 0) {
      before = nullptr;
    }
    if (!one.is_kernel()) {
      continue;
    }
    if (one.block_dependency > 3) {
      findings.push_back({one.index, describe(one) + ": BLOCKDEP is " +
                                         std::to_string(one.block_dependency) + "; 3 is the most"});
    } else if (before != nullptr) {
      const int most = greatest_dependency(*before, one, what.machine);
      if (one.block_dependency > most) {
        findings.push_back({one.index, describe(one) + " reads what " + describe(*before) +
                                           " may not have written yet: BLOCKDEP is " +
                                           std::to_string(one.block_dependency) + ", and may be " +
                                           std::to_string(most)});
      }
    }
    before = &one;
  }
  return findings;
}

} // namespace inlay::test::npu_model
