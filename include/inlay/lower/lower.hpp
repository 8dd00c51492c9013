// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/fuse.hpp>
#include <inlay/lower/step_maker.hpp>

namespace inlay {

/// What a target wants done to a graph before it runs.
struct lowering {
  /// A PAD whose only reader is a VALID convolution becomes that convolution's padding.
  bool fold_padding = true;
  /// Which inverted residuals become one step; null: none.
  bool (*fuses)(const step::inverted_residual&) = nullptr;
};

namespace detail {

/// Adds a border to a convolution's padding; false for any other step.
constexpr bool pad_convolution(step::any& what, const border& around) {
  const auto widen = [&](auto kernel) {
    kernel.in.height -= around.top + around.bottom;
    kernel.in.width -= around.left + around.right;
    kernel.window.padding_top += around.top;
    kernel.window.padding_left += around.left;
    what = kernel;
    return true;
  };
  return what.is<step::convolution>()             ? widen(what.as<step::convolution>())
         : what.is<step::depthwise_convolution>() ? widen(what.as<step::depthwise_convolution>())
                                                  : false;
}

/// The one operator that reads the output of `from`, if it can take over its padding; else -1.
template <graph_size Size>
constexpr int folds_into(const graph<Size>& network, const node& from) {
  if (!from.what.template is<op::pad>() || from.what.template as<op::pad>().border.has_channels() ||
      readers_of(network, from.output) != 1) {
    return -1;
  }
  for (int i = 0; i < network.node_count; ++i) {
    const node& next = network[i];
    const bool valid =
        (next.what.template is<op::conv2d>() &&
         next.what.template as<op::conv2d>().window.padding == padding::valid) ||
        (next.what.template is<op::depthwise_conv2d>() &&
         next.what.template as<op::depthwise_conv2d>().window.padding == padding::valid);
    if (next.inputs[0] == from.output && valid) {
      return i;
    }
  }
  return -1;
}

} // namespace detail

/// Turns a checked graph into steps.
template <graph_size Size>
constexpr void lower(const graph<Size>& network, const lowering& wishes, schedule<Size>& out) {
  // For each tensor the PAD that is folded into its reader, or -1.
  std::array<int, Size.tensors> folded_pad{};
  folded_pad.fill(-1);
  out.storage.fill(-1);
  out.storage[static_cast<std::size_t>(network.input)] = network.input;
  for (int i = 0; i < network.node_count; ++i) {
    const node& which = network[i];
    if (wishes.fold_padding && detail::folds_into(network, which) >= 0) {
      folded_pad[static_cast<std::size_t>(which.output)] = i;
      continue;
    }
    const operands around = network.around(which);
    scheduled_step& next = out.steps[static_cast<std::size_t>(out.step_count++)];
    which.what.visit(detail::step_maker{around, next});
    next.node = i;
    next.output = which.output;
    next.inputs[0] = which.inputs[0];
    next.input_count = 1;
    if (which.what.template is<op::add>()) {
      next.inputs[1] = which.inputs[1];
      next.input_count = 2;
    }
    if (const int pad = folded_pad[static_cast<std::size_t>(which.inputs[0])]; pad >= 0) {
      detail::pad_convolution(next.what, network[pad].what.template as<op::pad>().border);
      next.inputs[0] = network[pad].inputs[0];
    }
    out.storage[static_cast<std::size_t>(which.output)] =
        next.what.template is<step::alias>() ? out.storage_of(which.inputs[0]) : which.output;
  }
  if (wishes.fuses != nullptr) {
    detail::fuse(network, wishes.fuses, out);
  }
}

} // namespace inlay
