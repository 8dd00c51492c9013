// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/schedule.hpp>

namespace inlay {

/// How a step that is done by rows reads one of its inputs: for its row y the rows from first(y)
/// to last(y), both included.
struct row_input {
  /// The node that makes the input.
  int node = -1;
  /// How many rows it is made of.
  std::int32_t rows = 0;
  /// The bytes of a row as this step sees it; through a RESHAPE other rows than were made.
  std::int64_t row_bytes = 0;
  std::int32_t stride = 1;
  std::int32_t before = 0;
  std::int32_t reach = 0;
  /// Every row is read for each row.
  bool whole = false;

  [[nodiscard]] constexpr std::int32_t first(std::int32_t y) const {
    const std::int32_t row = whole ? 0 : y * stride - before;
    return row < 0 ? 0 : row > rows ? rows : row;
  }
  [[nodiscard]] constexpr std::int32_t last(std::int32_t y) const {
    const std::int32_t row = whole ? rows - 1 : y * stride - before + reach;
    return row < rows ? row : rows - 1;
  }
};

/// A step as a maker of rows, in order from top to bottom.
struct row_node {
  /// Its number in the schedule; -1: the network's input.
  int step = -1;
  /// The tensor that it makes.
  int tensor = -1;
  std::int32_t rows = 0;
  std::int64_t row_bytes = 0;
  /// From one row to the next in memory: rows are aligned unless somebody reads the tensor whole.
  std::int64_t pitch = 0;
  std::array<row_input, 2> inputs{};
  int input_count = 0;
  /// Whether a row of the output may lie where a row of an input does.
  bool in_place = false;
  /// Whether the caller reads the tensor after the inference.
  bool is_output = false;

  [[nodiscard]] constexpr std::int64_t bytes() const { return rows * pitch; }
};

/// A schedule as rows: node 0 is the network's input, then all steps but RESHAPEs.
template <graph_size Size>
struct row_stream {
  std::array<row_node, Size.operators + 1> nodes{};
  int count = 0;

  [[nodiscard]] constexpr const row_node& operator[](int index) const {
    return nodes[static_cast<std::size_t>(index)];
  }
};

namespace detail {

/// Whether each row of the output depends on the same row of the input only.
constexpr bool is_elementwise(const step::any& what) {
  return what.is<step::add>() || what.is<step::logistic>() || what.is<step::requantize>() ||
         what.is<step::quantize>() || what.is<step::dequantize>();
}

/// The rows of a step's input and output, and how its window goes down the input; rows of 0 where
/// the step cannot be done by rows.
struct row_geometry {
  std::int32_t in_rows = 0;
  std::int32_t out_rows = 0;
  row_input window{};
};

constexpr row_geometry geometry_of(const step::any& what, const tensor_type& out) {
  const auto sliding = [](const auto& kernel) {
    return row_geometry{
        kernel.in.height,
        kernel.out.height,
        {.stride = kernel.window.stride.height,
         .before = kernel.window.padding_top,
         .reach = (kernel.window.kernel.height - 1) * kernel.window.dilation.height}};
  };
  const std::int32_t rows = out.shape.height();
  if (what.is<step::convolution>()) {
    return sliding(what.as<step::convolution>());
  }
  if (what.is<step::depthwise_convolution>()) {
    return sliding(what.as<step::depthwise_convolution>());
  }
  if (what.is<step::average_pool>()) {
    return sliding(what.as<step::average_pool>());
  }
  if (what.is<step::pad>()) {
    const step::pad& pad = what.as<step::pad>();
    return {pad.in.height, rows, {.before = pad.border.top}};
  }
  return is_elementwise(what) ? row_geometry{rows, rows, {}} : row_geometry{};
}

template <graph_size Size>
constexpr void choose_pitches(row_stream<Size>& stream, std::int64_t alignment) {
  for (int i = 0; i < stream.count; ++i) {
    row_node& node = stream.nodes[static_cast<std::size_t>(i)];
    const bool is_handed_over = node.step < 0 || node.is_output;
    node.pitch =
        is_handed_over ? node.row_bytes : (node.row_bytes + alignment - 1) / alignment * alignment;
    for (int k = 0; k < node.input_count; ++k) {
      const row_input& input = node.inputs[static_cast<std::size_t>(k)];
      if (input.whole) {
        row_node& maker = stream.nodes[static_cast<std::size_t>(input.node)];
        maker.pitch = maker.row_bytes;
      }
    }
  }
}

} // namespace detail

/// The nodes of a schedule.
/// @param by_rows for each step whether the target can do it by rows; the others read all of
///   their inputs and make all of their output at once
/// @param alignment of rows
template <graph_size Size>
constexpr row_stream<Size> stream_of(const graph<Size>& network, const schedule<Size>& work,
                                     const std::array<bool, Size.operators>& by_rows,
                                     std::int64_t alignment) {
  row_stream<Size> made;
  std::array<int, Size.tensors> node_of{};
  node_of.fill(-1);
  const auto append = [&](int step, int tensor) -> row_node& {
    node_of[static_cast<std::size_t>(tensor)] = made.count;
    row_node& next = made.nodes[static_cast<std::size_t>(made.count++)];
    next.step = step;
    next.tensor = tensor;
    next.rows = 1;
    next.row_bytes = network.at(tensor).type.bytes();
    return next;
  };
  const auto divide = [](row_node& node, std::int32_t rows) {
    node.row_bytes /= rows;
    node.rows = rows;
  };
  divide(append(-1, network.input), network.at(network.input).type.shape.height());
  for (int i = 0; i < work.step_count; ++i) {
    const scheduled_step& step = work[i];
    if (step.what.template is<step::alias>()) {
      continue;
    }
    const tensor_type& out = network.at(step.output).type;
    const detail::row_geometry rows = by_rows[static_cast<std::size_t>(i)]
                                          ? detail::geometry_of(step.what, out)
                                          : detail::row_geometry{};
    row_node& next = append(i, step.output);
    const bool divided = rows.out_rows > 0 && rows.out_rows == out.shape.height();
    if (divided) {
      divide(next, rows.out_rows);
    }
    next.in_place = step::works_in_place(step.what);
    next.input_count = step.input_count;
    for (int k = 0; k < step.input_count; ++k) {
      const int from = step.inputs[static_cast<std::size_t>(k)];
      const int maker = node_of[static_cast<std::size_t>(work.storage_of(from))];
      const std::int64_t bytes = network.at(from).type.bytes();
      row_input& input = next.inputs[static_cast<std::size_t>(k)];
      input = rows.window;
      input.node = maker;
      input.rows = divided ? rows.in_rows : 1;
      input.row_bytes = bytes / input.rows;
      if (input.rows != made[maker].rows) {
        // Another division into rows than the maker's: all must be there, one after the other.
        input.whole = true;
        input.rows = made[maker].rows;
      }
    }
  }
  for (int i = 0; i < network.output_count; ++i) {
    const int storage = work.storage_of(network.outputs[static_cast<std::size_t>(i)]);
    made.nodes[static_cast<std::size_t>(node_of[static_cast<std::size_t>(storage)])].is_output =
        true;
  }
  detail::choose_pitches(made, alignment);
  return made;
}

} // namespace inlay
