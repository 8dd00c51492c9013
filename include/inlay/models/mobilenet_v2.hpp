// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/network.hpp>
#include <inlay/layers/inverted_residual.hpp>

namespace inlay {

/// A width multiplier, kept in hundredths so that it can be a template argument: 0.35, 1.0, 1.4.
struct width {
  std::int32_t hundredths = 100;

  constexpr explicit(false) width(double multiplier)
      : hundredths(round_to_int32(multiplier * 100)) {}

  /// `channels` times the multiplier, rounded to a multiple of 8 that is not more than a tenth
  /// below it (make_divisible in the TensorFlow models' MobileNet).
  [[nodiscard]] constexpr std::int32_t of(std::int32_t channels) const {
    const std::int32_t scaled = channels * hundredths;
    std::int32_t rounded = (scaled + 400) / 800 * 8;
    rounded = rounded < 8 ? 8 : rounded;
    return rounded * 1000 < scaled * 9 ? rounded + 8 : rounded;
  }

  friend constexpr bool operator==(const width&, const width&) = default;
};

namespace detail {

/// The parameters of operator `Index`, from a provider that has them.
template <class Parameters, int Index>
struct parameters_of {
  using type = typename Parameters::template layer<Index>;
};
template <int Index>
struct parameters_of<shape_only, Index> {
  using type = shape_only;
};
template <class Parameters, int Index>
using parameters_at = typename parameters_of<Parameters, Index>::type;

/// The output quantization of operator `Index`: the provider's, or one that RELU6 would have.
template <class Parameters, int Index>
constexpr quantization quantization_at() {
  if constexpr (requires { parameters_at<Parameters, Index>::quantization; }) {
    return parameters_at<Parameters, Index>::quantization;
  } else {
    return {6.0F / 255, -128};
  }
}

/// A row of equal blocks in MobileNetV2: expansion, channels, repeats, stride of the first.
struct block_row {
  std::int32_t expansion;
  std::int32_t channels;
  int repeats;
  std::int32_t stride;
};

/// Table 2 of the paper.
inline constexpr std::array<block_row, 7> mobilenet_v2_rows{{{1, 16, 1, 1},
                                                             {6, 24, 2, 2},
                                                             {6, 32, 3, 2},
                                                             {6, 64, 4, 2},
                                                             {6, 96, 3, 1},
                                                             {6, 160, 3, 2},
                                                             {6, 320, 1, 1}}};
inline constexpr int mobilenet_v2_blocks = 17;

/// Block `index` of the network, and the number of its first operator.
struct placed_block {
  inverted_residual_options options{};
  int first_operator = 1;
};
constexpr placed_block mobilenet_v2_block(width multiplier, int index) {
  placed_block placed;
  placed.options.inputs = multiplier.of(32);
  int at = 0;
  for (const block_row& row : mobilenet_v2_rows) {
    for (int repeat = 0; repeat < row.repeats; ++repeat) {
      placed.options.expansion = row.expansion;
      placed.options.filters = multiplier.of(row.channels);
      placed.options.stride = repeat == 0 ? row.stride : 1;
      if (at++ == index) {
        return placed;
      }
      placed.first_operator +=
          (row.expansion == 1 ? 2 : 3) + (placed.options.has_residual() ? 1 : 0);
      placed.options.inputs = placed.options.filters;
    }
  }
  return placed;
}

template <width Width, class Parameters, int Index>
struct mobilenet_v2_block_of {
  static constexpr placed_block placed = mobilenet_v2_block(Width, Index);
  static constexpr int depthwise = placed.first_operator + (placed.options.expansion == 1 ? 0 : 1);
  static constexpr inverted_residual_options options = [] {
    inverted_residual_options result = placed.options;
    result.expanded = quantization_at<Parameters, placed.first_operator>();
    result.depthwise = quantization_at<Parameters, depthwise>();
    result.projected = quantization_at<Parameters, depthwise + 1>();
    result.sum = quantization_at<Parameters, depthwise + 2>();
    return result;
  }();
  using type = inverted_residual<options, parameters_at<Parameters, placed.first_operator>,
                                 parameters_at<Parameters, depthwise>,
                                 parameters_at<Parameters, depthwise + 1>>;
};

template <width Width, std::int32_t Resolution, std::int32_t Classes, class Parameters,
          class Blocks = std::make_integer_sequence<int, mobilenet_v2_blocks>>
struct mobilenet_v2_layers;

template <width Width, std::int32_t Resolution, std::int32_t Classes, class Parameters,
          int... Block>
struct mobilenet_v2_layers<Width, Resolution, Classes, Parameters,
                           std::integer_sequence<int, Block...>> {
  static constexpr int head = mobilenet_v2_block(Width, mobilenet_v2_blocks).first_operator;
  /// The last convolution does not shrink with the width.
  static constexpr std::int32_t features = Width.hundredths > 100 ? Width.of(1280) : 1280;

  static constexpr quantization input_quantization = [] {
    if constexpr (requires { Parameters::input; }) {
      return Parameters::input;
    } else {
      return quantization{2.0F / 255, -1};
    }
  }();

  using type =
      network<input<shape{Resolution, Resolution, 3}, element::int8, input_quantization>,
              conv2d<conv2d_options{.filters = Width.of(32),
                                    .kernel = {3, 3},
                                    .stride = {2, 2},
                                    .activation = activation::relu6,
                                    .quantization = quantization_at<Parameters, 0>()},
                     parameters_at<Parameters, 0>>,
              typename mobilenet_v2_block_of<Width, Parameters, Block>::type...,
              conv2d<conv2d_options{.filters = features,
                                    .activation = activation::relu6,
                                    .quantization = quantization_at<Parameters, head>()},
                     parameters_at<Parameters, head>>,
              global_mean<quantization_at<Parameters, head + 1>()>,
              conv2d<conv2d_options{.filters = Classes,
                                    .quantization = quantization_at<Parameters, head + 2>()},
                     parameters_at<Parameters, head + 2>>,
              reshape<shape{Classes}>, softmax>;
};

} // namespace detail

/// MobileNetV2 (arXiv:1801.04381) with int8 input {Resolution, Resolution, 3}: a convolution, 17
/// inverted residual blocks, a convolution, the mean, the classifier as a 1x1 convolution, SOFTMAX.
/// @tparam Width multiplier of the channel counts
/// @tparam Resolution height and width of the input; published are 96, 128, 160, 192, 224
/// @tparam Classes 1001 for ImageNet with a background class
/// @tparam Parameters a type whose member template `layer<I>` has the parameters of operator I
///   (weights, scales, bias as of conv2d; and `quantization` of its output), perhaps `input` (the
///   quantization of the input); or shape_only, to count and plan
template <width Width, std::int32_t Resolution, std::int32_t Classes, class Parameters = shape_only>
using mobilenet_v2 =
    typename detail::mobilenet_v2_layers<Width, Resolution, Classes, Parameters>::type;

} // namespace inlay
