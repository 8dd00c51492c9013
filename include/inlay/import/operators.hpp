// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/file.hpp>

// One function an operator: reads its options, and those of its inputs that are options in
// disguise (axes, paddings, extents), and gives the operation.

namespace inlay::tflite {

/// An operator in the file: where its options are, and its first tensors.
struct source_operator {
  flatbuffer::table options{};
  int options_type = 0;
  /// Numbers of its tensors; -1 for an input that is left out.
  std::array<int, operands::max_inputs> inputs{-1, -1, -1, -1};
  int input_count = 0;
  int output = -1;
};

/// Reads the options of the operators of one file.
class options_reader {
public:
  constexpr explicit options_reader(file& from) : file_(from) {}

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
  [[nodiscard]] constexpr diagnosis& found() { return file_.found(); }
  [[nodiscard]] constexpr flatbuffer::buffer& bytes() { return file_.bytes(); }

  constexpr bool has_options(const source_operator& from, int type) {
    return found().expect(from.options.present(),
                          "it has no options, expected those of its kind (type ", type, ")") &&
           found().expect(from.options_type == type, "its options are of type ", from.options_type,
                          ", expected type ", type);
  }

  constexpr bool needs_inputs(const source_operator& from, int count) {
    bool present = from.input_count == count;
    for (int i = 0; i < count && present; ++i) {
      present = from.inputs[static_cast<std::size_t>(i)] >= 0;
    }
    return found().expect(present, "the number of its inputs is ", from.input_count, ", expected ",
                          count, ", none left out");
  }

  constexpr bool read_activation(const source_operator& from, int field, activation& out) {
    const auto value = from.options.scalar<std::int8_t>(bytes(), field);
    switch (value) {
    case 0:
      out = activation::none;
      return true;
    case 1:
      out = activation::relu;
      return true;
    case 2:
      out = activation::relu_n1_to_1;
      return true;
    case 3:
      out = activation::relu6;
      return true;
    default:
      return found().fail("its fused activation is ", schema::name_of_activation(value),
                          ", expected NONE, RELU, RELU6 or RELU_N1_TO_1");
    }
  }

  constexpr bool read_padding(const source_operator& from, int field, padding& out) {
    const auto value = from.options.scalar<std::int8_t>(bytes(), field);
    out = value == 0 ? padding::same : padding::valid;
    return found().expect(value == 0 || value == 1, "its padding is scheme ", value,
                          ", expected SAME (0) or VALID (1)");
  }

  /// An extent from two fields; that it is positive is checked with the shapes, its limit here.
  constexpr bool read_extent(const source_operator& from, extent field, std::int32_t otherwise,
                             std::string_view role, extent& out) {
    out = {from.options.scalar<std::int32_t>(bytes(), field.height, otherwise),
           from.options.scalar<std::int32_t>(bytes(), field.width, otherwise)};
    return found().expect(out.height <= 65536 && out.width <= 65536, "its ", role, " is ", out,
                          ", expected at most 65536");
  }

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
        !file_.read_shape(static_cast<std::size_t>(from.output), stated) ||
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

  constexpr bool mean(source_operator& from, const tensor& axes, operation& out) {
    full_shape input;
    std::array<std::int64_t, 16> values{};
    int count = 0;
    if (!has_options(from, schema::reducer::options_type) ||
        !file_.read_shape(static_cast<std::size_t>(from.inputs[0]), input) ||
        !file_.read_integers(axes, "axes", values, count)) {
      return false;
    }
    bool height = false;
    bool width = false;
    bool other = input.rank != 4;
    text listed;
    for (int i = 0; i < count; ++i) {
      const std::int64_t value = values[static_cast<std::size_t>(i)];
      const std::int64_t axis = value < 0 ? value + input.rank : value;
      height = height || axis == 1;
      width = width || axis == 2;
      other = other || axis < 1 || axis > 2;
      listed << (i > 0 ? ", " : "") << value;
    }
    from.input_count = 1;
    out = op::mean{{}, from.options.scalar<std::uint8_t>(bytes(), schema::reducer::keep_dims) != 0};
    return found().expect(height && width && !other, "it averages ", input, " over the axes ",
                          listed, ", expected height and width (axes 1 and 2 of four)");
  }

