// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/npu.hpp>
#include <inlay/kernels/ethos_u/operation.hpp>
#include <inlay/kernels/ethos_u/registers.hpp>
#include <inlay/kernels/ethos_u/transfer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace inlay::ethos_u {

/// What an NPU's registers hold after some commands; those never written are unknown.
class register_file {
public:
  /// Whether the register holds another value; from now on it holds this one.
  constexpr bool change(short_register which, std::uint32_t value) {
    return change(shorts_[static_cast<std::size_t>(which)], value);
  }
  /// @param parameter what goes into the first word
  constexpr bool change(long_register which, std::uint32_t parameter, std::uint32_t value) {
    return change(longs_[static_cast<std::size_t>(which)],
                  std::uint64_t{parameter} << 32 | std::uint64_t{value});
  }

private:
  static constexpr bool change(std::uint64_t& held, std::uint64_t value) {
    // Counted from 1, so that 0 is "unknown".
    const bool is_other = held != value + 1;
    held = value + 1;
    return is_other;
  }

  std::array<std::uint64_t, short_registers> shorts_{};
  std::array<std::uint64_t, long_registers> longs_{};
};

/// Writes operations as command words, without registers that hold their value already.
/// @tparam Sink called with each word
template <class Sink>
class emitter {
public:
  constexpr emitter(const npu& on, register_file& registers, Sink& sink)
      : on_(on), registers_(registers), sink_(sink) {}

  constexpr void begin() {
    if (on_.family == family::u65) {
      set(short_register::parallel_mode, on_.cores - 1);
    }
    // Tiles that no operation has.
    using l = long_register;
    for (const l unused : {l::ifm_base1, l::ifm_base2, l::ifm_base3, l::ifm2_base1, l::ifm2_base2,
                           l::ifm2_base3, l::ofm_base1, l::ofm_base2, l::ofm_base3}) {
      set(unused, std::int64_t{0});
    }
  }
  constexpr void end() { put(command::stop, stop_mask); }

  constexpr void run(const operation& what) {
    set_input(what);
    set_output(what);
    set_blocks(what);
    switch (what.kind) {
    case operation_kind::convolution:
      set_window(what);
      set_weights(what);
      put(command::convolution, 0);
      break;
    case operation_kind::depthwise:
      set_window(what);
      set_weights(what);
      put(command::depthwise, 0);
      break;
    case operation_kind::average_pool:
      set_window(what);
      set(long_register::ofm_scale, what.output_multiplier, what.output_shift);
      put(command::pool, average_of);
      break;
    case operation_kind::add:
      set_second(what);
      set(long_register::opa_scale, what.operand_multiplier, what.operand_shift);
      set(long_register::opb_scale, 0, 0);
      set(long_register::ofm_scale, what.output_multiplier, what.output_shift);
      put(command::elementwise, sum_of_two);
      break;
    }
  }

  /// Starts a copy of constants into the arena.
  constexpr void start(const transfer& what) {
    set(short_register::dma0_src_region, region::constants);
    set(short_register::dma0_dst_region, region::arena);
    set(long_register::dma0_src, what.from);
    set(long_register::dma0_dst, what.to);
    set(long_register::dma0_len, what.bytes);
    put(command::dma_start, 0);
  }
  /// Waits until at most so many transfers, or operations, are running.
  constexpr void wait_for_transfers(int left) {
    put(command::dma_wait, static_cast<std::uint32_t>(left));
  }
  constexpr void wait_for_operations(int left) {
    put(command::kernel_wait, static_cast<std::uint32_t>(left));
  }

private:
  constexpr void put(command which, std::uint32_t parameter) {
    sink_(static_cast<std::uint32_t>(which) | parameter << parameter_at);
  }
  constexpr void set(short_register which, std::int32_t value) {
    const std::uint32_t bits = static_cast<std::uint32_t>(value) & 0xFFFF;
    if (registers_.change(which, bits)) {
      sink_(static_cast<std::uint32_t>(which) | bits << parameter_at);
    }
  }
  constexpr void set(short_register which, region value) {
    set(which, static_cast<std::int32_t>(value));
  }
  constexpr void set(long_register which, std::uint32_t value, std::int32_t parameter) {
    const auto bits = static_cast<std::uint32_t>(parameter);
    if (registers_.change(which, bits, value)) {
      sink_(static_cast<std::uint32_t>(which) | second_word_follows | bits << parameter_at);
      sink_(value);
    }
  }
  /// An address, a length or a stride.
  constexpr void set(long_register which, std::int64_t value) {
    set(which, static_cast<std::uint32_t>(value), 0);
  }

