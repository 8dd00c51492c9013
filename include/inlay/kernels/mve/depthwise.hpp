// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/mve/requantize.hpp>
#include <inlay/kernels/mve/windows.hpp>
#include <inlay/kernels/portable/packed_depthwise.hpp>
#include <inlay/kernels/portable/requantize_rows.hpp>
#include <inlay/numerics/divide_up.hpp>

#include <cstring>

// DEPTHWISE_CONV_2D 3x3 by rows. Sixteen channels of a column are staged as 64 bytes: for each
// channel its elements of the three rows, and one more byte. One load that gathers four columns of
// a channel then holds the windows of two outputs, each of which is one sum of sixteen products,
// where the weights of what is outside of the window are 0.

namespace inlay::kernels::mve {

using portable::convolution_shape;
using portable::packed_depthwise;

/// All that the kernel knows of a layer besides its parameters, and where the parts of its scratch
/// memory begin, in bytes.
struct depthwise_plan {
  convolution_shape shape{};
  packed_depthwise packed{};
  /// Output pixels at a time.
  std::int32_t pixels = 0;
  std::size_t sums = 0;
  std::size_t bytes = 0;

  static constexpr std::int32_t most_pixels = 28;
  static constexpr std::int32_t block = 16;

  /// Columns that are read for `count` pixels.
  [[nodiscard]] constexpr std::int32_t columns(std::int32_t count) const noexcept {
    return shape.stride == 1 ? (count + 1) / 2 * 2 + 2 : count * 2 + 2;
  }
  /// Sums a channel: for an even number of pixels.
  [[nodiscard]] constexpr std::int32_t sums_a_channel() const noexcept {
    return (pixels + 1) / 2 * 2;
  }

