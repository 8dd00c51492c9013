// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/schedule.hpp>

namespace inlay {

/// How a step that is done by bands reads one of its inputs: for its band y the bands of the maker
/// from first(y) to last(y), both included. A band of one row is a row.
struct row_input {
  /// The node that makes the input.
  int node = -1;
  /// How many bands it is made of.
  std::int32_t rows = 0;
  /// The bytes of a row as this step sees it; through a RESHAPE other rows than were made.
  std::int64_t row_bytes = 0;
  /// For its row y a step reads the input's rows from y * stride - before on, and `reach` more.
  std::int32_t stride = 1;
  std::int32_t before = 0;
  std::int32_t reach = 0;
  /// The rows of the step's output and of its bands, and the same of the maker.
  std::int32_t out_height = 0;
  std::int32_t out_band = 1;
  std::int32_t height = 0;
  std::int32_t band = 1;
  /// Everything is read for each band.
  bool whole = false;

  /// The first and the last row of the input that is read for band y, inside of the input.
  [[nodiscard]] constexpr std::int32_t first_row(std::int32_t y) const {
    const std::int32_t row = whole ? 0 : y * out_band * stride - before;
    return row < 0 ? 0 : row > height ? height : row;
  }
  [[nodiscard]] constexpr std::int32_t last_row(std::int32_t y) const {
    const std::int32_t next = (y + 1) * out_band;
    const std::int32_t bottom = (next < out_height ? next : out_height) - 1;
    const std::int32_t row = whole ? height - 1 : bottom * stride - before + reach;
    return row < height ? row : height - 1;
  }
  [[nodiscard]] constexpr std::int32_t first(std::int32_t y) const {
    const std::int32_t row = first_row(y);
    return band == 1 ? row : row == height ? rows : row / band;
  }
  [[nodiscard]] constexpr std::int32_t last(std::int32_t y) const {
    const std::int32_t row = last_row(y);
    return band == 1 || row < 0 ? row : row / band;
  }
};

/// A step as a maker of bands of rows, in order from top to bottom.
struct row_node {
  /// Its number in the schedule; -1: the network's input.
  int step = -1;
  /// The step before, whose rows this one computes for itself as often as it reads them; -1: none.
  int recomputes = -1;
  /// The tensor that it makes.
  int tensor = -1;
  /// How many bands it makes, of `band` rows of the tensor each; the last one may be lower.
  std::int32_t rows = 0;
  std::int32_t band = 1;
  std::int32_t height = 0;
  std::int64_t row_bytes = 0;
  /// From one row to the next in memory: rows are aligned unless somebody reads the tensor whole.
  std::int64_t row_pitch = 0;
  /// From one band to the next.
  std::int64_t pitch = 0;
  std::array<row_input, 2> inputs{};
  int input_count = 0;
  /// Whether a row of the output may lie where a row of an input does that has the same layout.
  bool in_place = false;
  /// Whether it lies in slices of 16 channels.
  bool blocked = false;
  /// Whether the caller reads the tensor after the inference.
  bool is_output = false;

  [[nodiscard]] constexpr std::int64_t bytes() const { return height * row_pitch; }
  /// Where the first `bands` bands end.
  [[nodiscard]] constexpr std::int64_t end_of(std::int32_t bands) const {
    return bands < rows ? bands * pitch : bytes();
  }
  /// The band in which a row lies; as many as there are bands for the row after the last one.
  [[nodiscard]] constexpr std::int32_t band_of(std::int32_t row) const {
    return band == 1 ? row : row == height ? rows : row / band;
  }
  /// The row after band y.
  [[nodiscard]] constexpr std::int32_t row_after(std::int32_t y) const {
    return y + 1 < rows ? (y + 1) * band : height;
  }
};

/// A schedule as makers of bands: node 0 is the network's input, then all steps but RESHAPEs.
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
    node.row_pitch =
        is_handed_over ? node.row_bytes : (node.row_bytes + alignment - 1) / alignment * alignment;
    for (int k = 0; k < node.input_count; ++k) {
      const row_input& input = node.inputs[static_cast<std::size_t>(k)];
      if (input.whole) {
        row_node& maker = stream.nodes[static_cast<std::size_t>(input.node)];
        maker.row_pitch = maker.row_bytes;
      }
    }
  }
  for (int i = 0; i < stream.count; ++i) {
    row_node& node = stream.nodes[static_cast<std::size_t>(i)];
    node.pitch = node.band * node.row_pitch;
  }
}

} // namespace detail

