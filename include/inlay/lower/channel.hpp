// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/schedule.hpp>
#include <inlay/numerics/float_requantization.hpp>

// One output channel of a convolution: how its sums become outputs, and which sums it can reach.
// A step here is a step::convolution or a step::depthwise_convolution.

namespace inlay {

template <class Step>
constexpr requantization requantization_of(const Step& step, const channel_scaling& scaling,
                                           std::int64_t channel) noexcept {
  return {scaling.multiplier(step.per_channel ? static_cast<std::size_t>(channel) : 0),
          step.output_zero_point, step.clamp, step.type};
}

/// Sums of one channel's weights, which lie as in the file.
template <class Step>
constexpr weight_sums sums_of_weights(const Step& step, const constant& weights,
                                      std::int64_t channel) noexcept {
  const std::int64_t taps = std::int64_t{step.window.kernel.height} * step.window.kernel.width;
  constexpr bool depthwise = std::is_same_v<Step, step::depthwise_convolution>;
  const std::int64_t count = depthwise ? taps : taps * step.in.channels;
  const std::int64_t stride = depthwise ? step.out.channels : 1;
  const unsigned char* first = weights.bytes + (depthwise ? channel : channel * count);
  return step.type == element::int8
             ? sums_of_weights<element::int8>(first, count, stride, step.weights_zero_point)
             : sums_of_weights<element::uint8>(first, count, stride, step.weights_zero_point);
}

/// The sums that one channel can reach, bias included.
template <class Step>
constexpr reachable_sums reachable_sums_of(const Step& step, const constant& weights,
                                           const constant& bias, std::int64_t channel) noexcept {
  const std::int32_t start =
      bias.empty() ? 0 : bias.at<std::int32_t>(static_cast<std::size_t>(channel));
  return reachable(start, sums_of_weights(step, weights, channel), step.type,
                   step.input_zero_point);
}

} // namespace inlay
