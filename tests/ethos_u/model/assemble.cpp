// SPDX-License-Identifier: Apache-2.0
#include "assemble.hpp"

namespace inlay::test::npu_model {
namespace {

class writer {
public:
  void command(int code, int parameter) {
    words_.push_back(static_cast<std::uint32_t>(code) |
                     static_cast<std::uint32_t>(parameter & 0xFFFF) << 16);
  }
  void pair(int code, std::int64_t value) {
    command(code | 0x4000, static_cast<int>(value >> 32));
    words_.push_back(static_cast<std::uint32_t>(value));
  }
  void scale(int code, npu_model::scale value) {
    command(code | 0x4000, value.shift);
    words_.push_back(value.multiplier);
  }

  void lies(const feature_map& map, int longs, int shorts) {
    command(shorts + 0xF, map.region);
    command(shorts + 0xA, map.width0 - 1);
    command(shorts + 0xB, map.height0 - 1);
    command(shorts + 0xC, map.height1 - 1);
    for (int tile = 0; tile < 4; ++tile) {
      pair(longs + tile, map.base[static_cast<std::size_t>(tile)]);
    }
    pair(longs + 4, map.stride_x);
    pair(longs + 5, map.stride_y);
    pair(longs + 6, map.stride_c);
  }

  static int type_bits(const feature_map& map, int size_bit) {
    const int size = map.element_bytes == 4 ? 2 : map.element_bytes - 1;
    return (map.is_signed ? 1 : 0) | size << size_bit |
           (map.layout == tensor_layout::nhcwb16 ? 0x40 : 0);
  }

  void input(const operation& what) {
    command(0x104, what.ifm.depth - 1);
    command(0x109, what.ifm.zero_point);
    command(0x105, type_bits(what.ifm, 2) | what.scale_mode << 8);
    lies(what.ifm, 0x00, 0x100);
  }

  void output(const operation& what) {
    command(0x111, what.ofm.width - 1);
    command(0x112, what.ofm.height - 1);
    command(0x113, what.ofm.depth - 1);
    command(0x118, what.ofm.zero_point);
    command(0x114, type_bits(what.ofm, 1) | (what.global_scale ? 0x100 : 0) |
                       static_cast<int>(what.rounding) << 14);
    lies(what.ofm, 0x10, 0x110);
    scale(0x24, what.ofm_scale);
  }

  void second_input(const operation& what) {
    scale(0x25, what.opa_scale);
    scale(0x26, what.opb_scale);
    command(0x180, what.broadcast);
    command(0x181, what.scalar);
    command(0x185, type_bits(what.ifm2, 2));
    command(0x189, what.ifm2.zero_point);
    command(0x18D, what.input2_start);
    lies(what.ifm2, 0x80, 0x180);
  }

  void window(const operation& what) {
    command(0x100, what.pad_top);
    command(0x101, what.pad_left);
    command(0x102, what.pad_right);
    command(0x103, what.pad_bottom);
    command(0x107, what.upscale);
    command(0x120, what.kernel_width - 1);
    command(0x121, what.kernel_height - 1);
    const int x = what.stride_x - 1;
    const int y = what.stride_y - 1;
    command(0x122, (x & 1) | (y & 1) << 1 | (what.part_kernel ? 4 : 0) |
                       (what.dilation_x - 1) << 3 | (what.dilation_y - 1) << 4 | (x >> 1) << 6 |
                       (y >> 1) << 9);
  }

  void weights(const operation& what) {
    command(0x128, what.weight_region);
    command(0x129, what.scale_region);
    for (std::size_t core = 0; core < static_cast<std::size_t>(what.cores); ++core) {
      const int at = core == 0 ? 0x20 : 0x90;
      pair(at, what.weights[core].base);
      pair(at + 1, what.weights[core].bytes);
      pair(at + 2, what.scales[core].base);
      pair(at + 3, what.scales[core].bytes);
    }
  }

  void shared_memory(const operation& what) {
    command(0x115, what.block_width - 1);
    command(0x116, what.block_height - 1);
    command(0x117, what.block_depth - 1);
    command(0x10D, what.input_end);
    command(0x12D, what.sum_start);
    command(0x124, what.sum_format);
    command(0x12F, what.block_dependency);
  }

  void kernel_operation(const operation& what) {
    command(0x123, what.cores - 1);
    command(0x125, what.activation);
    command(0x126, what.activation_min);
    command(0x127, what.activation_max);
    input(what);
    output(what);
    shared_memory(what);
    if (what.kind == kind::elementwise) {
      second_input(what);
    } else {
      window(what);
    }
    if (what.has_weights()) {
      weights(what);
    }
    constexpr int codes[] = {2, 3, 5, 6};
    command(codes[static_cast<std::size_t>(what.kind)], what.parameter);
  }

  void transfer(const operation& what) {
    command(0x130, what.source_region | (what.source_dimensions - 1) << 9);
    command(0x131, what.target_region | (what.target_dimensions - 1) << 9);
    pair(0x30, what.source);
    pair(0x31, what.target);
    pair(0x32, what.bytes);
    if (what.source_dimensions > 1 || what.target_dimensions > 1) {
      command(0x132, what.rows);
      command(0x133, what.planes);
      pair(0x33, what.row_skip);
      pair(0x34, what.plane_skip);
    }
    command(0x10, what.parameter);
  }

  [[nodiscard]] std::vector<std::byte> payload(std::uint32_t config) const {
    const auto count = static_cast<std::uint32_t>(words_.size());
    std::vector<std::uint32_t> all{
        0x31504F43, 0x00100001, config, 0x10060000,
        5,          5,          5,      2U | (count >> 16 & 0xFF) << 8 | count << 16};
    all.insert(all.end(), words_.begin(), words_.end());
    std::vector<std::byte> bytes;
    for (const std::uint32_t word : all) {
      for (unsigned shift = 0; shift < 32; shift += 8) {
        bytes.push_back(static_cast<std::byte>(word >> shift));
      }
    }
    return bytes;
  }

private:
  std::vector<std::uint32_t> words_;
};

} // namespace

std::vector<std::byte> assemble(const program& what) {
  writer to;
  for (const operation& one : what.operations) {
    if (one.is_kernel()) {
      to.kernel_operation(one);
    } else if (one.kind == kind::dma) {
      to.transfer(one);
    } else {
      to.command(one.kind == kind::dma_wait ? 0x11 : 0x12, one.parameter);
    }
  }
  to.command(0, 0xFFFF);
  return to.payload(what.machine.config);
}

} // namespace inlay::test::npu_model
