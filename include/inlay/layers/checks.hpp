// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/mean_multiplier.hpp>
#include <inlay/support/diagnosis.hpp>
#include <inlay/tensor/tensor.hpp>

#include <limits>

// Checks that several layers share.

namespace inlay::checks {

constexpr bool input_count(const operands& around, int least, int most, diagnosis& found) {
  if (around.count < least || around.count > most) {
    text expected;
    expected << least;
    if (most > least) {
      expected << " to " << most;
    }
    return found.fail("the number of its inputs is ", around.count, ", expected ", expected);
  }
  for (int i = 0; i < least; ++i) {
    if (!found.expect(around.has(i), "input ", i, " is missing")) {
      return false;
    }
  }
  return true;
}

/// One input whose shape the output has too.
constexpr bool elementwise(const operands& around, shape& out, diagnosis& found) {
  if (!input_count(around, 1, 1, found)) {
    return false;
  }
  out = around[0].type.shape;
  return true;
}

/// 8-bit integers with a scale.
constexpr bool quantized(const tensor_type& type, std::string_view role, diagnosis& found) {
  return found.expect(is_quantized(type.element), "its ", role, " is ", name_of(type.element),
                      ", expected int8 or uint8") &&
         found.expect(type.quantization.scale > 0, "its ", role,
                      " has no quantization scale; expected a fully quantized model");
}

/// Input and output are of one quantized type.
constexpr bool same_element(const operands& around, diagnosis& found) {
  return quantized(around[0].type, "input", found) &&
         quantized(around.output->type, "output", found) &&
         found.expect(around[0].type.element == around.output->type.element, "its input is ",
                      name_of(around[0].type.element), " and its output ",
                      name_of(around.output->type.element), ", expected one type");
}

/// For operators that only move values.
constexpr bool same_quantization(const operands& around, diagnosis& found) {
  return found.expect(around[0].type.quantization == around.output->type.quantization,
                      "quantization of input (", around[0].type.quantization, ") and output (",
                      around.output->type.quantization, ") disagree, expected the same");
}

/// Scale 1/256 and the lowest zero point, the only output of SOFTMAX and LOGISTIC.
constexpr bool probability_output(const operands& around, diagnosis& found) {
  const tensor_type& out = around.output->type;
  const quantization expected{1.0F / 256, lowest_of(out.element)};
  return found.expect(out.quantization == expected, "its output has ", out.quantization,
                      ", expected ", expected);
}

/// Bias of a layer with `outputs` channels, if there is one.
constexpr bool bias(const operands& around, int index, std::int32_t outputs, diagnosis& found) {
  if (!around.has(index)) {
    return true;
  }
  const tensor& values = around[index];
  return found.expect(values.is_constant,
                      "its bias is computed at run time, expected a constant") &&
         found.expect(values.type.element == element::int32, "its bias is ",
                      name_of(values.type.element), ", expected int32") &&
         found.expect(values.type.shape.elements() == outputs, "its bias has ",
                      values.type.shape.elements(), " values, expected ", outputs,
                      ", one an output channel");
}

/// From here on a multiplier is rounded to 2^30 or more, which the reference's 32 bits cannot hold.
inline constexpr double multiplier_limit = (1 << 30) - 0.25;

/// A real multiplier that an int32 accumulator can be multiplied by.
constexpr bool multiplier(double real, diagnosis& found) {
  return found.expect(is_finite(real) && real >= 0 && real < multiplier_limit,
                      "the scales of input, weights and output give a multiplier of ", real,
                      ", expected one in [0, 2^30)");
}

/// The scales of an operator without weights, of which the input's over the output's is the
/// multiplier of sums of `count` values: the reference shifts them to the left in 32 bits.
constexpr bool rescaling(const operands& around, std::int64_t count, diagnosis& found) {
  const quantization& in = around[0].type.quantization;
  const auto in_scale = static_cast<double>(in.scale);
  const auto out_scale = static_cast<double>(around.output->type.quantization.scale);
  if (!multiplier(in_scale / out_scale, found)) {
    return false;
  }
  const std::int32_t below = in.zero_point - lowest_of(around[0].type.element);
  const std::int64_t most = count * (below > 255 - below ? below : 255 - below);
  const int shift = mean_multiplier(quantize_multiplier(in_scale / out_scale), count).shift;
  const std::int64_t limit = std::numeric_limits<std::int32_t>::max() >> (shift > 0 ? shift : 0);
  return found.expect(most <= limit, "it multiplies values up to ", most, " by the input's scale ",
                      in_scale, " over the output's ", out_scale,
                      ", which leaves the reference's 32 bits; expected values up to ", limit,
                      " with these scales");
}

/// Weights of `outputs` channels along `axis`: their type, zero point and scales.
constexpr bool weights(const operands& around, int axis, std::int32_t outputs, diagnosis& found) {
  const tensor& values = around[1];
  if (!found.expect(values.is_constant,
                    "its weights are computed at run time, expected a constant") ||
      !found.expect(values.type.element == around[0].type.element, "its weights are ",
                    name_of(values.type.element), " and its input ",
                    name_of(around[0].type.element), ", expected one type")) {
    return false;
  }
  if (values.type.element == element::int8 &&
      !found.expect(values.type.quantization.zero_point == 0, "its int8 weights have zero point ",
                    values.type.quantization.zero_point, ", expected 0")) {
    return false;
  }
  if (!values.per_channel()) {
    return found.expect(values.type.quantization.scale > 0, "its weights have no scale") &&
           multiplier(static_cast<double>(around[0].type.quantization.scale) *
                          static_cast<double>(values.type.quantization.scale) /
                          static_cast<double>(around.output->type.quantization.scale),
                      found);
  }
  return found.expect(values.type.element == element::int8,
                      "its uint8 weights are quantized per channel, expected per tensor") &&
         found.expect(values.channel_axis == axis, "its weights are quantized along axis ",
                      values.channel_axis, ", expected axis ", axis) &&
         found.expect(static_cast<std::int64_t>(values.channel_count()) == outputs, "it has ",
                      values.channel_count(), " weight scales, expected ", outputs,
                      ", one an output channel");
}

/// Each channel's scale and zero point, where weights are quantized per channel. Apart from the
/// other checks, because there are many channels and compilers limit one evaluation's steps.
constexpr bool weight_channels(const operands& around, diagnosis& found) {
  if (!around.has(1) || !around[1].per_channel()) {
    return true;
  }
  const tensor& values = around[1];
  const auto in_scale = static_cast<double>(around[0].type.quantization.scale);
  const auto out_scale = static_cast<double>(around.output->type.quantization.scale);
  for (std::size_t channel = 0; channel < values.channel_count(); ++channel) {
    const auto scale = static_cast<double>(values.scale(channel));
    if (!(scale >= 0)) {
      return found.fail("the weight scale of channel ", channel, " is ", scale,
                        ", expected a positive number");
    }
    if (!(in_scale * scale / out_scale < multiplier_limit)) {
      return multiplier(in_scale * scale / out_scale, found);
    }
  }
  for (std::size_t i = 0; i < values.channel_zero_points.size / sizeof(std::int64_t); ++i) {
    if (const auto zero_point = values.channel_zero_points.at<std::int64_t>(i); zero_point != 0) {
      return found.fail("its weights have the zero point ", zero_point, " in channel ", i,
                        ", expected 0 where weights are quantized per channel");
    }
  }
  return true;
}

} // namespace inlay::checks
