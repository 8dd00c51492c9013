// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/shape_operators.hpp>

// One function an operator: reads its options, and those of its inputs that are options in
// disguise (axes, paddings, extents), and gives the operation.

namespace inlay::tflite {

/// Reads the options of the operators of one file.
class options_reader : shape_operators {
public:
  using shape_operators::shape_operators;

  /// Fills `out` from builtin operator `code`; drops inputs that have become options.
  template <graph_size Size>
  constexpr bool read(int code, source_operator& from, const graph<Size>& network, operation& out) {
    const auto input = [&](int index) -> const tensor& {
      return network.at(from.inputs[static_cast<std::size_t>(index)]);
    };
    switch (code) {
    case schema::builtin::quantize:
      out = op::quantize{};
      return true;
    case schema::builtin::dequantize:
      out = op::dequantize{};
      return true;
    case schema::builtin::logistic:
      out = op::logistic{};
      return true;
    case schema::builtin::conv_2d:
      return conv2d(from, out);
    case schema::builtin::depthwise_conv_2d:
      return depthwise_conv2d(from, out);
    case schema::builtin::fully_connected:
      return fully_connected(from, out);
    case schema::builtin::add:
      return add(from, out);
    case schema::builtin::average_pool_2d:
      return average_pool_2d(from, out);
    case schema::builtin::softmax:
      return softmax(from, out);
    case schema::builtin::mean:
      return needs_inputs(from, 2) && mean(from, input(1), out);
    case schema::builtin::pad:
      return needs_inputs(from, 2) && pad(from, input(1), out);
    case schema::builtin::reshape:
      return reshape(from, from.input_count > 1 && from.inputs[1] >= 0 ? &input(1) : nullptr, out);
    case schema::builtin::squeeze:
      return squeeze(from, out);
    default:
      return found().fail("this operator (builtin code ", code, ") is not supported");
    }
  }

private:
  /// Where the options of a convolution or a pooling have what they share.
  struct window_fields {
    int options_type;
    int padding;
    extent stride;
    /// {-1, -1} where there is no dilation.
    extent dilation;
    int activation;
  };

  constexpr bool read_window(const source_operator& from, const window_fields& field, window& moved,
                             activation& function) {
    return has_options(from, field.options_type) &&
           read_padding(from, field.padding, moved.padding) &&
           read_extent(from, field.stride, 0, "stride", moved.stride) &&
           (field.dilation.height < 0 ||
            read_extent(from, field.dilation, 1, "dilation", moved.dilation)) &&
           read_activation(from, field.activation, function);
  }

  constexpr bool conv2d(const source_operator& from, operation& out) {
    namespace field = schema::conv2d;
    op::conv2d what;
    if (!read_window(from,
                     {field::options_type,
                      field::padding,
                      {field::stride_h, field::stride_w},
                      {field::dilation_h, field::dilation_w},
                      field::activation},
                     what.window, what.activation)) {
      return false;
    }
    out = what;
    return true;
  }

  constexpr bool depthwise_conv2d(const source_operator& from, operation& out) {
    namespace field = schema::depthwise_conv2d;
    op::depthwise_conv2d what;
    if (!read_window(from,
                     {field::options_type,
                      field::padding,
                      {field::stride_h, field::stride_w},
                      {field::dilation_h, field::dilation_w},
                      field::activation},
                     what.window, what.activation)) {
      return false;
    }
    what.multiplier = from.options.scalar<std::int32_t>(bytes(), field::depth_multiplier);
    out = what;
    return true;
  }

  constexpr bool average_pool_2d(const source_operator& from, operation& out) {
    namespace field = schema::pool2d;
    op::average_pool_2d what;
    if (!read_window(from,
                     {field::options_type,
                      field::padding,
                      {field::stride_h, field::stride_w},
                      {-1, -1},
                      field::activation},
                     what.window, what.activation) ||
        !read_extent(from, {field::filter_h, field::filter_w}, 0, "kernel", what.kernel)) {
      return false;
    }
    out = what;
    return true;
  }

  constexpr bool fully_connected(const source_operator& from, operation& out) {
    namespace field = schema::fully_connected;
    op::fully_connected what;
    full_shape stated;
    if (!has_options(from, field::options_type) ||
        !source().read_shape(static_cast<std::size_t>(from.output), stated) ||
        !read_activation(from, field::activation, what.activation) ||
        !found().expect(from.options.scalar<std::int8_t>(bytes(), field::weights_format) == 0,
                        "its weights are shuffled, expected the default order")) {
      return false;
    }
    what.rows = stated.rank == 2 ? stated[0] : 1;
    what.keep_num_dims = from.options.scalar<std::uint8_t>(bytes(), field::keep_num_dims) != 0;
    out = what;
    return true;
  }

  constexpr bool add(const source_operator& from, operation& out) {
    op::add what;
    if (!has_options(from, schema::add::options_type) ||
        !read_activation(from, schema::add::activation, what.activation)) {
      return false;
    }
    out = what;
    return true;
  }

  constexpr bool softmax(const source_operator& from, operation& out) {
    op::softmax what;
    if (!has_options(from, schema::softmax::options_type)) {
      return false;
    }
    what.beta = from.options.scalar<float>(bytes(), schema::softmax::beta);
    out = what;
    return true;
  }
};

} // namespace inlay::tflite
