// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/portable/channel_constants.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::portable {

/// A convolution in numbers that kernels read at run time, so that layers share their code.
struct convolution_shape {
  std::int32_t in_width = 0;
  std::int32_t in_channels = 0;
  std::int32_t out_width = 0;
  std::int32_t out_channels = 0;
  extent kernel{};
  std::int32_t stride = 1;
  std::int32_t dilation = 1;
  std::int32_t padding_left = 0;
  std::int32_t input_zero_point = 0;
  std::int32_t weights_zero_point = 0;
  output_stage stage{};

  /// Products a sum.
  [[nodiscard]] constexpr std::int32_t depth() const noexcept {
    return kernel.height * kernel.width * in_channels;
  }
  /// Whether each output pixel reads one input pixel, the one in its place.
  [[nodiscard]] constexpr bool is_pointwise() const noexcept {
    return kernel.height == 1 && kernel.width == 1 && stride == 1 && padding_left == 0;
  }
};

template <class Kernel>
constexpr convolution_shape make_shape(const Kernel& step) noexcept {
  const step::sliding_window& window = step.window;
  convolution_shape made;
  made.in_width = step.in.width;
  made.in_channels = step.in.channels;
  made.out_width = step.out.width;
  made.out_channels = step.out.channels;
  made.kernel = window.kernel;
  made.stride = window.stride.width;
  made.dilation = window.dilation.width;
  made.padding_left = window.padding_left;
  made.input_zero_point = step.input_zero_point;
  made.weights_zero_point = step.weights_zero_point;
  made.stage = output_stage::of(step.type, step.output_zero_point, step.clamp);
  return made;
}
template <auto Step>
inline constexpr convolution_shape shape_of = make_shape(Step);

/// Whether the kernels of microcontrollers take this step: twice the sum of its products must fit
/// into 32 bits. Others are left to the reference.
constexpr bool is_packed(const step::convolution& step) {
  const std::int64_t depth =
      std::int64_t{step.window.kernel.height} * step.window.kernel.width * step.in.channels;
  return depth <= 16384;
}

/// The constants of channel `channel` of a layer whose weights, less their zero point, have these
/// sums.
template <class Kernel>
constexpr channel_constants constants_of(const Kernel& step, const layer_constants& layer,
                                         std::size_t channel, const weight_sums& sums) {
  return channel_constants_of(layer.bias.empty() ? 0 : layer.bias.at<std::int32_t>(channel),
                              layer.scaling.multiplier(layer.multiplier_count > 1 ? channel : 0),
                              sums, input_range_of(step.type, step.input_zero_point));
}

/// The constants of channel `channel` of a convolution's layer.
/// @param weight its weight number i, less the zero point, for i in [0, count)
template <auto Step, class Weight>
constexpr channel_constants constants_of(const layer_constants& layer, std::size_t channel,
                                         std::int32_t count, const Weight& weight) {
  constexpr auto step = Step;
  weight_sums sums;
  for (std::int32_t i = 0; i < count; ++i) {
    sums.add(weight(i));
  }
  return constants_of(step, layer, channel, sums);
}

/// In which order a core wants weights: a convolution's by pairs of channels, by fours of the
/// depth: four of one channel, four of the other, and a depthwise convolution's by quads of
/// channels, tap by tap; or one channel after the other, a depthwise convolution's column by
/// column.
enum class weights_order : std::uint8_t { together, apart };

/// Where the parts of a packed convolution begin, in bytes: for each pair of output channels two
/// biases and two mantissas; a code for each channel; weights. An odd last channel has a partner of
/// zeros.
struct packed_convolution {
  std::int32_t groups = 0;
  std::size_t codes_at = 0;
  std::size_t weights_at = 0;
  std::size_t bytes = 0;

  static constexpr std::size_t bytes_a_pair = 16;

  [[nodiscard]] constexpr std::size_t weights_a_pair() const noexcept {
    return static_cast<std::size_t>(groups) * 8;
  }
  [[nodiscard]] static constexpr packed_convolution of(const convolution_shape& shape) noexcept {
    const auto pairs = static_cast<std::size_t>((shape.out_channels + 1) / 2);
    packed_convolution made;
    made.groups = (shape.depth() + 3) / 4;
    made.codes_at = pairs * bytes_a_pair;
    made.weights_at = made.codes_at + (2 * pairs + 3) / 4 * 4;
    made.bytes = made.weights_at + pairs * made.weights_a_pair();
    return made;
  }
};

/// Writes packed_convolution::bytes.
template <weights_order Order, step::convolution Step>
constexpr void pack_convolution(const layer_constants& layer, unsigned char* out) noexcept {
  constexpr auto step = Step;
  constexpr convolution_shape shape = shape_of<Step>;
  constexpr packed_convolution places = packed_convolution::of(shape);
  constexpr std::int32_t depth = shape.depth();
  using value = element_t<step.type>;
  for (std::size_t i = 0; i < places.bytes; ++i) {
    out[i] = static_cast<unsigned char>(i < places.weights_at ? 0 : step.weights_zero_point);
  }
  for (std::int32_t c = 0; c < step.out.channels; ++c) {
    const auto channel = static_cast<std::size_t>(c);
    const std::size_t first = channel * static_cast<std::size_t>(depth);
    const auto made = constants_of<Step>(layer, channel, depth, [&](std::int32_t i) {
      return layer.weights.at<value>(first + static_cast<std::size_t>(i)) - step.weights_zero_point;
    });
    unsigned char* pair = out + channel / 2 * packed_convolution::bytes_a_pair;
    store(pair + channel % 2 * 4, made.bias);
    store(pair + 8 + channel % 2 * 4, made.mantissa);
    out[places.codes_at + channel] = made.code;
    for (std::size_t i = 0; i < static_cast<std::size_t>(depth); ++i) {
      const std::size_t at =
          Order == weights_order::apart
              ? first + i
              : channel / 2 * places.weights_a_pair() + i / 4 * 8 + channel % 2 * 4 + i % 4;
      out[places.weights_at + at] = layer.weights.bytes[first + i];
    }
  }
}

/// The constants of one channel of a packed convolution.
inline channel_constants packed_channel(const packed_convolution& places,
                                        const unsigned char* packed, std::int32_t c) noexcept {
  const auto channel = static_cast<std::size_t>(c);
  const unsigned char* pair = packed + channel / 2 * packed_convolution::bytes_a_pair;
  return {load<std::int32_t>(pair + channel % 2 * 4),
          load<std::int32_t>(pair + 8 + channel % 2 * 4), packed[places.codes_at + channel]};
}

} // namespace inlay::kernels::portable