  constexpr void set_input(const operation& what) {
    using r = short_register;
    using l = long_register;
    const feature_map& from = what.input;
    set(r::ifm_region, from.region);
    set(l::ifm_base0, from.base);
    if (from.height > from.first_rows) {
      set(l::ifm_base2, from.wrapped_base);
    }
    set(r::ifm_height0_m1, from.first_rows - 1);
    set(r::ifm_height1_m1, 0);
    set(r::ifm_width0_m1, from.width - 1);
    set(r::ifm_depth_m1, from.depth - 1);
    set(l::ifm_stride_c, from.stride_c());
    set(l::ifm_stride_y, from.row_stride);
    set(l::ifm_stride_x, from.stride_x());
    set(r::ifm_zero_point, from.zero_point);
    set(r::ifm_precision,
        static_cast<std::int32_t>(input_precision(from.is_signed, from.is_blocked, what.scaled)));
    set(r::ifm_upscale, 0);
  }

  constexpr void set_second(const operation& what) {
    using r = short_register;
    using l = long_register;
    const feature_map& from = what.second;
    set(r::ifm2_region, from.region);
    set(l::ifm2_base0, from.base);
    if (from.height > from.first_rows) {
      set(l::ifm2_base2, from.wrapped_base);
    }
    set(r::ifm2_height0_m1, from.first_rows - 1);
    set(r::ifm2_height1_m1, 0);
    set(r::ifm2_width0_m1, from.width - 1);
    set(l::ifm2_stride_c, from.stride_c());
    set(l::ifm2_stride_y, from.row_stride);
    set(l::ifm2_stride_x, from.stride_x());
    set(r::ifm2_zero_point, from.zero_point);
    set(r::ifm2_precision,
        static_cast<std::int32_t>(input_precision(from.is_signed, from.is_blocked)));
    set(r::ifm2_broadcast, 0);
    set(r::ifm2_ib_start, what.blocks.banks.second_begin);
  }

  constexpr void set_output(const operation& what) {
    using r = short_register;
    using l = long_register;
    const feature_map& to = what.output;
    set(r::ofm_region, to.region);
    set(l::ofm_base0, to.base);
    set(r::ofm_height0_m1, to.height - 1);
    set(r::ofm_height1_m1, 0);
    set(r::ofm_width0_m1, to.width - 1);
    set(r::ofm_height_m1, to.height - 1);
    set(r::ofm_width_m1, to.width - 1);
    set(r::ofm_depth_m1, to.depth - 1);
    set(l::ofm_stride_c, to.stride_c());
    set(l::ofm_stride_y, to.row_stride);
    set(l::ofm_stride_x, to.stride_x());
    set(r::ofm_zero_point, to.zero_point);
    const bool has_one_scale =
        what.kind == operation_kind::add || what.kind == operation_kind::average_pool;
    set(r::ofm_precision,
        static_cast<std::int32_t>(output_precision(to.is_signed, to.is_blocked, has_one_scale)));
    set(r::activation, 0);
    set(r::activation_min, what.clamp.low);
    set(r::activation_max, what.clamp.high);
  }

  constexpr void set_blocks(const operation& what) {
    using r = short_register;
    const block& size = what.blocks.output;
    set(r::ofm_blk_height_m1, size.height - 1);
    set(r::ofm_blk_width_m1, size.width - 1);
    set(r::ofm_blk_depth_m1, size.depth - 1);
    set(r::ifm_ib_end, what.blocks.banks.input_end);
    set(r::ab_start, what.blocks.banks.sum_begin);
    set(r::acc_format, 0);
    set(r::blockdep, what.block_dependency);
  }

  constexpr void set_window(const operation& what) {
    using r = short_register;
    set(r::ifm_pad_top, what.padding.top);
    set(r::ifm_pad_left, what.padding.left);
    set(r::ifm_pad_bottom, what.padding.bottom);
    set(r::ifm_pad_right, what.padding.right);
    set(r::kernel_height_m1, (what.kernel.height - 1) * what.dilation.height);
    set(r::kernel_width_m1, (what.kernel.width - 1) * what.dilation.width);
    set(r::kernel_stride, static_cast<std::int32_t>(kernel_stride(
                              what.stride.height, what.stride.width, what.dilation.height,
                              what.dilation.width, what.part_kernel_first)));
  }

  constexpr void set_weights(const operation& what) {
    using l = long_register;
    set(short_register::weight_region, what.constants_in);
    set(short_register::scale_region, what.constants_in);
    const packed_range& first = what.weights.cores[0];
    set(l::weight_base, first.weights);
    set(l::weight_length, first.weights_bytes);
    set(l::scale_base, first.scales);
    set(l::scale_length, first.scales_bytes);
    if (on_.cores > 1) {
      const packed_range& second = what.weights.cores[1];
      set(l::weight1_base, second.weights);
      set(l::weight1_length, second.weights_bytes);
      set(l::scale1_base, second.scales);
      set(l::scale1_length, second.scales_bytes);
    }
  }

  const npu& on_;
  register_file& registers_;
  Sink& sink_;
};

} // namespace inlay::ethos_u
