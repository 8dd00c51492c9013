// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/schedule.hpp>

#include <bit>

namespace inlay::detail {

/// Each operator as a step, without a look at its neighbours.
class step_maker {
public:
  constexpr step_maker(const operands& around, scheduled_step& made)
      : around_(around), made_(made) {}

private:
  const operands& around_;
  scheduled_step& made_;

  // Templates come before their callers: clang 14 evaluates the callers as soon as it has them.
  static constexpr int shift(quantized_multiplier by) { return by.shift > 0 ? by.shift : 0; }

  [[nodiscard]] constexpr std::int32_t zero_point(int input) const {
    return around_[input].type.quantization.zero_point;
  }

  /// The scale of an input over the output's.
  [[nodiscard]] constexpr quantized_multiplier ratio(int input) const {
    return quantize_multiplier(static_cast<double>(around_[input].type.quantization.scale) /
                               static_cast<double>(around_.output->type.quantization.scale));
  }

  static constexpr step::sliding_window window_of(const window& moved, extent kernel,
                                                  const step::image& in) {
    return {
        kernel, moved.stride, moved.dilation,
        slide(in.height, kernel.height, moved.stride.height, moved.dilation.height, moved.padding)
            .padding_before,
        slide(in.width, kernel.width, moved.stride.width, moved.dilation.width, moved.padding)
            .padding_before};
  }

  template <class Kernel>
  constexpr void fill_integers(Kernel& kernel, activation function) const {
    const tensor_type& out = around_.output->type;
    kernel.type = out.element;
    kernel.input_zero_point = zero_point(0);
    kernel.weights_zero_point = around_[1].type.quantization.zero_point;
    kernel.output_zero_point = out.quantization.zero_point;
    kernel.clamp = activation_range(function, out.element, out.quantization);
    kernel.per_channel = around_[1].per_channel();
  }

  template <class Kernel, class Operator>
  constexpr void fill_convolution(Kernel& kernel, const Operator& what, extent taps) const {
    fill_integers(kernel, what.activation);
    kernel.in = step::image_of(around_[0].type.shape);
    kernel.out = step::image_of(around_.output->type.shape);
    kernel.window = window_of(what.window, taps, kernel.in);
  }

  constexpr void take_parameters(bool fully_connected) const {
    const tensor& weights = around_[1];
    made_.layers[0] = {.weights = weights.data,
                       .bias = around_.has(2) ? around_[2].data : constant{},
                       .scaling = {around_[0].type.quantization.scale,
                                   around_.output->type.quantization.scale, weights.channel_scales,
                                   weights.type.quantization.scale,
                                   !weights.per_channel() &&
                                       (fully_connected || weights.type.element == element::uint8)},
                       .multiplier_count = weights.per_channel() ? weights.channel_count() : 1};
    made_.layer_count = 1;
  }

public:
  constexpr void operator()(const op::conv2d& what) const {
    take_parameters(false);
    const shape& filters = around_[1].type.shape;
    step::convolution kernel;
    fill_convolution(kernel, what, {filters[1], filters[2]});
    made_.what = kernel;
  }

  constexpr void operator()(const op::depthwise_conv2d& what) const {
    take_parameters(false);
    const shape& filters = around_[1].type.shape;
    step::depthwise_convolution kernel;
    fill_convolution(kernel, what, {filters[1], filters[2]});
    kernel.multiplier = kernel.out.channels / kernel.in.channels;
    made_.what = kernel;
  }

  constexpr void operator()(const op::fully_connected& what) const {
    take_parameters(true);
    const shape& filters = around_[1].type.shape;
    step::convolution kernel;
    fill_integers(kernel, what.activation);
    const shape& from = around_[0].type.shape;
    if (what.keep_num_dims && from.rank == 3) { // a pointwise convolution
      kernel.in = step::image_of(from);
    } else {
      kernel.in = {static_cast<std::int32_t>(from.elements() / filters[1]), 1, filters[1]};
    }
    kernel.out = {kernel.in.height, kernel.in.width, filters[0]};
    made_.what = kernel;
  }

