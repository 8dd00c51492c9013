// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/network.hpp>
#include <inlay/import/operators.hpp>

#include <cstddef>

namespace inlay::tflite {

namespace detail {

/// The newest version of each operator whose additions are checked here or are about types that
/// are refused anyway (tensorflow/compiler/mlir/lite/tools/versioning/op_version.cc).
struct supported_operator {
  int code;
  int newest_version;
};
inline constexpr supported_operator supported_operators[] = {
    {schema::builtin::add, 5},        {schema::builtin::average_pool_2d, 3},
    {schema::builtin::conv_2d, 8},    {schema::builtin::depthwise_conv_2d, 7},
    {schema::builtin::dequantize, 6}, {schema::builtin::fully_connected, 13},
    {schema::builtin::logistic, 3},   {schema::builtin::mean, 3},
    {schema::builtin::pad, 4},        {schema::builtin::quantize, 3},
    {schema::builtin::reshape, 1},    {schema::builtin::softmax, 3},
    {schema::builtin::squeeze, 2},
};

/// Reads the graph of an opened file.
template <graph_size Size>
class graph_reader {
public:
  constexpr graph_reader(file& from, graph<Size>& network)
      : file_(from), found_(from.found()), network_(network) {}

  constexpr bool read() {
    network_.tensor_count = static_cast<int>(file_.size().tensors);
    if (!read_ends()) {
      return false;
    }
    for (std::size_t i = 0; i < file_.size().operators; ++i) {
      if (!read_operator(static_cast<int>(i))) {
        return false;
      }
    }
    found_.at_model();
    return check_graph(network_, found_);
  }

private:
  constexpr bool read_ends() {
    const auto& inputs = file_.inputs();
    const auto& outputs = file_.outputs();
    if (!found_.expect(inputs.count == 1, "the model has ", inputs.count, " inputs, expected 1") ||
        !found_.expect(outputs.count >= 1 && outputs.count <= network_.max_outputs,
                       "the model has ", outputs.count, " outputs, expected 1 to ",
                       network_.max_outputs)) {
      return false;
    }
    network_.input = flatbuffer::number_at<std::int32_t>(file_.bytes(), inputs, 0);
    if (!need_tensor(network_.input, "the model's input") ||
        !found_.expect(!network_.at(network_.input).is_constant,
                       "the model's input is a constant")) {
      return false;
    }
    for (std::size_t i = 0; i < outputs.count; ++i) {
      const auto number = flatbuffer::number_at<std::int32_t>(file_.bytes(), outputs, i);
      if (!need_tensor(number, "the model's output", static_cast<int>(i))) {
        return false;
      }
      network_.outputs[i] = number;
      ++network_.output_count;
    }
    return true;
  }

  constexpr bool read_operator(int index) {
    const flatbuffer::table from = file_.operator_at(static_cast<std::size_t>(index));
    const auto code_index =
        from.scalar<std::uint32_t>(file_.bytes(), schema::operators::opcode_index);
    const flatbuffer::table code = file_.code_at(code_index);
    const int builtin = builtin_code(code);
    found_.at(index, schema::name_of_operator(builtin));
    if (!file_.intact() ||
        !found_.expect(code.present(), "it has operator code ", code_index,
                       ", which the file does not have") ||
        !is_supported(builtin, code)) {
      return false;
    }
    source_operator source;
    source.options = from.child(file_.bytes(), schema::operators::options);
    source.options_type = from.scalar<std::uint8_t>(file_.bytes(), schema::operators::options_type);
    node& next = network_.nodes[static_cast<std::size_t>(index)];
    if (!read_operands(from, source) ||
        !options_reader(file_).read(builtin, source, network_, next.what)) {
      return false;
    }
    next.inputs = source.inputs;
    next.input_count = source.input_count;
    next.output = source.output;
    ++network_.node_count;
    return file_.intact();
  }

  /// Old files have the code in a byte, newer ones in a word as well: the larger counts.
  constexpr int builtin_code(const flatbuffer::table& code) {
    const auto old =
        code.scalar<std::uint8_t>(file_.bytes(), schema::operator_code::deprecated_builtin_code);
    const auto current =
        code.scalar<std::int32_t>(file_.bytes(), schema::operator_code::builtin_code);
    return old > current ? old : current;
  }

