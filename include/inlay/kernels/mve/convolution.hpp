// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/mve/requantize.hpp>
#include <inlay/kernels/portable/gather.hpp>
#include <inlay/kernels/portable/packed_convolution.hpp>
#include <inlay/kernels/portable/requantize_rows.hpp>
#include <inlay/numerics/divide_up.hpp>

// CONV_2D and FULLY_CONNECTED by rows, on vectors of 16 elements of the depth. Pixels are read in
// place, or gathered window by window. Channels are packed one behind the other.

namespace inlay::kernels::mve {

using portable::convolution_shape;
using portable::packed_convolution;

/// All that the kernel knows of a layer besides its parameters, and where the parts of its scratch
/// memory begin, in bytes.
struct convolution_plan {
  convolution_shape shape{};
  packed_convolution packed{};
  bool in_place = false;
  /// Pixels at a time.
  std::int32_t pixels = 0;
  std::size_t corrections = 0;
  std::size_t windows = 0;
  std::size_t bytes = 0;

  static constexpr std::int32_t most_pixels = 64;

  static constexpr convolution_plan of(const convolution_shape& shape) noexcept {
    convolution_plan made;
    made.shape = shape;
    made.packed = packed_convolution::of(shape);
    made.in_place = shape.is_pointwise();
    const std::int32_t blocks = divide_up(shape.out_width, most_pixels);
    made.pixels = divide_up(shape.out_width, blocks);
    const std::int32_t even = (made.pixels + 1) / 2 * 2;
    const auto count = static_cast<std::size_t>(even);
    made.corrections = count * 2 * sizeof(std::int32_t);
    made.windows = made.corrections + (shape.weights_zero_point == 0 ? 0 : made.corrections);
    made.bytes =
        made.windows + (made.in_place ? 0 : count * static_cast<std::size_t>(shape.depth()));
    return made;
  }
};

template <step::convolution Step>
inline constexpr convolution_plan
    convolution_plan_of = convolution_plan::of(portable::shape_of<Step>);

/// The sum of `depth` elements.
template <element Type>
std::int32_t sum_of(const unsigned char* pixel, std::int32_t depth) noexcept {
  std::int32_t sum = 0;
#if INLAY_MVE
  for (; depth > 0; depth -= 16, pixel += 16) {
    const mve_pred16_t there = vctp8q(static_cast<std::uint32_t>(depth));
    if constexpr (Type == element::int8) {
      const auto* const from = reinterpret_cast<const std::int8_t*>(pixel);
      sum = vaddvaq_p_s8(sum, vldrbq_z_s8(from, there), there);
    } else {
      sum = static_cast<std::int32_t>(
          vaddvaq_p_u8(static_cast<std::uint32_t>(sum), vldrbq_z_u8(pixel, there), there));
    }
  }
#else
  for (std::int32_t i = 0; i < depth; ++i) {
    sum += static_cast<element_t<Type>>(pixel[i]);
  }
#endif
  return sum;
}

/// What the weights' zero point adds to the sums of each pixel, for both channels of any pair.
template <element Type>
void correct_pixels(const convolution_plan& plan, const unsigned char* pixels, std::int32_t count,
                    std::int32_t* corrections) noexcept {
  const std::int32_t depth = plan.shape.depth();
  for (std::int32_t p = 0; p < count; ++p, pixels += depth, corrections += 2) {
    corrections[0] = -plan.shape.weights_zero_point * sum_of<Type>(pixels, depth);
    corrections[1] = corrections[0];
  }
}

/// The two channels that begin at `channel` when one of them is not there, or careful; their sums
/// are without bias.
template <bool Corrects>
[[gnu::noinline]] void requantize_unusual(const convolution_plan& plan, std::int32_t channel,
                                          const channel_constants (&channels)[2],
                                          std::int32_t count, const std::int32_t* sums,
                                          const std::int32_t* corrections,
                                          unsigned char* out) noexcept {
  const output_stage& stage = plan.shape.stage;
  for (std::int32_t p = 0; p < count; ++p, out += plan.shape.out_channels) {
    for (std::int32_t c = 0; c < 2 && channel + c < plan.shape.out_channels; ++c) {
      const std::int32_t sum = wrapping_add(sums[2 * p + c], Corrects ? corrections[2 * p + c] : 0);
      const bool careful = (channels[c].code & channel_constants::careful) != 0;
      out[c] =
          careful
              ? static_cast<unsigned char>(portable::requantize_carefully(sum, channels[c], stage))
              : requantize(wrapping_add(sum, channels[c].bias), channels[c].mantissa,
                           channels[c].code, stage);
    }
  }
}

/// All output channels of some pixels.
template <element Type, bool HidesNegative, bool Corrects>
[[gnu::noinline]] void convolve_block(const convolution_plan& plan, const unsigned char* pixels,
                                      std::int32_t count, const unsigned char* packed,
                                      unsigned char* scratch, unsigned char* out) noexcept {
  auto* const sums = reinterpret_cast<std::int32_t*>(scratch);
  const auto* const corrections = reinterpret_cast<const std::int32_t*>(scratch + plan.corrections);
  const std::int32_t channels = plan.shape.out_channels;
  const pair_requantizer<HidesNegative, Corrects> requantize(plan.shape.stage, corrections, count,
                                                             channels);
  const unsigned char* constants = packed;
  const unsigned char* codes = packed + plan.packed.codes_at;
  const unsigned char* weights = packed + plan.packed.weights_at;
  product given;
  given.depth = plan.shape.depth();
  given.pixels = pixels;
  for (std::int32_t channel = 0; channel < channels; channel += 2) {
    const bool usual =
        ((codes[0] | codes[1]) & channel_constants::careful) == 0 && channel + 1 < channels;
    const std::int32_t first = usual ? load<std::int32_t>(constants) : 0;
    const std::int32_t second = usual ? load<std::int32_t>(constants + 4) : 0;
    for (std::size_t i = 0; i < 6; i += 2) {
      given.begin[i] = first;
      given.begin[i + 1] = second;
    }
    given.channels[0] = weights;
    given.channels[1] = channel + 1 < channels ? weights + given.depth : weights;
    given.sums = sums;
    multiply<Type>(given, count);
    if (usual) {
      requantize(sums, constants, codes, out);
    } else {
      requantize_unusual<Corrects>(plan, channel,
                                   {portable::packed_channel(plan.packed, packed, channel),
                                    portable::packed_channel(plan.packed, packed, channel + 1)},
                                   count, sums, corrections, out);
    }
    weights += 2 * given.depth;
    constants += packed_convolution::bytes_a_pair;
    codes += 2;
    out += 2;
  }
}

/// `Copy` of portable::gather_window.
struct copy_vectors {
  [[gnu::always_inline]] void operator()(unsigned char* to, const unsigned char* from,
                                         std::int32_t count) const noexcept {
#if INLAY_MVE
    for (; count > 0; count -= 16, to += 16, from += 16) {
      const mve_pred16_t there = vctp8q(static_cast<std::uint32_t>(count));
      vstrbq_p_u8(to, vldrbq_z_u8(from, there), there);
    }
#else
    portable::copy_few{}(to, from, count);
#endif
  }
};

/// One output row.
template <element Type>
[[gnu::noinline]] void
convolution_row(const convolution_plan& plan, const unsigned char* const* rows,
                const unsigned char* packed, unsigned char* scratch, unsigned char* out) noexcept {
  const std::int32_t depth = plan.shape.depth();
  for (std::int32_t x = 0; x < plan.shape.out_width; x += plan.pixels) {
    const std::int32_t left = plan.shape.out_width - x;
    const std::int32_t count = left < plan.pixels ? left : plan.pixels;
    const unsigned char* pixels = scratch + plan.windows;
    if (plan.in_place) {
      pixels = rows[0] + x * plan.shape.in_channels;
    } else {
      for (std::int32_t p = 0; p < count; ++p) {
        portable::gather_window<copy_vectors>(plan.shape, rows, x + p,
                                              scratch + plan.windows + p * depth);
      }
    }
    unsigned char* const to = out + x * plan.shape.out_channels;
    const bool hides_negative = plan.shape.stage.clamp.low >= plan.shape.stage.zero_point;
    if (plan.shape.weights_zero_point != 0) {
      correct_pixels<Type>(plan, pixels, count,
                           reinterpret_cast<std::int32_t*>(scratch + plan.corrections));
      convolve_block<Type, false, true>(plan, pixels, count, packed, scratch, to);
    } else if (hides_negative) {
      convolve_block<Type, true, false>(plan, pixels, count, packed, scratch, to);
    } else {
      convolve_block<Type, false, false>(plan, pixels, count, packed, scratch, to);
    }
  }
}

} // namespace inlay::kernels::mve
