// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/pad.hpp>
#include <inlay/layers/window.hpp>
#include <inlay/numerics/element.hpp>
#include <inlay/numerics/fixed_point.hpp>
#include <inlay/numerics/quantization.hpp>
#include <inlay/support/choice.hpp>

// The kinds of work that a schedule is made of. Each is a plain value whose numbers are all that
// a kernel needs besides addresses, weights and per-channel multipliers, and can be a template
// argument, so that a kernel's loops have constant bounds. Kernels copy their step into a constexpr
// variable first, because clang 14 crashes on reading a nested member of a template argument.

namespace inlay::step {

/// An image as a kernel sees it.
struct image {
  std::int32_t height = 1;
  std::int32_t width = 1;
  std::int32_t channels = 1;

  [[nodiscard]] constexpr std::int64_t elements() const {
    return std::int64_t{height} * width * channels;
  }
  friend constexpr bool operator==(const image&, const image&) = default;
};

constexpr image image_of(const shape& extents) {
  return {extents.height(), extents.width(), extents.channels()};
}

/// A window that moves over an image: output (y, x) reads input rows y * stride - padding_top
/// + k * dilation that are inside the image, and columns likewise.
struct sliding_window {
  extent kernel{};
  extent stride{};
  extent dilation{};
  std::int32_t padding_top = 0;
  std::int32_t padding_left = 0;

  friend constexpr bool operator==(const sliding_window&, const sliding_window&) = default;
};

/// CONV_2D, and FULLY_CONNECTED as a 1x1 convolution over a column of rows.
struct convolution {
  static constexpr std::string_view name = "convolution";
  element type = element::int8;
  image in{};
  image out{};
  sliding_window window{};
  std::int32_t input_zero_point = 0;
  std::int32_t weights_zero_point = 0;
  std::int32_t output_zero_point = 0;
  value_range clamp{};
  /// One multiplier for each output channel; else one for all.
  bool per_channel = true;
};

/// DEPTHWISE_CONV_2D: output channel c reads input channel c / multiplier.
struct depthwise_convolution {
  static constexpr std::string_view name = "depthwise convolution";
  element type = element::int8;
  image in{};
  image out{};
  sliding_window window{};
  std::int32_t multiplier = 1;
  std::int32_t input_zero_point = 0;
  std::int32_t weights_zero_point = 0;
  std::int32_t output_zero_point = 0;
  value_range clamp{};
  bool per_channel = true;
};

/// ADD: both inputs are shifted left by 20, scaled, added, scaled again.
struct add {
  static constexpr std::string_view name = "add";
  static constexpr int left_shift = 20;
  element type = element::int8;
  std::int64_t elements = 0;
  std::int32_t first_zero_point = 0;
  std::int32_t second_zero_point = 0;
  quantized_multiplier first_multiplier{};
  quantized_multiplier second_multiplier{};
  std::int32_t output_zero_point = 0;
  quantized_multiplier output_multiplier{};
  value_range clamp{};
};

/// A convolution, a depthwise convolution and a pointwise convolution in one, of which only the
/// result is stored: MobileNetV2's inverted residual (Sandler et al., 2018, arXiv:1801.04381), with
/// or without expansion and sum; also a network's first convolution with the block after it.
struct inverted_residual {
  static constexpr std::string_view name = "inverted residual";
  bool expands = false;
  /// Of any window.
  convolution expansion{};
  depthwise_convolution depthwise{};
  convolution projection{};
  bool adds = false;
  /// Its first input is the projection's result, its second the block's input.
  add sum{};
};

/// AVERAGE_POOL_2D.
struct average_pool {
  static constexpr std::string_view name = "average pool";
  element type = element::int8;
  image in{};
  image out{};
  sliding_window window{};
  value_range clamp{};
};

/// MEAN over height and width; the multiplier contains the division by their product.
struct mean {
  static constexpr std::string_view name = "mean";
  element type = element::int8;
  image in{};
  std::int32_t input_zero_point = 0;
  std::int32_t output_zero_point = 0;
  quantized_multiplier multiplier{};
};

/// PAD with `fill`, where no convolution has taken it over.
struct pad {
  static constexpr std::string_view name = "pad";
  image in{};
  inlay::border border{};
  std::int32_t fill = 0;
};

/// SOFTMAX of `rows` rows of `depth` elements.
struct softmax {
  static constexpr std::string_view name = "softmax";
  element type = element::int8;
  std::int32_t rows = 1;
  std::int32_t depth = 1;
  /// From a difference of inputs to a fixed-point number with 5 integer bits.
  quantized_multiplier multiplier{};
  /// The least difference from the maximum that counts.
  std::int32_t least_difference = 0;
};

/// LOGISTIC.
struct logistic {
  static constexpr std::string_view name = "logistic";
  element type = element::int8;
  std::int64_t elements = 0;
  quantization input{};
};

/// QUANTIZE between 8-bit types.
struct requantize {
  static constexpr std::string_view name = "requantize";
  element from = element::int8;
  element to = element::int8;
  std::int64_t elements = 0;
  std::int32_t input_zero_point = 0;
  std::int32_t output_zero_point = 0;
  quantized_multiplier multiplier{};
};

/// QUANTIZE from float32.
struct quantize {
  static constexpr std::string_view name = "quantize";
  element to = element::int8;
  std::int64_t elements = 0;
  quantization output{};
};

/// DEQUANTIZE to float32.
struct dequantize {
  static constexpr std::string_view name = "dequantize";
  element from = element::int8;
  std::int64_t elements = 0;
  quantization input{};
};

/// Nothing to do: RESHAPE and SQUEEZE leave the elements where they are.
struct alias {
  static constexpr std::string_view name = "none";
};

/// Any kind of step.
using any = choice<alias, convolution, depthwise_convolution, add, inverted_residual, average_pool,
                   mean, pad, softmax, logistic, requantize, quantize, dequantize>;

/// Whether a step reads each element once, before it writes the element in the same place, so
/// that its output may lie where its input does.
constexpr bool works_in_place(const any& what) {
  return what.is<add>() || what.is<softmax>() || what.is<logistic>() || what.is<requantize>();
}

/// Whether a QUANTIZE between int8 and uint8 keeps the scale and moves the zero point by 128, as
/// models do that take uint8 pictures: only the highest bit changes.
constexpr bool is_flip(const requantize& what) {
  constexpr quantized_multiplier one{1 << 30, 1};
  const std::int32_t moves = what.to == element::int8 ? -128 : 128;
  return what.from != what.to && what.multiplier == one &&
         what.output_zero_point - what.input_zero_point == moves;
}

} // namespace inlay::step
