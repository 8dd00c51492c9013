// SPDX-License-Identifier: Apache-2.0
#include "register_file.hpp"

#include <algorithm>

namespace inlay::test::npu_model {
namespace {

struct named {
  std::uint32_t code;
  std::string_view name;
};

constexpr named short_registers[] = {
    {0x100, "IFM_PAD_TOP"},       {0x101, "IFM_PAD_LEFT"},     {0x102, "IFM_PAD_RIGHT"},
    {0x103, "IFM_PAD_BOTTOM"},    {0x104, "IFM_DEPTH_M1"},     {0x105, "IFM_PRECISION"},
    {0x107, "IFM_UPSCALE"},       {0x109, "IFM_ZERO_POINT"},   {0x10A, "IFM_WIDTH0_M1"},
    {0x10B, "IFM_HEIGHT0_M1"},    {0x10C, "IFM_HEIGHT1_M1"},   {0x10D, "IFM_IB_END"},
    {0x10F, "IFM_REGION"},        {0x111, "OFM_WIDTH_M1"},     {0x112, "OFM_HEIGHT_M1"},
    {0x113, "OFM_DEPTH_M1"},      {0x114, "OFM_PRECISION"},    {0x115, "OFM_BLK_WIDTH_M1"},
    {0x116, "OFM_BLK_HEIGHT_M1"}, {0x117, "OFM_BLK_DEPTH_M1"}, {0x118, "OFM_ZERO_POINT"},
    {0x11A, "OFM_WIDTH0_M1"},     {0x11B, "OFM_HEIGHT0_M1"},   {0x11C, "OFM_HEIGHT1_M1"},
    {0x11F, "OFM_REGION"},        {0x120, "KERNEL_WIDTH_M1"},  {0x121, "KERNEL_HEIGHT_M1"},
    {0x122, "KERNEL_STRIDE"},     {0x123, "PARALLEL_MODE"},    {0x124, "ACC_FORMAT"},
    {0x125, "ACTIVATION"},        {0x126, "ACTIVATION_MIN"},   {0x127, "ACTIVATION_MAX"},
    {0x128, "WEIGHT_REGION"},     {0x129, "SCALE_REGION"},     {0x12D, "AB_START"},
    {0x12F, "BLOCKDEP"},          {0x130, "DMA0_SRC_REGION"},  {0x131, "DMA0_DST_REGION"},
    {0x132, "DMA0_SIZE0"},        {0x133, "DMA0_SIZE1"},       {0x180, "IFM2_BROADCAST"},
    {0x181, "IFM2_SCALAR"},       {0x185, "IFM2_PRECISION"},   {0x189, "IFM2_ZERO_POINT"},
    {0x18A, "IFM2_WIDTH0_M1"},    {0x18B, "IFM2_HEIGHT0_M1"},  {0x18C, "IFM2_HEIGHT1_M1"},
    {0x18D, "IFM2_IB_START"},     {0x18F, "IFM2_REGION"},
};

constexpr named long_registers[] = {
    {0x00, "IFM_BASE0"},     {0x01, "IFM_BASE1"},      {0x02, "IFM_BASE2"},
    {0x03, "IFM_BASE3"},     {0x04, "IFM_STRIDE_X"},   {0x05, "IFM_STRIDE_Y"},
    {0x06, "IFM_STRIDE_C"},  {0x10, "OFM_BASE0"},      {0x11, "OFM_BASE1"},
    {0x12, "OFM_BASE2"},     {0x13, "OFM_BASE3"},      {0x14, "OFM_STRIDE_X"},
    {0x15, "OFM_STRIDE_Y"},  {0x16, "OFM_STRIDE_C"},   {0x20, "WEIGHT_BASE"},
    {0x21, "WEIGHT_LENGTH"}, {0x22, "SCALE_BASE"},     {0x23, "SCALE_LENGTH"},
    {0x24, "OFM_SCALE"},     {0x25, "OPA_SCALE"},      {0x26, "OPB_SCALE"},
    {0x30, "DMA0_SRC"},      {0x31, "DMA0_DST"},       {0x32, "DMA0_LEN"},
    {0x33, "DMA0_SKIP0"},    {0x34, "DMA0_SKIP1"},     {0x80, "IFM2_BASE0"},
    {0x81, "IFM2_BASE1"},    {0x82, "IFM2_BASE2"},     {0x83, "IFM2_BASE3"},
    {0x84, "IFM2_STRIDE_X"}, {0x85, "IFM2_STRIDE_Y"},  {0x86, "IFM2_STRIDE_C"},
    {0x90, "WEIGHT1_BASE"},  {0x91, "WEIGHT1_LENGTH"}, {0x92, "SCALE1_BASE"},
    {0x93, "SCALE1_LENGTH"},
};

template <std::size_t Count>
std::string_view name_in(const named (&list)[Count], std::uint32_t code) {
  const auto found =
      std::find_if(list, list + Count, [&](const named& one) { return one.code == code; });
  return found == list + Count ? std::string_view{} : found->name;
}

} // namespace

bool register_file::set_short(std::uint32_t code, std::uint32_t parameter) {
  if (name_in(short_registers, code).empty()) {
    return false;
  }
  short_[code & 0xFF] = static_cast<std::uint16_t>(parameter);
  short_set_[code & 0xFF] = true;
  return true;
}

bool register_file::set_long(std::uint32_t code, std::uint32_t parameter, std::uint32_t payload) {
  if (name_in(long_registers, code).empty()) {
    return false;
  }
  long_[code] = std::uint64_t{parameter} << 32 | payload;
  long_set_[code] = true;
  return true;
}

/// Reads registers and notes those that were never set.
struct register_file::reader {
  const register_file& file;
  operation& into;