  constexpr void operator()(const op::add& what) const {
    const auto first = static_cast<double>(around_[0].type.quantization.scale);
    const auto second = static_cast<double>(around_[1].type.quantization.scale);
    const double twice_max = 2 * (first > second ? first : second);
    const tensor_type& out = around_.output->type;
    made_.what =
        step::add{.type = out.element,
                  .elements = out.shape.elements(),
                  .first_zero_point = zero_point(0),
                  .second_zero_point = zero_point(1),
                  .first_multiplier = quantize_multiplier(first / twice_max),
                  .second_multiplier = quantize_multiplier(second / twice_max),
                  .output_zero_point = out.quantization.zero_point,
                  .output_multiplier = quantize_multiplier(
                      twice_max /
                      ((1 << step::add::left_shift) * static_cast<double>(out.quantization.scale))),
                  .clamp = activation_range(what.activation, out.element, out.quantization)};
  }

  constexpr void operator()(const op::average_pool_2d& what) const {
    const tensor_type& out = around_.output->type;
    made_.what = step::average_pool{
        .type = out.element,
        .in = step::image_of(around_[0].type.shape),
        .out = step::image_of(out.shape),
        .window = window_of(what.window, what.kernel, step::image_of(around_[0].type.shape)),
        .clamp = activation_range(what.activation, out.element, out.quantization)};
  }

  constexpr void operator()(const op::mean&) const {
    const tensor_type& out = around_.output->type;
    const step::image in = step::image_of(around_[0].type.shape);
    made_.what =
        step::mean{.type = out.element,
                   .in = in,
                   .input_zero_point = zero_point(0),
                   .output_zero_point = out.quantization.zero_point,
                   .multiplier = mean_multiplier(ratio(0), std::int64_t{in.height} * in.width)};
  }

  constexpr void operator()(const op::pad& what) const {
    made_.what = step::pad{.in = step::image_of(around_[0].type.shape),
                           .border = what.border,
                           .fill = around_.output->type.quantization.zero_point};
  }

  /// PreprocessSoftmaxScaling and CalculateInputRadius
  /// (tensorflow/lite/kernels/internal/quantization_util.cc) with 5 integer bits.
  constexpr void operator()(const op::softmax& what) const {
    const shape& extents = around_.output->type.shape;
    const double real = static_cast<double>(what.beta) *
                        static_cast<double>(around_[0].type.quantization.scale) * (1 << 26);
    constexpr double limit = 2147483647.0;
    const quantized_multiplier by = quantize_multiplier(real < limit ? real : limit);
    const double radius = 31.0 * (1 << 26) / static_cast<double>(std::int64_t{1} << shift(by));
    made_.what = step::softmax{
        .type = around_.output->type.element,
        .rows = static_cast<std::int32_t>(extents.elements() / extents.channels()),
        .depth = extents.channels(),
        .multiplier = {by.mantissa, shift(by)},
        .least_difference = radius > (1 << 30) ? -(1 << 30) : -static_cast<std::int32_t>(radius)};
  }

  constexpr void operator()(const op::logistic&) const {
    made_.what = step::logistic{.type = around_.output->type.element,
                                .elements = around_.output->type.shape.elements(),
                                .input = around_[0].type.quantization};
  }

  constexpr void operator()(const op::quantize&) const {
    const tensor_type& in = around_[0].type;
    const tensor_type& out = around_.output->type;
    if (in.element == element::float32) {
      made_.what = step::quantize{
          .to = out.element, .elements = out.shape.elements(), .output = out.quantization};
      return;
    }
    made_.what = step::requantize{.from = in.element,
                                  .to = out.element,
                                  .elements = out.shape.elements(),
                                  .input_zero_point = in.quantization.zero_point,
                                  .output_zero_point = out.quantization.zero_point,
                                  .multiplier = ratio(0)};
  }

  constexpr void operator()(const op::dequantize&) const {
    made_.what = step::dequantize{.from = around_[0].type.element,
                                  .elements = around_.output->type.shape.elements(),
                                  .input = around_[0].type.quantization};
  }

  constexpr void operator()(const op::reshape&) const { made_.what = step::alias{}; }
};

} // namespace inlay::detail
