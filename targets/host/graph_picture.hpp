// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "svg.hpp"
#include "words.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace inspect {

/// Draws a network from top to bottom: a box an operator, its output's shape and quantization on
/// the edge below it, and an arc past the boxes where an edge skips some.
class graph_picture {
public:
  explicit graph_picture(const inspection& seen) : seen_(seen), graph_(seen.graph) {}

  std::string draw() {
    find_edges();
    place_arcs();
    draw_ends();
    for (int i = 0; i < graph_.node_count; ++i) {
      draw_operator(i);
    }
    for (const edge& one : edges_) {
      draw_edge(one);
    }
    const double right = x_box + box_width + 170 + lane_width * static_cast<double>(lanes_);
    return out_.finish(right, top_of(graph_.node_count) + 46, seen_.file_name());
  }

private:
  /// A tensor from the row that writes it (-1: the input) to a row that reads it.
  struct edge {
    int from = -1;
    int to = 0;
    std::size_t lane = 0;
    [[nodiscard]] bool is_arc() const { return to > from + 1; }
  };

  static constexpr double x_box = 20;
  static constexpr double box_width = 290;
  static constexpr double box_height = 36;
  static constexpr double row_height = 68;
  static constexpr double lane_width = 14;
  static constexpr double x_middle = x_box + box_width / 2;

  static double top_of(int row) { return 90 + row * row_height; }
  static double bottom_of(int row) { return row < 0 ? 66 : top_of(row) + box_height; }

  void find_edges() {
    std::vector<int> writer(static_cast<std::size_t>(graph_.tensor_count), -1);
    for (int i = 0; i < graph_.node_count; ++i) {
      const inlay::node& which = graph_[i];
      for (int k = 0; k < which.input_count; ++k) {
        const int number = which.inputs[static_cast<std::size_t>(k)];
        if (number >= 0 && !seen_.tensor(number).is_constant) {
          edges_.push_back({writer[static_cast<std::size_t>(number)], i});
        }
      }
      writer[static_cast<std::size_t>(which.output)] = i;
    }
    for (int i = 0; i < graph_.output_count; ++i) {
      const auto number = static_cast<std::size_t>(graph_.outputs[static_cast<std::size_t>(i)]);
      edges_.push_back({writer[number], graph_.node_count});
    }
  }

  /// Gives each arc the innermost lane that is free beside all its rows.
  void place_arcs() {
    std::vector<int> busy_until;
    for (edge& one : edges_) {
      if (!one.is_arc()) {
        continue;
      }
      while (one.lane < busy_until.size() && busy_until[one.lane] > one.from) {
        ++one.lane;
      }
      busy_until.resize(std::max(busy_until.size(), one.lane + 1));
      busy_until[one.lane] = one.to;
    }
    lanes_ = busy_until.size();
  }

  void draw_ends() {
    out_.text(x_box, 24, shortened(seen_.file_name(), 52), R"(class="title")");
    out_.box(x_box + 60, 40, box_width - 120, 26, R"(rx="13" fill="#24292f")");
    out_.text(x_middle, 57, "input", R"(class="middle" fill="white")");
    label_tensor(-1, graph_.input);
    const double bottom = top_of(graph_.node_count);
    out_.box(x_box + 60, bottom, box_width - 120, 26, R"(rx="13" fill="#24292f")");
    out_.text(x_middle, bottom + 17, graph_.output_count > 1 ? "outputs" : "output",
              R"(class="middle" fill="white")");
  }

  void label_tensor(int row, int number) {
    const inlay::tensor_type& type = seen_.tensor(number).type;
    const double y = bottom_of(row) + (row < 0 ? 11 : 14);
    out_.text(x_middle + 8, y, words(type.shape) + " " + std::string(name_of(type.element)),
              R"(class="note")");
    out_.text(x_middle + 8, y + 11,
              type.quantization.scale == 0 ? "" : short_quantization(type.quantization),
              R"(class="note")");
  }

  void draw_operator(int row) {
    const inlay::node& which = graph_[row];
    const std::string_view name = name_of(which.what);
    const double y = top_of(row);
    const bool quiet = !seen_.is_folded(row) && !seen_.is_fused(row) && !seen_.is_alias(row);
    out_.box(x_box, y, box_width, box_height,
             fmt::format(R"(rx="5" fill="{}" stroke="#8c959f"{})", color_of(name),
                         quiet ? "" : R"( stroke-dasharray="4 3")"),
             seen_.name_of(which.output));
    out_.text(x_box + 8, y + 15, fmt::format("{} {}", row, name), R"(class="strong")");
    out_.text(x_box + box_width - 8, y + 15, window_of(graph_, which), R"(class="note right")");
    const std::string function = activation_of(which);
    out_.text(x_box + 8, y + 29, seen_.kernel_of(row) + (function.empty() ? "" : ", " + function),
              R"(class="note")");
    const std::int64_t macs = count(graph_, which).multiply_accumulates;
    if (macs > 0) {
      out_.text(x_box + box_width - 8, y + 29, grouped(macs) + " MACs", R"(class="note right")");
    }
    label_tensor(row, which.output);
  }

  void draw_edge(const edge& one) {
    const double from = bottom_of(one.from);
    const double to = top_of(one.to);
    if (!one.is_arc()) {
      out_.line(x_middle, from, x_middle, to, R"(class="edge")");
      return;
    }
    const double edge_of_boxes = x_box + box_width;
    const double lane = edge_of_boxes + 30 + lane_width * static_cast<double>(one.lane);
    const bool leaves_input = one.from < 0;
    const double start = leaves_input ? 53 : top_of(one.from) + box_height / 2;
    const double end = to + (one.to == graph_.node_count ? 13 : box_height / 2);
    const double inset = one.to == graph_.node_count ? 60 : 0;
    out_.path(fmt::format("M{:.1f} {:.1f}H{:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}V{:.1f}"
                          "Q{:.1f} {:.1f} {:.1f} {:.1f}H{:.1f}",
                          edge_of_boxes - (leaves_input ? 60 : 0), start, lane - 8, lane, start,
                          lane, start + 8, end - 8, lane, end, lane - 8, end,
                          edge_of_boxes - inset),
              R"(class="edge")");
  }

  const inspection& seen_;
  const graph& graph_;
  std::vector<edge> edges_;
  std::size_t lanes_ = 0;
  svg out_;
};

} // namespace inspect
