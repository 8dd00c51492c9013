// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/schedule.hpp>
#include <inlay/numerics/float_addition.hpp>
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

/// The numbers of ADD as the search for its form takes them.
constexpr quantized_addition addition_of(const step::add& step) noexcept {
  return {step.first_zero_point,
          step.second_zero_point,
          step.first_multiplier,
          step.second_multiplier,
          step.output_zero_point,
          step.output_multiplier,
          step.clamp,
          step.type};
}

/// For how many of a layer's channels one multiply-add in single precision is proved to be exact;
/// an ADD counts as one.
struct forms {
  int exact = 0;
  int all = 0;
};

template <conversion Rounding, bool Fused, class Step>
constexpr forms forms_of_channels(const Step& step, const layer_constants& layer,
                                  std::int32_t together) noexcept {
  forms counted{0, step.out.channels};
  std::int32_t run = 0; // exact channels of a group so far
  for (std::int32_t channel = 0; channel < step.out.channels; ++channel) {
    const float_requantization form =
        prove<Rounding, Fused>(requantization_of(step, layer.scaling, channel),
                               reachable_sums_of(step, layer.weights, layer.bias, channel));
    run += form.exact ? 1 : 0;
    const std::int32_t size = channel % together + 1;
    if (size == together || channel + 1 == step.out.channels) {
      counted.exact += run == size ? size : 0;
      run = 0;
    }
  }
  return counted;
}

/// The forms of a step of one layer; none where a step has nothing to requantize so.
/// @tparam Rounding how sums become integers
/// @tparam Fused whether a multiply-add is rounded once
/// @param together how many neighboring channels take the form only if all of them can
template <conversion Rounding = conversion::truncate, bool Fused = true>
constexpr forms forms_of(const step::any& what, const layer_constants& layer,
                         std::int32_t together = 1) noexcept {
  if (what.is<step::convolution>()) {
    return forms_of_channels<Rounding, Fused>(what.as<step::convolution>(), layer, together);
  }
  if (what.is<step::depthwise_convolution>()) {
    return forms_of_channels<Rounding, Fused>(what.as<step::depthwise_convolution>(), layer,
                                              together);
  }
  if (what.is<step::add>()) {
    return {prove_addition<Fused>(addition_of(what.as<step::add>()), 0).exact ? 1 : 0, 1};
  }
  return {};
}

} // namespace inlay
