// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/operation.hpp>
#include <inlay/kernels/ethos_u/scales.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/support/diagnosis.hpp>

#include <bit>

// Steps as operations of an NPU.

namespace inlay::ethos_u {

/// Whether an NPU does such steps; all others are for the processor beside it.
constexpr bool is_for_npu(const step::any& what) {
  return what.is<step::convolution>() || what.is<step::depthwise_convolution>() ||
         what.is<step::add>() || what.is<step::average_pool>() || what.is<step::mean>() ||
         what.is<step::pad>();
}

namespace detail {

/// Where there is one output alone, its stride does not count: pools of the whole image have one as
/// large as the image.
template <class Step>
constexpr extent stride_of(const Step& what) {
  return {what.out.height > 1 ? what.window.stride.height : 1,
          what.out.width > 1 ? what.window.stride.width : 1};
}

template <class Step>
constexpr bool check_window(const Step& what, diagnosis& found) {
  const step::sliding_window& window = what.window;
  const extent stride = stride_of(what);
  constexpr std::int32_t most_rows = 64;
  const extent reach{(window.kernel.height - 1) * window.dilation.height + 1,
                     (window.kernel.width - 1) * window.dilation.width + 1};
  return found.expect(reach.height <= most_rows && reach.width <= most_rows,
                      "an Ethos-U takes kernels of at most 64x64 pixels, found ", reach) &&
         found.expect(stride.height <= 3 && stride.width <= 3,
                      "an Ethos-U takes strides up to 3x3, found ", stride) &&
         found.expect(window.dilation.height <= 2 && window.dilation.width <= 2,
                      "an Ethos-U takes dilations up to 2x2, found ", window.dilation);
}

} // namespace detail

/// Complains about a step for which is_for_npu holds and which an NPU cannot do all the same.
constexpr bool check_step(const step::any& what, diagnosis& found) {
  if (what.is<step::convolution>()) {
    return detail::check_window(what.as<step::convolution>(), found);
  }
  if (what.is<step::depthwise_convolution>()) {
    const auto& step = what.as<step::depthwise_convolution>();
    return detail::check_window(step, found) &&
           found.expect(step.multiplier == 1,
                        "an Ethos-U makes one output channel of each input channel, found ",
                        step.multiplier);
  }
  if (what.is<step::average_pool>()) {
    const auto& step = what.as<step::average_pool>();
    const step::sliding_window& window = step.window;
    return detail::check_window(step, found) &&
           found.expect(window.padding_top == 0 && window.padding_left == 0 &&
                            (step.out.height - 1) * window.stride.height + window.kernel.height <=
                                step.in.height &&
                            (step.out.width - 1) * window.stride.width + window.kernel.width <=
                                step.in.width,
                        "inlay pools without padding on an Ethos-U, found padding");
  }
  if (what.is<step::mean>()) {
    const auto& step = what.as<step::mean>();
    return found.expect(step.in.height <= 64 && step.in.width <= 64,
                        "an Ethos-U takes means of at most 64x64 pixels, found ", step.in.height,
                        "x", step.in.width) &&
           found.expect(is_representable(scale_record_of(0, step.multiplier)),
                        "an Ethos-U takes means whose multiplier is in [2^-32, 2^31), found ",
                        step.multiplier.mantissa, " * 2^", step.multiplier.shift - 31);
  }
  return found.expect(!what.is<step::pad>(),
                      "on an Ethos-U a PAD must be followed by a VALID convolution alone, which "
                      "takes it over");
}

/// The shapes of a step's first input and its output as the step sees them: FULLY_CONNECTED is a
/// convolution over a column.
constexpr step::image input_of(const step::any& what, const shape& extents) {
  return what.is<step::convolution>() ? what.as<step::convolution>().in
         : what.is<step::mean>()      ? what.as<step::mean>().in
                                      : step::image_of(extents);
}
constexpr step::image output_of(const step::any& what, const shape& extents) {
  return what.is<step::convolution>() ? what.as<step::convolution>().out
         : what.is<step::mean>()      ? step::image{1, 1, what.as<step::mean>().in.channels}
                                      : step::image_of(extents);
}

/// An operation that makes the whole output of a step, but for addresses, blocks and weights.
/// @param in, out input_of and output_of the step
class step_operation {
public:
  constexpr step_operation(const step::any& what, const step::image& in, const step::image& out,
                           element type) {
    fill(made_.input, in, type);
    fill(made_.output, out, type);
    if (what.is<step::convolution>()) {
      take_convolution(what.as<step::convolution>());
    } else if (what.is<step::depthwise_convolution>()) {
      take_depthwise(what.as<step::depthwise_convolution>());
    } else if (what.is<step::add>()) {
      take(what.as<step::add>());
    } else if (what.is<step::average_pool>()) {
      take(what.as<step::average_pool>());
    } else if (what.is<step::mean>()) {
      take(what.as<step::mean>());
    }
  }

