// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/layer_weights.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace inlay::test {

/// Two layers on two cores: a 3x3 depthwise convolution of legacy weights with a zero point, and a
/// pointwise one with twelve outputs. They point into the given bytes, whose sizes give the
/// channels.
constexpr std::array<ethos_u::layer_weights, 2>
two_layers(std::span<const unsigned char> depthwise_weights,
           std::span<const unsigned char> pointwise_weights, std::span<const unsigned char> bias) {
  layer_constants constants;
  constants.scaling.input = constants.scaling.output = 1;
  constants.scaling.weight = 0.01F;
  constants.bias = {bias.data(), bias.size()};

  std::array<ethos_u::layer_weights, 2> made{};
  step::depthwise_convolution depthwise;
  depthwise.type = element::uint8;
  depthwise.window.kernel = {3, 3};
  depthwise.in = {5, 5, static_cast<std::int32_t>(depthwise_weights.size() / 9)};
  depthwise.out = depthwise.in;
  depthwise.weights_zero_point = 130;
  depthwise.per_channel = false;
  constants.weights = {depthwise_weights.data(), depthwise_weights.size()};
  made[0] = ethos_u::layer_weights_of(depthwise, constants);

  step::convolution pointwise;
  pointwise.out = {5, 5, 12};
  pointwise.in = {5, 5, static_cast<std::int32_t>(pointwise_weights.size() / 12)};
  pointwise.per_channel = false;
  constants.weights = {pointwise_weights.data(), pointwise_weights.size()};
  made[1] = ethos_u::layer_weights_of(pointwise, constants, ethos_u::traversal::depth_first);
  for (ethos_u::layer_weights& each : made) {
    each.layout.block_depth = 16;
    each.layout.cores = 2;
  }
  return made;
}

} // namespace inlay::test
