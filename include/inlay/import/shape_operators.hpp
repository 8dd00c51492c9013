// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/operator_fields.hpp>

namespace inlay::tflite {

/// Reads operators whose options are axes, paddings or extents, which may be inputs in the file.
class shape_operators : protected operator_fields {
protected:
  using operator_fields::operator_fields;

  constexpr bool mean(source_operator& from, const tensor& axes, operation& out) {
    full_shape input;
    std::array<std::int64_t, 16> values{};
    int count = 0;
    if (!has_options(from, schema::reducer::options_type) ||
        !source().read_shape(static_cast<std::size_t>(from.inputs[0]), input) ||
        !source().read_integers(axes, "axes", values, count)) {
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
    if (!source().read_shape(static_cast<std::size_t>(from.inputs[0]), input) ||
        !source().read_integers(paddings, "paddings", values, count) ||
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
        !source().read_shape(static_cast<std::size_t>(from.inputs[0]), input) ||
        !source().read_shape(static_cast<std::size_t>(from.output), stated)) {
      return false;
    }
    if (extents != nullptr) {
      if (!source().read_integers(*extents, "new extents", values, count)) {
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

  constexpr bool squeeze(const source_operator& from, operation& out) {
    full_shape input;
    full_shape stated;
    if (!needs_inputs(from, 1) || !has_options(from, schema::squeeze::options_type) ||
        !source().read_shape(static_cast<std::size_t>(from.inputs[0]), input) ||
        !source().read_shape(static_cast<std::size_t>(from.output), stated)) {
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
    if (!source().intact() ||
        !found().expect(rest == stated, "its output is stated as ", stated, ", expected ", rest) ||
        !without_batch(stated, what.to)) {
      return false;
    }
    out = what;
    return true;
  }

private:
  constexpr bool read_new_shape(const source_operator& from, std::array<std::int64_t, 16>& values,
                                int& count) {
    const auto extents = from.options.elements(bytes(), schema::reshape::new_shape, 4);
    count = static_cast<int>(extents.count <= values.size() ? extents.count : values.size());
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      values[i] = flatbuffer::number_at<std::int32_t>(bytes(), extents, i);
    }
    return source().intact();
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
};

} // namespace inlay::tflite