  [[nodiscard]] constexpr const operation& made() const { return made_; }

  /// What its blocks depend on, where it makes bands of `rows` rows.
  [[nodiscard]] constexpr block_request request(std::int32_t rows) const {
    operation band = made_;
    band.output.height = rows;
    return request_of(band);
  }

private:
  static constexpr void fill(feature_map& map, const step::image& shape, element type) {
    map.height = shape.height;
    map.first_rows = shape.height;
    map.width = shape.width;
    map.depth = shape.channels;
    map.is_signed = type == element::int8;
  }

  template <class Step>
  constexpr void take_window(const Step& step) {
    const step::sliding_window& window = step.window;
    made_.kernel = window.kernel;
    made_.stride = detail::stride_of(step);
    made_.dilation = window.dilation;
    const auto after = [](std::int32_t outputs, std::int32_t stride, std::int32_t reach,
                          std::int32_t before, std::int32_t inputs) {
      const std::int32_t last = (outputs - 1) * stride + reach - before;
      return last < inputs ? 0 : last - inputs + 1;
    };
    made_.padding = {window.padding_top, window.padding_left,
                     after(step.out.height, window.stride.height,
                           (window.kernel.height - 1) * window.dilation.height, window.padding_top,
                           step.in.height),
                     after(step.out.width, window.stride.width,
                           (window.kernel.width - 1) * window.dilation.width, window.padding_left,
                           step.in.width)};
    made_.clamp = step.clamp;
  }
  template <class Step>
  constexpr void take_zero_points(const Step& step) {
    made_.input.zero_point = step.input_zero_point;
    made_.output.zero_point = step.output_zero_point;
  }

  constexpr void take_convolution(const step::convolution& step) {
    made_.kind = operation_kind::convolution;
    take_window(step);
    take_zero_points(step);
    made_.part_kernel_first = reads_part_kernel_first(step.in.channels, step.window.kernel);
  }
  constexpr void take_depthwise(const step::depthwise_convolution& step) {
    made_.kind = operation_kind::depthwise;
    take_window(step);
    take_zero_points(step);
  }
  /// A pool over all of the input: the step's multiplier divides the sum.
  constexpr void take(const step::mean& step) {
    made_.kind = operation_kind::average_pool;
    made_.kernel = {step.in.height, step.in.width};
    take_zero_points(step);
    made_.clamp = {lowest_of(step.type), highest_of(step.type)};
    const scale_record by = scale_record_of(0, step.multiplier);
    made_.output_multiplier = by.multiplier;
    made_.output_shift = by.shift;
  }
  /// The division is a multiplication, exact for all sums (quantise_pooling_scale in
  /// ethosu/vela/scaling.py); the zero points are alike and stay where they are.
  constexpr void take(const step::average_pool& step) {
    made_.kind = operation_kind::average_pool;
    take_window(step);
    const auto count = static_cast<std::uint64_t>(step.window.kernel.height) *
                       static_cast<std::uint64_t>(step.window.kernel.width);
    const auto bits = static_cast<int>(std::bit_width(count - 1));
    made_.output_multiplier = static_cast<std::uint32_t>(
        ((std::uint64_t{1} << (31 + bits)) + (std::uint64_t{1} << bits)) / count);
    made_.output_shift = 31 + bits;
  }
  constexpr void take(const step::add& step) {
    made_.kind = operation_kind::add;
    made_.second = made_.input;
    made_.input.zero_point = step.first_zero_point;
    made_.second.zero_point = step.second_zero_point;
    made_.output.zero_point = step.output_zero_point;
    made_.clamp = step.clamp;
    // The operand of the larger scale has the multiplier 1/2: the NPU shifts it by one less.
    constexpr quantized_multiplier half{1 << 30, 0};
    const bool is_first = step.second_multiplier == half;
    const quantized_multiplier by = is_first ? step.first_multiplier : step.second_multiplier;
    made_.scaled = is_first ? scaled_operand::first : scaled_operand::second;
    made_.operand_multiplier = static_cast<std::uint32_t>(by.mantissa);
    made_.operand_shift = 31 - step::add::left_shift - by.shift;
    made_.output_multiplier = static_cast<std::uint32_t>(step.output_multiplier.mantissa);
    made_.output_shift = 31 - step.output_multiplier.shift;
  }

  operation made_{};
};

/// Rows [first, first + count) of a tensor whose rows lie in a ring of `ring` rows from its base
/// on.
constexpr feature_map rows_of(const feature_map& whole, std::int32_t ring, std::int32_t first,
                              std::int32_t count) {
  feature_map some = whole;
  const std::int32_t slot = first % ring;
  some.height = count;
  some.base = whole.base + slot * whole.row_stride;
  some.first_rows = count < ring - slot ? count : ring - slot;
  some.wrapped_base = whole.base;
  return some;
}

} // namespace inlay::ethos_u
