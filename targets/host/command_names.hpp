// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/registers.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace inspect {

template <class Register>
struct register_name {
  Register which;
  std::string_view name;
};

inline constexpr auto command_names = [] {
  using enum inlay::ethos_u::command;
  return std::to_array<register_name<inlay::ethos_u::command>>({
      {stop, "STOP"},
      {irq, "IRQ"},
      {convolution, "CONV"},
      {depthwise, "DEPTHWISE"},
      {pool, "POOL"},
      {elementwise, "ELEMENTWISE"},
      {dma_start, "DMA_START"},
      {dma_wait, "DMA_WAIT"},
      {kernel_wait, "KERNEL_WAIT"},
      {pmu_mask, "PMU_MASK"},
  });
}();

inline constexpr auto short_register_names = [] {
  using enum inlay::ethos_u::short_register;
  return std::to_array<register_name<inlay::ethos_u::short_register>>({
      {ifm_pad_top, "IFM_PAD_TOP"},
      {ifm_pad_left, "IFM_PAD_LEFT"},
      {ifm_pad_right, "IFM_PAD_RIGHT"},
      {ifm_pad_bottom, "IFM_PAD_BOTTOM"},
      {ifm_depth_m1, "IFM_DEPTH_M1"},
      {ifm_precision, "IFM_PRECISION"},
      {ifm_upscale, "IFM_UPSCALE"},
      {ifm_zero_point, "IFM_ZERO_POINT"},
      {ifm_width0_m1, "IFM_WIDTH0_M1"},
      {ifm_height0_m1, "IFM_HEIGHT0_M1"},
      {ifm_height1_m1, "IFM_HEIGHT1_M1"},
      {ifm_ib_end, "IFM_IB_END"},
      {ifm_region, "IFM_REGION"},
      {ofm_width_m1, "OFM_WIDTH_M1"},
      {ofm_height_m1, "OFM_HEIGHT_M1"},
      {ofm_depth_m1, "OFM_DEPTH_M1"},
      {ofm_precision, "OFM_PRECISION"},
      {ofm_blk_width_m1, "OFM_BLK_WIDTH_M1"},
      {ofm_blk_height_m1, "OFM_BLK_HEIGHT_M1"},
      {ofm_blk_depth_m1, "OFM_BLK_DEPTH_M1"},
      {ofm_zero_point, "OFM_ZERO_POINT"},
      {ofm_width0_m1, "OFM_WIDTH0_M1"},
      {ofm_height0_m1, "OFM_HEIGHT0_M1"},
      {ofm_height1_m1, "OFM_HEIGHT1_M1"},
      {ofm_region, "OFM_REGION"},
      {kernel_width_m1, "KERNEL_WIDTH_M1"},
      {kernel_height_m1, "KERNEL_HEIGHT_M1"},
      {kernel_stride, "KERNEL_STRIDE"},
      {parallel_mode, "PARALLEL_MODE"},
      {acc_format, "ACC_FORMAT"},
      {activation, "ACTIVATION"},
      {activation_min, "ACTIVATION_MIN"},
      {activation_max, "ACTIVATION_MAX"},
      {weight_region, "WEIGHT_REGION"},
      {scale_region, "SCALE_REGION"},
      {ab_start, "AB_START"},
      {blockdep, "BLOCKDEP"},
      {dma0_src_region, "DMA0_SRC_REGION"},
      {dma0_dst_region, "DMA0_DST_REGION"},
      {dma0_size0, "DMA0_SIZE0"},
      {dma0_size1, "DMA0_SIZE1"},
      {ifm2_broadcast, "IFM2_BROADCAST"},
      {ifm2_scalar, "IFM2_SCALAR"},
      {ifm2_precision, "IFM2_PRECISION"},
      {ifm2_zero_point, "IFM2_ZERO_POINT"},
      {ifm2_width0_m1, "IFM2_WIDTH0_M1"},
      {ifm2_height0_m1, "IFM2_HEIGHT0_M1"},
      {ifm2_height1_m1, "IFM2_HEIGHT1_M1"},
      {ifm2_ib_start, "IFM2_IB_START"},
      {ifm2_region, "IFM2_REGION"},
  });
}();

inline constexpr auto long_register_names = [] {
  using enum inlay::ethos_u::long_register;
  return std::to_array<register_name<inlay::ethos_u::long_register>>({
      {ifm_base0, "IFM_BASE0"},
      {ifm_base1, "IFM_BASE1"},
      {ifm_base2, "IFM_BASE2"},
      {ifm_base3, "IFM_BASE3"},
      {ifm_stride_x, "IFM_STRIDE_X"},
      {ifm_stride_y, "IFM_STRIDE_Y"},
      {ifm_stride_c, "IFM_STRIDE_C"},
      {ofm_base0, "OFM_BASE0"},
      {ofm_base1, "OFM_BASE1"},
      {ofm_base2, "OFM_BASE2"},
      {ofm_base3, "OFM_BASE3"},
      {ofm_stride_x, "OFM_STRIDE_X"},
      {ofm_stride_y, "OFM_STRIDE_Y"},
      {ofm_stride_c, "OFM_STRIDE_C"},
      {weight_base, "WEIGHT_BASE"},
      {weight_length, "WEIGHT_LENGTH"},
      {scale_base, "SCALE_BASE"},
      {scale_length, "SCALE_LENGTH"},
      {ofm_scale, "OFM_SCALE"},
      {opa_scale, "OPA_SCALE"},
      {opb_scale, "OPB_SCALE"},
      {dma0_src, "DMA0_SRC"},
      {dma0_dst, "DMA0_DST"},
      {dma0_len, "DMA0_LEN"},
      {dma0_skip0, "DMA0_SKIP0"},
      {dma0_skip1, "DMA0_SKIP1"},
      {ifm2_base0, "IFM2_BASE0"},
      {ifm2_base1, "IFM2_BASE1"},
      {ifm2_base2, "IFM2_BASE2"},
      {ifm2_base3, "IFM2_BASE3"},
      {ifm2_stride_x, "IFM2_STRIDE_X"},
      {ifm2_stride_y, "IFM2_STRIDE_Y"},
      {ifm2_stride_c, "IFM2_STRIDE_C"},
      {weight1_base, "WEIGHT1_BASE"},
      {weight1_length, "WEIGHT1_LENGTH"},
      {scale1_base, "SCALE1_BASE"},
      {scale1_length, "SCALE1_LENGTH"},
  });
}();

/// The name of what a word's lowest ten bits say; empty if there is none of that number.
template <class Names>
constexpr std::string_view name_in(const Names& names, std::uint32_t number) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& each) {
    return static_cast<std::uint32_t>(each.which) == number;
  });
  return found == names.end() ? std::string_view() : found->name;
}

} // namespace inspect
