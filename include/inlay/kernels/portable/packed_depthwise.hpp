// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/packed_convolution.hpp>

namespace inlay::kernels::portable {

/// Whether the kernels of microcontrollers take this step: 3x3 with stride 1 or 2, one output
/// channel for each input channel. Others are left to the reference.
constexpr bool is_packed(const step::depthwise_convolution& step) {
  const step::sliding_window& window = step.window;
  return window.kernel == extent{3, 3} && window.dilation.width == 1 && step.multiplier == 1 &&
         window.stride.width <= 2;
}

/// Where the parts of a packed depthwise convolution begin, in bytes: for each quad of channels
/// four biases and four mantissas; a code for each channel; weights, for each quad nine taps of
/// four channels. A last quad that is not full is filled up with zeros.
struct packed_depthwise {
  std::size_t codes_at = 0;
  std::size_t weights_at = 0;
  std::size_t bytes = 0;

  static constexpr std::size_t taps = 9;
  static constexpr std::size_t bytes_a_quad = 32;

  /// Where the taps of the quad that begins at `channel` lie.
  [[nodiscard]] const unsigned char* taps_of(const unsigned char* packed,
                                             std::int32_t channel) const noexcept {
    return packed + weights_at + static_cast<std::size_t>(channel / 4) * taps * 4;
  }
  [[nodiscard]] static constexpr packed_depthwise of(std::int32_t channels) noexcept {
    const auto quads = static_cast<std::size_t>((channels + 3) / 4);
    packed_depthwise made;
    made.codes_at = quads * bytes_a_quad;
    made.weights_at = made.codes_at + quads * 4;
    made.bytes = made.weights_at + quads * taps * 4;
    return made;
  }
};

/// Writes packed_depthwise::bytes.
template <weights_order Order, step::depthwise_convolution Step>
constexpr void pack_depthwise(const layer_constants& layer, unsigned char* out) noexcept {
  constexpr auto step = Step;
  constexpr packed_depthwise places = packed_depthwise::of(step.out.channels);
  constexpr auto channels = static_cast<std::size_t>(step.out.channels);
  using value = element_t<step.type>;
  for (std::size_t i = 0; i < places.bytes; ++i) {
    out[i] = static_cast<unsigned char>(i < places.weights_at ? 0 : step.weights_zero_point);
  }
  for (std::size_t c = 0; c < channels; ++c) {
    const auto made = constants_of<Step>(layer, c, packed_depthwise::taps, [&](std::int32_t tap) {
      return layer.weights.at<value>(static_cast<std::size_t>(tap) * channels + c) -
             step.weights_zero_point;
    });
    unsigned char* quad = out + c / 4 * packed_depthwise::bytes_a_quad;
    store(quad + c % 4 * 4, made.bias);
    store(quad + 16 + c % 4 * 4, made.mantissa);
    out[places.codes_at + c] = made.code;
    for (std::size_t tap = 0; tap < packed_depthwise::taps; ++tap) {
      const std::size_t at = Order == weights_order::apart
                                 ? c * packed_depthwise::taps + tap % 3 * 3 + tap / 3
                                 : (c / 4 * packed_depthwise::taps + tap) * 4 + c % 4;
      out[places.weights_at + at] = layer.weights.bytes[tap * channels + c];
    }
  }
}

/// The constants of one channel of a packed depthwise convolution.
inline channel_constants packed_channel(const packed_depthwise& places, const unsigned char* packed,
                                        std::int32_t c) noexcept {
  const auto channel = static_cast<std::size_t>(c);
  const unsigned char* quad = packed + channel / 4 * packed_depthwise::bytes_a_quad;
  return {load<std::int32_t>(quad + channel % 4 * 4),
          load<std::int32_t>(quad + 16 + channel % 4 * 4), packed[places.codes_at + channel]};
}

} // namespace inlay::kernels::portable
