// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The words of a command stream (ethosu/vela/ethos_u55_regs/ethos_u55_regs.py): bits 9:0 say which,
// bits 31:16 are a parameter, and where bit 14 is set a second word follows.

namespace inlay::ethos_u {

/// What an NPU does, by the registers as they are.
enum class command : std::uint16_t {
  stop = 0x000,
  irq = 0x001,
  convolution = 0x002,
  depthwise = 0x003,
  pool = 0x005,
  elementwise = 0x006,
  dma_start = 0x010,
  dma_wait = 0x011,
  kernel_wait = 0x012,
  pmu_mask = 0x013,
};
/// Parameters of `pool` and `elementwise`.
inline constexpr std::uint32_t average_of = 1;
inline constexpr std::uint32_t sum_of_two = 1;
inline constexpr std::uint32_t stop_mask = 0xFFFF;

/// Registers of 16 bits.
enum class short_register : std::uint16_t {
  ifm_pad_top = 0x100,
  ifm_pad_left = 0x101,
  ifm_pad_right = 0x102,
  ifm_pad_bottom = 0x103,
  ifm_depth_m1 = 0x104,
  ifm_precision = 0x105,
  ifm_upscale = 0x107,
  ifm_zero_point = 0x109,
  ifm_width0_m1 = 0x10A,
  ifm_height0_m1 = 0x10B,
  ifm_height1_m1 = 0x10C,
  ifm_ib_end = 0x10D,
  ifm_region = 0x10F,
  ofm_width_m1 = 0x111,
  ofm_height_m1 = 0x112,
  ofm_depth_m1 = 0x113,
  ofm_precision = 0x114,
  ofm_blk_width_m1 = 0x115,
  ofm_blk_height_m1 = 0x116,
  ofm_blk_depth_m1 = 0x117,
  ofm_zero_point = 0x118,
  ofm_width0_m1 = 0x11A,
  ofm_height0_m1 = 0x11B,
  ofm_height1_m1 = 0x11C,
  ofm_region = 0x11F,
  kernel_width_m1 = 0x120,
  kernel_height_m1 = 0x121,
  kernel_stride = 0x122,
  parallel_mode = 0x123,
  acc_format = 0x124,
  activation = 0x125,
  activation_min = 0x126,
  activation_max = 0x127,
  weight_region = 0x128,
  scale_region = 0x129,
  ab_start = 0x12D,
  blockdep = 0x12F,
  dma0_src_region = 0x130,
  dma0_dst_region = 0x131,
  dma0_size0 = 0x132,
  dma0_size1 = 0x133,
  ifm2_broadcast = 0x180,
  ifm2_scalar = 0x181,
  ifm2_precision = 0x185,
  ifm2_zero_point = 0x189,
  ifm2_width0_m1 = 0x18A,
  ifm2_height0_m1 = 0x18B,
  ifm2_height1_m1 = 0x18C,
  ifm2_ib_start = 0x18D,
  ifm2_region = 0x18F,
};

/// Registers of 32 bits and more.
enum class long_register : std::uint16_t {
  ifm_base0 = 0x00,
  ifm_base1 = 0x01,
  ifm_base2 = 0x02,
  ifm_base3 = 0x03,
  ifm_stride_x = 0x04,
  ifm_stride_y = 0x05,
  ifm_stride_c = 0x06,
  ofm_base0 = 0x10,
  ofm_base1 = 0x11,
  ofm_base2 = 0x12,
  ofm_base3 = 0x13,
  ofm_stride_x = 0x14,
  ofm_stride_y = 0x15,
  ofm_stride_c = 0x16,
  weight_base = 0x20,
  weight_length = 0x21,
  scale_base = 0x22,
  scale_length = 0x23,
  ofm_scale = 0x24,
  opa_scale = 0x25,
  opb_scale = 0x26,
  dma0_src = 0x30,
  dma0_dst = 0x31,
  dma0_len = 0x32,
  dma0_skip0 = 0x33,
  dma0_skip1 = 0x34,
  ifm2_base0 = 0x80,
  ifm2_base1 = 0x81,
  ifm2_base2 = 0x82,
  ifm2_base3 = 0x83,
  ifm2_stride_x = 0x84,
  ifm2_stride_y = 0x85,
  ifm2_stride_c = 0x86,
  // The second core's; the first one's are weight_base and scale_base.
  weight1_base = 0x90,
  weight1_length = 0x91,
  scale1_base = 0x92,
  scale1_length = 0x93,
};

inline constexpr std::uint32_t second_word_follows = 0x4000;
inline constexpr std::uint32_t parameter_at = 16;
/// Registers are numbered below these.
inline constexpr std::uint16_t short_registers = 0x190;
inline constexpr std::uint16_t long_registers = 0x94;

// Fields.

/// Of IFM_PRECISION and IFM2_PRECISION; which operand OPA_SCALE is applied to, with 32 bits.
enum class scaled_operand : std::uint8_t { none = 0, first = 1, second = 2 };

constexpr std::uint32_t input_precision(bool is_signed, bool is_blocked,
                                        scaled_operand scaled = scaled_operand::none) {
  return (is_signed ? 1U : 0U) | (is_blocked ? 1U << 6 : 0U) |
         static_cast<std::uint32_t>(scaled) << 8;
}

/// @param has_one_scale whether OFM_SCALE applies, and not a record a channel
constexpr std::uint32_t output_precision(bool is_signed, bool is_blocked, bool has_one_scale) {
  return (is_signed ? 1U : 0U) | (is_blocked ? 1U << 6 : 0U) | (has_one_scale ? 1U << 8 : 0U);
}

/// Strides from 1 to 3, dilations 1 and 2.
constexpr std::uint32_t kernel_stride(std::int32_t stride_y, std::int32_t stride_x,
                                      std::int32_t dilation_y, std::int32_t dilation_x,
                                      bool part_kernel_first) {
  const auto x = static_cast<std::uint32_t>(stride_x - 1);
  const auto y = static_cast<std::uint32_t>(stride_y - 1);
  return (x & 1) | (y & 1) << 1 | (part_kernel_first ? 1U << 2 : 0U) |
         static_cast<std::uint32_t>(dilation_x - 1) << 3 |
         static_cast<std::uint32_t>(dilation_y - 1) << 4 | x >> 1 << 6 | y >> 1 << 9;
}

} // namespace inlay::ethos_u