  static constexpr depthwise_plan of(const convolution_shape& shape) noexcept {
    depthwise_plan made;
    made.shape = shape;
    made.packed = packed_depthwise::of(shape.out_channels);
    const std::int32_t blocks = divide_up(shape.out_width, most_pixels);
    made.pixels = divide_up(shape.out_width, blocks);
    made.sums = static_cast<std::size_t>(made.columns(made.pixels)) * bytes_a_column;
    made.bytes =
        made.sums + static_cast<std::size_t>(made.sums_a_channel() * block) * sizeof(std::int32_t);
    return made;
  }
};

template <step::depthwise_convolution Step>
inline constexpr depthwise_plan depthwise_plan_of = depthwise_plan::of(portable::shape_of<Step>);

/// Stages `columns` columns of up to sixteen channels from column `at` on.
inline void stage_columns(const convolution_shape& shape, const unsigned char* const* rows,
                          std::int32_t channel, std::int32_t at, std::int32_t columns,
                          unsigned char* out) noexcept {
  const auto outside = static_cast<unsigned char>(shape.input_zero_point);
  const std::int32_t channels = shape.in_channels - channel < depthwise_plan::block
                                    ? shape.in_channels - channel
                                    : depthwise_plan::block;
  const std::int32_t step = shape.in_channels;
#if INLAY_MVE
  const mve_pred16_t there = vctp8q(static_cast<std::uint32_t>(channels));
  const uint8x16_t zero_points = vdupq_n_u8(outside);
  const auto start = [&](const unsigned char* row) -> const unsigned char* {
    return row == nullptr ? out : row + channel + at * step;
  };
  const unsigned char* first = start(rows[0]);
  const unsigned char* second = start(rows[1]);
  const unsigned char* third = start(rows[2]);
  const std::int32_t end = at + columns;
  uint8x16x4_t four;
  four.val[3] = zero_points;
  const auto put_outside = [&](std::int32_t until) {
    for (; at < until; ++at, out += bytes_a_column) {
      four.val[0] = zero_points;
      four.val[1] = zero_points;
      four.val[2] = zero_points;
      vst4q_u8(out, four);
      first += step;
      second += step;
      third += step;
    }
  };
  put_outside(end < 0 ? end : 0);
  const std::int32_t inside = end < shape.in_width ? end : shape.in_width;
  const bool all = rows[0] != nullptr && rows[1] != nullptr && rows[2] != nullptr;
  if (all && channels == depthwise_plan::block) {
    for (std::int32_t left = inside - at; left > 0; --left) {
      four.val[0] = vldrbq_u8(first);
      four.val[1] = vldrbq_u8(second);
      four.val[2] = vldrbq_u8(third);
      first += step;
      second += step;
      third += step;
      vst4q_u8(out, four);
      out += bytes_a_column;
    }
    at = inside > at ? inside : at;
  } else {
    for (; at < inside; ++at, out += bytes_a_column) {
      four.val[0] = rows[0] == nullptr ? zero_points : vldrbq_z_u8(first, there);
      four.val[1] = rows[1] == nullptr ? zero_points : vldrbq_z_u8(second, there);
      four.val[2] = rows[2] == nullptr ? zero_points : vldrbq_z_u8(third, there);
      vst4q_u8(out, four);
      first += step;
      second += step;
      third += step;
    }
  }
  put_outside(end);
#else
  for (const std::int32_t end = at + columns; at < end; ++at) {
    for (std::int32_t c = 0; c < depthwise_plan::block; ++c, out += 4) {
      for (std::int32_t ky = 0; ky < 3; ++ky) {
        const bool inside = rows[ky] != nullptr && at >= 0 && at < shape.in_width && c < channels;
        out[ky] = inside ? rows[ky][at * step + channel + c] : outside;
      }
      out[3] = outside;
    }
  }
#endif
}

/// Four channels of `count` pixels, whose sums lie `stride` apart.
template <bool HidesNegative>
[[gnu::noinline]] void requantize_quad(const depthwise_plan& plan, const unsigned char* packed,
                                       std::int32_t channel, std::int32_t count,
                                       const std::int32_t* sums, unsigned char* out) noexcept {
  const output_stage& stage = plan.shape.stage;
  const std::int32_t stride = plan.sums_a_channel();
  const std::int32_t left = plan.shape.out_channels - channel;
#if INLAY_MVE
  const auto* const constants = reinterpret_cast<const std::int32_t*>(
      packed + static_cast<std::size_t>(channel / 4) * packed_depthwise::bytes_a_quad);
  const int32x4_t biases = vldrwq_s32(constants);
  const int32x4_t mantissas = vldrwq_s32(constants + 4);
  const unsigned char* const codes = packed + plan.packed.codes_at + channel;
  const int32x4_t shifts = vmvnq_s32(vreinterpretq_s32_u32(vldrbq_u32(codes))); // -1 - code
  const int32x4_t low = vdupq_n_s32(stage.clamp.low);
  const int32x4_t high = vdupq_n_s32(stage.clamp.high);
  const uint32x4_t places = vmulq_n_u32(vidupq_n_u32(0, 4), static_cast<std::uint32_t>(stride));
  const std::int32_t zero_point = stage.zero_point;
  const std::int32_t across = plan.shape.out_channels;
  const auto next = [&] {
    const int32x4_t sum = vaddq_s32(vldrwq_gather_offset_s32(sums++, places), biases);
    return requantize<HidesNegative>(sum, mantissas, shifts, zero_point, low, high);
  };
  auto* to = reinterpret_cast<std::int8_t*>(out);
  if (left >= 4) {
    for (std::int32_t p = count; p > 0; --p, to += across) {
      vstrbq_s32(to, next());
    }
  } else {
    const mve_pred16_t there = vctp32q(static_cast<std::uint32_t>(left));
    for (std::int32_t p = count; p > 0; --p, to += across) {
      vstrbq_p_s32(to, next(), there);
    }
  }
#else
  for (std::int32_t c = 0; c < 4 && c < left; ++c) {
    const channel_constants made = portable::packed_channel(plan.packed, packed, channel + c);
    for (std::int32_t p = 0; p < count; ++p) {
      if ((made.code & channel_constants::careful) == 0) {
        out[p * plan.shape.out_channels + c] = requantize(
            wrapping_add(sums[c * stride + p], made.bias), made.mantissa, made.code, stage);
      }
    }
  }
#endif
}

/// Up to sixteen channels of some output pixels.
template <element Type>
[[gnu::noinline]] void depthwise_block(const depthwise_plan& plan, const unsigned char* const* rows,
                                       const unsigned char* packed, std::int32_t channel,
                                       std::int32_t first, std::int32_t count,
                                       unsigned char* scratch, unsigned char* out) noexcept {
  const convolution_shape& shape = plan.shape;
  auto* const sums = reinterpret_cast<std::int32_t*>(scratch + plan.sums);
  stage_columns(shape, rows, channel, first * shape.stride - shape.padding_left,
                plan.columns(count), scratch);
  const std::int32_t left = shape.out_channels - channel;
  const std::int32_t channels = left < depthwise_plan::block ? left : depthwise_plan::block;
  const unsigned char* weights =
      packed + plan.packed.weights_at + static_cast<std::size_t>(channel) * packed_depthwise::taps;
  const std::int32_t stride = plan.sums_a_channel();
  const windows given{shape.stride == 1 ? (count + 1) / 2 : count, channels, sums, stride * 4};
  sum_windows<Type>(scratch, weights, given, shape.stride, shape.weights_zero_point);
  for (std::int32_t c = 0; c < channels; c += 4) {
    if (shape.stage.clamp.low >= shape.stage.zero_point) {
      requantize_quad<true>(plan, packed, channel + c, count, sums + c * stride, out + c);
    } else {
      requantize_quad<false>(plan, packed, channel + c, count, sums + c * stride, out + c);
    }
  }
  for (std::int32_t c = 0; c < channels; ++c) {
    if ((packed[plan.packed.codes_at + static_cast<std::size_t>(channel + c)] &
         channel_constants::careful) != 0) {
      portable::requantize_carefully<false>(
          {sums + c * stride, 1, out + c, shape.out_channels, count},
          portable::packed_channel(plan.packed, packed, channel + c), shape.stage);
    }
  }
}

/// One output row.
template <element Type>
[[gnu::noinline]] void depthwise_row(const depthwise_plan& plan, const unsigned char* const* rows,
                                     const unsigned char* packed, unsigned char* scratch,
                                     unsigned char* out) noexcept {
  const std::int32_t width = plan.shape.out_width;
  const std::int32_t channels = plan.shape.out_channels;
  for (std::int32_t x = 0; x < width; x += plan.pixels) {
    const std::int32_t count = width - x < plan.pixels ? width - x : plan.pixels;
    for (std::int32_t channel = 0; channel < channels; channel += depthwise_plan::block) {
      depthwise_block<Type>(plan, rows, packed, channel, x, count, scratch,
                            out + x * channels + channel);
    }
  }
}

} // namespace inlay::kernels::mve
