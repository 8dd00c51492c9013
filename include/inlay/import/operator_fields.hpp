// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/file.hpp>

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

/// What the options of several operators have in common.
class operator_fields {
public:
  constexpr explicit operator_fields(file& from) : file_(from) {}

protected:
  [[nodiscard]] constexpr file& source() { return file_; }
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

private:
  file& file_;
};

} // namespace inlay::tflite