  int number(std::uint32_t code) {
    if (!file.short_set_[code & 0xFF]) {
      into.unset.push_back(name_in(short_registers, code));
    }
    return file.short_[code & 0xFF];
  }
  int extent(std::uint32_t code) { return number(code) + 1; }
  int signed_number(std::uint32_t code) {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(number(code)));
  }

  std::uint64_t pair(std::uint32_t code) {
    if (!file.long_set_[code]) {
      into.unset.push_back(name_in(long_registers, code));
    }
    return file.long_[code];
  }
  /// Addresses have up to 40 bits, the upper ones in the parameter.
  std::int64_t address(std::uint32_t code) {
    return static_cast<std::int64_t>(pair(code) & 0xFFFFFFFFFFFF);
  }
  std::int64_t stride(std::uint32_t code) {
    const auto bits = static_cast<std::int64_t>(pair(code) & 0xFFFFFFFFFFFF);
    return (bits ^ (std::int64_t{1} << 47)) - (std::int64_t{1} << 47);
  }
  npu_model::scale scale(std::uint32_t code) {
    const std::uint64_t both = pair(code);
    return {static_cast<std::uint32_t>(both), static_cast<int>(both >> 32 & 0x3F)};
  }
  npu_model::range range(std::uint32_t code) { return {address(code), address(code + 1)}; }

  /// Where a tensor lies; its extents come from elsewhere.
  void lies(feature_map& map, std::uint32_t longs, std::uint32_t shorts) {
    map.region = number(shorts + 0xF);
    map.width0 = extent(shorts + 0xA);
    map.height0 = extent(shorts + 0xB);
    map.height1 = extent(shorts + 0xC);
    map.stride_x = stride(longs + 4);
    map.stride_y = stride(longs + 5);
    map.stride_c = stride(longs + 6);
    map.base[0] = address(longs);
    // A tile that no row or column reaches needs no base.
    const bool right = map.width0 < map.width;
    if (right) {
      map.base[1] = address(longs + 1);
    }
    if (map.height0 < map.height) {
      map.base[2] = address(longs + 2);
    }
    if (right && map.height1 < map.height) {
      map.base[3] = address(longs + 3);
    }
  }

  /// Bits 9 and 10 of a region say of how many dimensions that side is.
  void transfer() {
    const int source = number(0x130);
    const int target = number(0x131);
    into.source_region = source & 0x1FF;
    into.target_region = target & 0x1FF;
    into.source_dimensions = 1 + (source >> 9 & 3);
    into.target_dimensions = 1 + (target >> 9 & 3);
    into.source = address(0x30);
    into.target = address(0x31);
    into.bytes = address(0x32);
    const int most = std::max(into.source_dimensions, into.target_dimensions);
    if (most > 1) {
      into.rows = number(0x132);
      into.row_skip = stride(0x33);
    }
    if (most > 2) {
      into.planes = number(0x133);
      into.plane_skip = stride(0x34);
    }
  }

  void is_of_type(feature_map& map, int precision, int size_bit) {
    map.is_signed = (precision & 1) != 0;
    map.element_bytes = 1 << (precision >> size_bit & 3);
    map.layout = (precision & 0x40) != 0 ? tensor_layout::nhcwb16 : tensor_layout::nhwc;
  }
};