  constexpr bool pad(source_operator& from, const tensor& paddings, operation& out) {
    full_shape input;
    std::array<std::int64_t, 16> values{};
    int count = 0;
    if (!file_.read_shape(static_cast<std::size_t>(from.inputs[0]), input) ||
        !file_.read_integers(paddings, "paddings", values, count) ||
        !found().expect(input.rank == 4 && count == 8, "it has ", count, " paddings for an input ",
                        input, ", expected 8 for four extents") ||
        !found().expect(values[0] == 0 && values[1] == 0,
                        "it pads the batch, expected height, width and channels alone")) {
      return false;
    }
    for (std::size_t i = 2; i < 8; ++i) {
      if (!found().expect(values[i] >= 0 && values[i] <= 4096, "it pads by ", values[i],
                          ", expected 0 to 4096")) {
        return false;
      }
    }
    from.input_count = 1;
    out = op::pad{{},
                  {static_cast<std::int32_t>(values[2]), static_cast<std::int32_t>(values[3]),
                   static_cast<std::int32_t>(values[4]), static_cast<std::int32_t>(values[5]),
                   static_cast<std::int32_t>(values[6]), static_cast<std::int32_t>(values[7])}};
    return true;
  }

  /// The new extents come from input 1 where there is one, else from the options.
  constexpr bool reshape(source_operator& from, const tensor* extents, operation& out) {
    full_shape input;
    full_shape stated;
    std::array<std::int64_t, 16> values{};
    int count = 0;
    if (!needs_inputs(from, extents != nullptr ? 2 : 1) ||
        !file_.read_shape(static_cast<std::size_t>(from.inputs[0]), input) ||
        !file_.read_shape(static_cast<std::size_t>(from.output), stated)) {
      return false;
    }
    if (extents != nullptr) {
      if (!file_.read_integers(*extents, "new extents", values, count)) {
        return false;
      }
    } else if (!has_options(from, schema::reshape::options_type) ||
               !read_new_shape(from, values, count)) {
      return false;
    }
    bool agree = count == stated.rank;
    int open = 0;
    for (int axis = 0; axis < count && agree; ++axis) {
      const std::int64_t value = values[static_cast<std::size_t>(axis)];
      open += value == -1 ? 1 : 0;
      agree = value == -1 || value == stated[axis];
    }
    op::reshape what;
    from.input_count = 1;
    if (!found().expect(agree && open <= 1, "its output is stated as ", stated,
                        ", expected the new extents that it is given") ||
        !without_batch(stated, what.to)) {
      return false;
    }
    out = what;
    return true;
  }

  constexpr bool read_new_shape(const source_operator& from, std::array<std::int64_t, 16>& values,
                                int& count) {
    const auto extents = from.options.elements(bytes(), schema::reshape::new_shape, 4);
    count = static_cast<int>(extents.count <= values.size() ? extents.count : values.size());
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      values[i] = flatbuffer::number_at<std::int32_t>(bytes(), extents, i);
    }
    return file_.intact();
  }

  constexpr bool squeeze(const source_operator& from, operation& out) {
    full_shape input;
    full_shape stated;
    if (!needs_inputs(from, 1) || !has_options(from, schema::squeeze::options_type) ||
        !file_.read_shape(static_cast<std::size_t>(from.inputs[0]), input) ||
        !file_.read_shape(static_cast<std::size_t>(from.output), stated)) {
      return false;
    }
    const auto listed = from.options.elements(bytes(), schema::squeeze::squeeze_dims, 4);
    std::array<bool, full_shape::max_rank> drop{};
    for (int axis = 0; axis < input.rank; ++axis) {
      drop[static_cast<std::size_t>(axis)] = listed.count == 0 && input[axis] == 1;
    }
    for (std::size_t i = 0; i < listed.count; ++i) {
      const auto value = flatbuffer::number_at<std::int32_t>(bytes(), listed, i);
      const std::int64_t axis = value < 0 ? std::int64_t{value} + input.rank : value;
      if (!found().expect(axis >= 0 && axis < input.rank && input[static_cast<int>(axis)] == 1,
                          "it drops axis ", value, " of ", input, ", expected an extent of 1")) {
        return false;
      }
      drop[static_cast<std::size_t>(axis)] = true;
    }
    full_shape rest;
    for (int axis = 0; axis < input.rank; ++axis) {
      if (!drop[static_cast<std::size_t>(axis)]) {
        rest.append(input[axis]);
      }
    }
    op::squeeze what;
    if (!file_.intact() ||
        !found().expect(rest == stated, "its output is stated as ", stated, ", expected ", rest) ||
        !without_batch(stated, what.to)) {
      return false;
    }
    out = what;
    return true;
  }

  /// The output's extents without their batch, as read_tensor has them.
  constexpr bool without_batch(const full_shape& stated, shape& out) {
    if (!found().expect(stated.rank <= shape::max_rank + 1, "its output is ", stated,
                        ", expected at most five extents")) {
      return false;
    }
    for (int axis = has_batch(stated) ? 1 : 0; axis < stated.rank; ++axis) {
      out.append(stated[axis]);
    }
    return true;
  }

  file& file_;
};

} // namespace inlay::tflite
