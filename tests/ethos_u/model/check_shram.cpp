// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "rounding.hpp"
#include "sums_channels.hpp"

#include <algorithm>

namespace inlay::test::npu_model {
namespace {

/// Rows or columns of the input that a block of outputs needs; kernels are taken in parts of 8.
int input_extent(const operation& what, int outputs, int stride, int window, int micro) {
  const int wide = (outputs - 1) * stride + std::min(window, 8);
  const int extent = what.upscale == 0 ? wide : ceiling(wide + (what.upscale == 1 ? 1 : 0), 2);
  return rounded_up(extent, micro);
}

int input_granule(const operation& what, const machine& npu) {
  return what.ifm.element_bytes == 4 ? npu.input_granule_32 : npu.input_granule;
}

/// Banks of an input's buffer, which is there twice.
int input_banks(const operation& what, const machine& npu) {
  int depth = what.block_depth;
  if (sums_channels(what)) {
    const bool wide = what.ifm.element_bytes == 2;
    depth = wide ? rounded_up(std::min(what.ifm.depth, 16), 4)
                 : rounded_up(std::min(what.ifm.depth, what.part_kernel ? 16 : 32), 8);
  }
  const bool plain = what.kind == kind::elementwise;
  const int height = plain ? what.block_height
                           : input_extent(what, what.block_height, what.stride_y,
                                          what.kernel_height, npu.block_height);
  const int width = plain ? what.block_width
                          : input_extent(what, what.block_width, what.stride_x, what.kernel_width,
                                         npu.block_width);
  const int bytes = height * width * rounded_up(depth * what.ifm.element_bytes, 8);
  return rounded_up(2 * ceiling(bytes, 1024), input_granule(what, npu));
}

int sum_granule(const operation& what, const machine& npu) {
  return what.sum_format == 1 ? npu.sum_granule_40 : npu.sum_granule;
}

int sum_banks(const operation& what, const machine& npu) {
  const bool single_row = what.ofm.height == 1 && what.kernel_height == 1 && npu.block_height == 2;
  const int height = single_row ? 1 : what.block_height;
  const int bytes =
      height * what.block_width * rounded_up(what.block_depth, 8) * (what.sum_format == 1 ? 5 : 4);
  return rounded_up(2 * ceiling(bytes, 1024), sum_granule(what, npu));
}

class shram_check {
public:
  shram_check(const operation& what, const machine& npu, std::vector<finding>& findings)
      : what_(what), npu_(npu), findings_(findings), top_(npu.top(what.has_table())) {}

  void run() {
    block();
    if (what_.block_height > 32 || what_.block_width > 64 || what_.block_depth > 128) {
      return; // it was told, and no buffers are of that size
    }
    expect(what_.sum_start <= top_, "AB_START is " + std::to_string(what_.sum_start) +
                                        ", and buffers end at bank " + std::to_string(top_));
    expect(what_.input_end <= what_.sum_start,
           "the input's banks end at " + std::to_string(what_.input_end) +
               " (IB_END), the sums' begin at " + std::to_string(what_.sum_start) + " (AB_START)");
    if (what_.kind == kind::elementwise) {
      elementwise_inputs();
    } else {
      input_and_sums();
    }
  }

private:
  void expect(bool right, const std::string& text) {
    if (!right) {
      findings_.push_back({what_.index, describe(what_) + ": " + text});
    }
  }

  void block() {
    const auto legal = [&](std::string_view name, int value, int most, int micro) {
      expect(value <= most && value % micro == 0,
             std::string(name) + " of blocks is " + std::to_string(value) +
                 "; it may be a multiple of " + std::to_string(micro) + " up to " +
                 std::to_string(most));
    };
    legal("the height", what_.block_height, 32, npu_.block_height);
    legal("the width", what_.block_width, 64, npu_.block_width);
    legal("the depth", what_.block_depth, 128, npu_.block_depth);
    expect(what_.block_depth >= what_.ofm.depth || what_.block_depth % 16 == 0,
           "blocks of " + std::to_string(what_.block_depth) + " of " +
               std::to_string(what_.ofm.depth) + " channels; parts are multiples of 16");
  }

  void elementwise_inputs() {
    const int banks = input_banks(what_, npu_);
    if (!what_.has_ifm2()) {
      expect(2 + banks <= what_.input_end, "the input needs " + std::to_string(banks) +
                                               " banks from 2 on, and they end at " +
                                               std::to_string(what_.input_end));
      return;
    }
    expect(2 + banks <= what_.input2_start, "the input needs " + std::to_string(banks) +
                                                " banks from 2 on, the second one's begin at " +
                                                std::to_string(what_.input2_start) +
                                                " (IFM2_IB_START)");
    expect(what_.input2_start + banks <= what_.input_end,
           "the second input needs " + std::to_string(banks) + " banks from " +
               std::to_string(what_.input2_start) + " on, and they end at " +
               std::to_string(what_.input_end) + " (IB_END)");
  }

  void input_and_sums() {
    const int inputs = input_banks(what_, npu_);
    const int sums = sum_banks(what_, npu_);
    expect(2 + inputs <= what_.input_end, "the input needs " + std::to_string(inputs) +
                                              " banks from 2 on, and they end at " +
                                              std::to_string(what_.input_end) + " (IB_END)");
    expect(what_.sum_start + sums <= top_, "the sums need " + std::to_string(sums) +
                                               " banks from " + std::to_string(what_.sum_start) +
                                               " (AB_START) on, and buffers end at bank " +
                                               std::to_string(top_));
    expect((what_.input_end - 2) % input_granule(what_, npu_) == 0,
           "the input's banks are no multiple of " + std::to_string(input_granule(what_, npu_)));
    expect((top_ - what_.sum_start) % sum_granule(what_, npu_) == 0,
           "the sums' banks are no multiple of " + std::to_string(sum_granule(what_, npu_)));
  }

  const operation& what_;
  const machine& npu_;
  std::vector<finding>& findings_;
  int top_;
};

} // namespace

std::vector<finding> check_shram(const program& what) {
  std::vector<finding> findings;
  for (const operation& one : what.operations) {
    if (one.is_kernel()) {
      shram_check(one, what.machine, findings).run();
    } else if (one.kind == kind::dma && one.into_shram()) {
      const std::int64_t tables = what.machine.tables_at();
      if (one.target < tables || one.target + one.bytes > tables + 2048) {
        findings.push_back(
            {one.index, describe(one) + ": it writes bytes " + std::to_string(one.target) + " to " +
                            std::to_string(one.target + one.bytes) + " of SHRAM; tables lie at " +
                            std::to_string(tables) + " and have 2048 bytes"});
      }
    }
  }
  return findings;
}

} // namespace inlay::test::npu_model
