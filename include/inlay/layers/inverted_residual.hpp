// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/add.hpp>
#include <inlay/layers/conv2d.hpp>
#include <inlay/layers/depthwise_conv2d.hpp>

namespace inlay {

/// How an inverted residual block looks.
struct inverted_residual_options {
  /// Channels that it is given.
  std::int32_t inputs = 1;
  /// Channels of its output.
  std::int32_t filters = 1;
  /// The expansion makes inputs * expansion channels; 1 leaves it out.
  std::int32_t expansion = 6;
  std::int32_t stride = 1;
  /// Of the expansion's and the depthwise convolution's outputs (RELU6).
  inlay::quantization expanded{};
  inlay::quantization depthwise{};
  inlay::quantization projected{};
  /// Of the sum, where there is one.
  inlay::quantization sum{};

  [[nodiscard]] constexpr bool has_residual() const { return stride == 1 && inputs == filters; }
};

namespace detail {

/// A row of layers as one layer.
template <class... Layers>
struct sequence {
  static constexpr int operators = (Layers::operators + ... + 0);
  static constexpr int constants = (Layers::constants + ... + 0);

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    ((input = Layers::append(network, input)), ...);
    return input;
  }
};

template <inverted_residual_options Options, class Expand, class Depthwise, class Project>
struct inverted_residual_layers {
  using expansion = conv2d<conv2d_options{.filters = Options.inputs * Options.expansion,
                                          .activation = activation::relu6,
                                          .quantization = Options.expanded},
                           Expand>;
  using depthwise =
      depthwise_conv2d<depthwise_conv2d_options{.stride = {Options.stride, Options.stride},
                                                .activation = activation::relu6,
                                                .quantization = Options.depthwise},
                       Depthwise>;
  using projection =
      conv2d<conv2d_options{.filters = Options.filters, .quantization = Options.projected},
             Project>;

  using filtered = std::conditional_t<Options.expansion == 1, sequence<depthwise, projection>,
                                      sequence<expansion, depthwise, projection>>;
  using type =
      std::conditional_t<Options.has_residual(), residual<Options.sum, filtered>, filtered>;
};

} // namespace detail

/// MobileNetV2's block: a 1x1 convolution that expands, a 3x3 depthwise convolution, a 1x1
/// convolution that projects, and the sum with the input where both have one shape (Sandler et
/// al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, arXiv:1801.04381, table 1).
/// @tparam Options channels, expansion, stride, quantization
/// @tparam Expand, Depthwise, Project parameters of the three convolutions, as of conv2d
template <inverted_residual_options Options, class Expand = shape_only,
          class Depthwise = shape_only, class Project = shape_only>
struct inverted_residual
    : detail::inverted_residual_layers<Options, Expand, Depthwise, Project>::type {};

} // namespace inlay
