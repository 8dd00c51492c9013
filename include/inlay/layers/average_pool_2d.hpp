// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/layers/checks.hpp>
#include <inlay/layers/counts.hpp>
#include <inlay/layers/window.hpp>

namespace inlay {

namespace op {

/// AVERAGE_POOL_2D: the mean over the part of the window that lies inside the image.
struct average_pool_2d : counts_nothing {
  static constexpr std::string_view name = "AVERAGE_POOL_2D";
  extent kernel{};
  inlay::window window{};
  inlay::activation activation = inlay::activation::none;

  constexpr bool infer(const operands& around, shape& out, diagnosis& found) const {
    return checks::input_count(around, 1, 1, found) &&
           found.expect(std::int64_t{kernel.height} * kernel.width <= 1 << 23, "its kernel is ",
                        kernel, ", expected at most 2^23 elements, whose sum fits 32 bits") &&
           infer_window(window, kernel, around[0].type.shape, around[0].type.shape.channels(), out,
                        found);
  }

  constexpr bool check(const operands& around, diagnosis& found) const {
    return checks::same_element(around, found) && checks::same_quantization(around, found);
  }
};

} // namespace op

/// How a hand-written average pooling looks.
struct average_pool_2d_options {
  extent kernel{};
  extent stride{};
  inlay::padding padding = inlay::padding::valid;
  inlay::activation activation = inlay::activation::none;
};

/// An average pooling of a hand-written network; its output is quantized like its input.
template <average_pool_2d_options Options>
struct average_pool_2d {
  static constexpr int operators = 1;
  static constexpr int constants = 0;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    const tensor_type in = network.type_of(input);
    const op::average_pool_2d what{
        {}, Options.kernel, {Options.stride, {}, Options.padding}, Options.activation};
    return network.emit(what, {input}, in.element, in.quantization);
  }
};

} // namespace inlay