  constexpr bool is_supported(int builtin, const flatbuffer::table& code) {
    if (builtin == schema::builtin::custom) {
      const auto name = code.elements(file_.bytes(), schema::operator_code::custom_code, 1);
      text custom;
      for (std::size_t i = 0; i < name.count && i < 40; ++i) {
        const auto c = flatbuffer::number_at<char>(file_.bytes(), name, i);
        custom.put(c >= ' ' && c <= '~' ? c : '?');
      }
      return found_.fail("the custom operator \"", custom, "\" is not supported");
    }
    const auto version =
        code.scalar<std::int32_t>(file_.bytes(), schema::operator_code::version, 1);
    for (const supported_operator& known : supported_operators) {
      if (known.code == builtin) {
        return found_.expect(version >= 1 && version <= known.newest_version, "it has version ",
                             version, ", expected 1 to ", known.newest_version);
      }
    }
    return found_.fail("this operator (builtin code ", builtin, ") is not supported");
  }

  constexpr bool read_operands(const flatbuffer::table& from, source_operator& out) {
    const auto inputs = from.elements(file_.bytes(), schema::operators::inputs, 4);
    const auto outputs = from.elements(file_.bytes(), schema::operators::outputs, 4);
    if (!file_.intact() ||
        !found_.expect(inputs.count >= 1 && inputs.count <= operands::max_inputs,
                       "the number of its inputs is ", inputs.count, ", expected 1 to ",
                       operands::max_inputs) ||
        !found_.expect(outputs.count == 1, "the number of its outputs is ", outputs.count,
                       ", expected 1")) {
      return false;
    }
    out.input_count = static_cast<int>(inputs.count);
    for (std::size_t i = 0; i < inputs.count; ++i) {
      const auto number = flatbuffer::number_at<std::int32_t>(file_.bytes(), inputs, i);
      out.inputs[i] = number;
      if (number != -1 && !need_tensor(number, "its input", static_cast<int>(i))) {
        return false;
      }
    }
    out.output = flatbuffer::number_at<std::int32_t>(file_.bytes(), outputs, 0);
    return need_tensor(out.output, "its output");
  }

  /// Reads a tensor at its first use, so that a complaint names the operator.
  constexpr bool need_tensor(std::int32_t number, std::string_view role, int place = -1) {
    if (number < 0 || number >= network_.tensor_count) {
      text which;
      which << role;
      if (place >= 0) {
        which << " " << place;
      }
      return found_.fail(which, " is tensor ", number, ", expected one of the file's ",
                         network_.tensor_count);
    }
    const auto index = static_cast<std::size_t>(number);
    if (known_[index]) {
      return true;
    }
    known_[index] = true;
    return file_.read_tensor(number, network_.tensors[index]);
  }

  file& file_;
  diagnosis& found_;
  graph<Size>& network_;
  std::array<bool, Size.tensors> known_{};
};

} // namespace detail

/// The size of the graph in a .tflite file; {0, 0}, with the reason in `found`, if it cannot be
/// opened.
constexpr graph_size measure(const unsigned char* data, std::size_t size, diagnosis& found) {
  return file(data, size, found).size();
}

/// Reads and checks a .tflite file; also at compile time. The graph points into the file's bytes.
/// @return whether `network` is complete and right; if not, `found` says why
template <graph_size Size>
constexpr bool read_graph(const unsigned char* data, std::size_t size, graph<Size>& network,
                          diagnosis& found) {
  file from(data, size, found);
  if (!found.ok() ||
      !found.expect(from.size().tensors <= Size.tensors && from.size().operators <= Size.operators,
                    "the file has ", from.size().tensors, " tensors and ", from.size().operators,
                    " operators, expected at most ", Size.tensors, " and ", Size.operators)) {
    return false;
  }
  return detail::graph_reader<Size>(from, network).read();
}

namespace detail {

template <class Model>
inline constexpr diagnosis model_found = [] {
  diagnosis found;
  constexpr bool is_model = requires {
    Model::data;
    Model::size;
  };
  found.expect(is_model,
               "the template argument of inlay::tflite::network is no model file, expected "
               "models::NAME of inlay_add_model, or a type with its members data and size");
  return found;
}();

/// What the compiler makes of a model's bytes.
template <class Model>
struct imported {
  static_assert(require<model_found<Model>>);

  static constexpr graph_size size = [] {
    diagnosis ignored;
    return measure(Model::data, Model::size, ignored);
  }();

  struct read {
    inlay::graph<size> graph{};
    diagnosis found{};
  };

  static constexpr read result = [] {
    read made;
    read_graph(Model::data, Model::size, made.graph, made.found);
    return made;
  }();

  static constexpr inlay::graph<size> graph = result.graph;
  static constexpr diagnosis found = result.found;
};

} // namespace detail

/// A network from a .tflite file that was embedded with inlay_add_model.
/// @tparam Model a type with static constexpr members `data` (the file's bytes, an array of
///   unsigned char) and `size`
template <class Model>
struct network : basic_network<detail::imported<Model>> {};

} // namespace inlay::tflite
