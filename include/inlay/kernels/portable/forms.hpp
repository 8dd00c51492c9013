// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/packed_depthwise.hpp>
#include <inlay/lower/channel.hpp>

namespace inlay::kernels::portable {

template <class Kernel>
constexpr forms forms_of_channels(const Kernel& step, const layer_constants& layer) {
  forms counted{0, step.out.channels};
  for (std::int32_t channel = 0; channel < step.out.channels; ++channel) {
    const auto sums = inlay::sums_of_weights(step, layer.weights, channel);
    const channel_constants made = constants_of(step, layer, static_cast<std::size_t>(channel),
                                                {sums.positive, sums.negative});
    counted.exact += (made.code & channel_constants::careful) == 0 ? 1 : 0;
  }
  return counted;
}

/// For how many channels of a step it is proved that one multiplication and one shift requantize
/// them; none where a step has no kernel of its own that does so.
constexpr forms forms_of(const step::any& what, const layer_constants& layer) {
  if (what.is<step::convolution>() && is_packed(what.as<step::convolution>())) {
    return forms_of_channels(what.as<step::convolution>(), layer);
  }
  if (what.is<step::depthwise_convolution>() && is_packed(what.as<step::depthwise_convolution>())) {
    return forms_of_channels(what.as<step::depthwise_convolution>(), layer);
  }
  return {};
}

} // namespace inlay::kernels::portable