operation register_file::operation_of(kind what, int parameter) const {
  operation result;
  result.kind = what;
  result.parameter = parameter;
  reader read{*this, result};
  if (what == kind::dma_wait || what == kind::kernel_wait) {
    return result;
  }
  if (what == kind::dma) {
    read.transfer();
    return result;
  }
  result.activation = read.number(0x125);
  result.activation_min = read.signed_number(0x126);
  result.activation_max = read.signed_number(0x127);
  result.block_width = read.extent(0x115);
  result.block_height = read.extent(0x116);
  result.block_depth = read.extent(0x117);
  result.input_end = read.number(0x10D);
  result.sum_start = read.number(0x12D);
  result.sum_format = read.number(0x124);
  result.block_dependency = read.number(0x12F);
  result.cores = short_set_[0x23] ? short_[0x23] + 1 : 1;

  feature_map& ofm = result.ofm;
  ofm.width = read.extent(0x111);
  ofm.height = read.extent(0x112);
  ofm.depth = read.extent(0x113);
  ofm.zero_point = read.signed_number(0x118);
  const int ofm_precision = read.number(0x114);
  read.is_of_type(ofm, ofm_precision, 1);
  read.lies(ofm, 0x10, 0x110);
  result.global_scale = (ofm_precision & 0x100) != 0;
  result.rounding = static_cast<npu_model::rounding>(ofm_precision >> 14 & 3);
  if (result.global_scale) {
    result.ofm_scale = read.scale(0x24);
  }

  feature_map& ifm = result.ifm;
  ifm.depth = read.extent(0x104);
  ifm.zero_point = read.signed_number(0x109);
  const int precision = read.number(0x105);
  read.is_of_type(ifm, precision, 2);
  if (what == kind::elementwise) {
    ifm.height = ofm.height;
    ifm.width = ofm.width;
    read.lies(ifm, 0x00, 0x100);
    result.scale_mode = precision >> 8 & 3;
    const auto mode = static_cast<npu_model::elementwise>(parameter);
    if (mode == elementwise::add || mode == elementwise::sub) {
      result.opa_scale = read.scale(0x25);
      result.opb_scale = read.scale(0x26);
    }
    if (result.is_unary()) {
      return result;
    }
    result.broadcast = read.number(0x180);
    feature_map& ifm2 = result.ifm2;
    ifm2.height = (result.broadcast & 1) != 0 ? 1 : ofm.height;
    ifm2.width = (result.broadcast & 2) != 0 ? 1 : ofm.width;
    ifm2.depth = (result.broadcast & 4) != 0 ? 1 : ofm.depth;
    ifm2.zero_point = read.signed_number(0x189);
    read.is_of_type(ifm2, read.number(0x185), 2);
    if (result.has_scalar()) {
      result.scalar = read.number(0x181);
    } else {
      read.lies(ifm2, 0x80, 0x180);
      result.input2_start = read.number(0x18D);
    }
    return result;
  }

  const int stride = read.number(0x122);
  result.stride_x = 1 + (stride & 1) + (stride >> 6 & 7) * 2;
  result.stride_y = 1 + (stride >> 1 & 1) + (stride >> 9 & 7) * 2;
  result.part_kernel = (stride & 4) != 0;
  result.dilation_x = 1 + (stride >> 3 & 1);
  result.dilation_y = 1 + (stride >> 4 & 1);
  result.kernel_width = read.extent(0x120);
  result.kernel_height = read.extent(0x121);
  result.pad_top = read.number(0x100);
  result.pad_left = read.number(0x101);
  result.pad_right = read.number(0x102);
  result.pad_bottom = read.number(0x103);
  result.upscale = read.number(0x107);
  const auto covered = [&](int outputs, int step, int window, int pads) {
    const int wide = (outputs - 1) * step + window - pads;
    return result.upscale == 0 ? wide : (wide + 1) / 2;
  };
  ifm.height = covered(ofm.height, result.stride_y, result.kernel_height,
                       result.pad_top + result.pad_bottom);
  ifm.width =
      covered(ofm.width, result.stride_x, result.kernel_width, result.pad_left + result.pad_right);
  read.lies(ifm, 0x00, 0x100);
  if (result.has_weights()) {
    result.weight_region = read.number(0x128);
    result.scale_region = read.number(0x129);
    result.weights[0] = read.range(0x20);
    result.scales[0] = read.range(0x22);
    if (result.cores > 1) {
      result.weights[1] = read.range(0x90);
      result.scales[1] = read.range(0x92);
    }
  }
  return result;
}

} // namespace inlay::test::npu_model