/// How the outputs of steps are divided, and how their rows lie in memory.
template <graph_size Size>
struct row_division {
  /// For each step how many rows its bands have; 0 for one that reads all of its inputs and makes
  /// all of its output at once.
  std::array<std::int32_t, Size.operators> bands{};
  /// For each step whether its output lies in slices of 16 channels (NHCWB16): its rows are as long
  /// as if the channels were a multiple of 16.
  std::array<bool, Size.operators> blocked{};
  /// The same of the network's input.
  std::int32_t input_band = 1;
};

/// The nodes of a schedule.
/// @param alignment of rows
template <graph_size Size>
constexpr row_stream<Size> divided_stream(const graph<Size>& network, const schedule<Size>& work,
                                          const row_division<Size>& division,
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
    next.height = 1;
    next.row_bytes = network.at(tensor).type.bytes();
    return next;
  };
  const auto divide = [](row_node& node, std::int32_t height, std::int32_t band) {
    node.row_bytes /= height;
    node.height = height;
    node.band = band < height ? band : height;
    node.rows = (height + node.band - 1) / node.band;
  };
  divide(append(-1, network.input), network.at(network.input).type.shape.height(),
         division.input_band);
  for (int i = 0; i < work.step_count; ++i) {
    const scheduled_step& step = work[i];
    if (step.what.template is<step::alias>()) {
      continue;
    }
    const tensor_type& out = network.at(step.output).type;
    const std::int32_t band = division.bands[static_cast<std::size_t>(i)];
    const detail::row_geometry rows =
        band > 0 ? detail::geometry_of(step.what, out) : detail::row_geometry{};
    row_node& next = append(i, step.output);
    next.blocked = division.blocked[static_cast<std::size_t>(i)];
    if (next.blocked) {
      next.row_bytes =
          next.row_bytes / out.shape.channels() * ((out.shape.channels() + 15) / 16) * 16;
    }
    const bool divided = rows.out_rows > 0 && rows.out_rows == out.shape.height();
    if (divided) {
      divide(next, rows.out_rows, band);
    }
    next.in_place = step::works_in_place(step.what);
    next.input_count = step.input_count;
    for (int k = 0; k < step.input_count; ++k) {
      const int from = step.inputs[static_cast<std::size_t>(k)];
      const int maker = node_of[static_cast<std::size_t>(work.storage_of(from))];
      const std::int64_t bytes = network.at(from).type.bytes();
      const std::int32_t in_rows = divided ? rows.in_rows : 1;
      row_input& input = next.inputs[static_cast<std::size_t>(k)];
      input = rows.window;
      input.node = maker;
      input.rows = made[maker].rows;
      input.row_bytes = bytes / in_rows;
      input.out_height = next.height;
      input.out_band = next.band;
      input.height = made[maker].height;
      input.band = made[maker].band;
      // Where the rows are others than the maker's, all must be there, one after the other.
      input.whole = in_rows != made[maker].height;
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

/// The nodes of a schedule that make single rows.
/// @param by_rows for each step whether the target can do it by rows; the others read all of
///   their inputs and make all of their output at once
/// @param alignment of rows
template <graph_size Size>
constexpr row_stream<Size> stream_of(const graph<Size>& network, const schedule<Size>& work,
                                     const std::array<bool, Size.operators>& by_rows,
                                     std::int64_t alignment) {
  row_division<Size> division;
  for (std::size_t i = 0; i < by_rows.size(); ++i) {
    division.bands[i] = by_rows[i] ? 1 : 0;
  }
  return divided_stream(network, work, division, alignment);
}

} // namespace inlay
