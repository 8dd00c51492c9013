// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "npu_report.hpp"
#include "svg.hpp"

#include <algorithm>
#include <cmath>

namespace inspect {

/// Draws a network on an NPU over time, in estimated cycles: above a line for each operator with a
/// box for each of its operations, and one for copies of constants; below the arena, with a box for
/// each tensor or ring of rows and each copy.
class cascade_picture {
public:
  cascade_picture(const inspection& seen, const npu_inspection& on, std::string_view npu)
      : seen_(seen), on_(on), plan_(*on.cascaded), npu_(npu),
        cycles_(static_cast<double>(std::max<std::int64_t>(plan_.total.cycles, 1))),
        bytes_(static_cast<double>(std::max<std::int64_t>(plan_.arena_bytes(), 1))),
        lines_(plan_.stream.count) {}

  std::string draw() {
    out_.text(left, 24,
              fmt::format("{} on {}: {} operations, {} cycles, arena of {} bytes ({})",
                          shortened(seen_.file_name(), 60), npu_, plan_.operations(),
                          grouped(plan_.total.cycles), grouped(plan_.arena_bytes()),
                          in_kib(plan_.arena_bytes())),
              R"(class="title")");
    draw_operations();
    draw_arena();
    draw_copies();
    draw_cycles();
    return out_.finish(left + width + 40, arena_top() + arena_height + 50, seen_.file_name());
  }

private:
  static constexpr double left = 190;
  static constexpr double top = 44;
  static constexpr double width = 1200;
  static constexpr double line_height = 11;
  static constexpr double arena_height = 420;

  [[nodiscard]] double arena_top() const { return top + line_height * lines_ + 40; }
  [[nodiscard]] double x_of(std::int64_t cycle) const {
    return left + width * static_cast<double>(cycle) / cycles_;
  }
  [[nodiscard]] double y_of(std::int64_t offset) const {
    return arena_top() + arena_height * (1 - static_cast<double>(offset) / bytes_);
  }
  [[nodiscard]] double y_of_node(int node) const { return top + line_height * (node - 1); }

  [[nodiscard]] std::string label_of(int node) const {
    const int step = plan_.stream[node].step;
    return fmt::format("{} {}", (*on_.work)[step].node, on_.operator_of(seen_, node));
  }

  void draw_operations() {
    for (int i = 0; i < plan_.cuts.count; ++i) {
      const inlay::row_segment nodes = plan_.cuts[i];
      if (nodes.end - nodes.begin > 1) {
        out_.box(left, y_of_node(nodes.begin), width, line_height * (nodes.end - nodes.begin),
                 R"(fill="#f6f8fa")");
      }
    }
    for (int node = 1; node < plan_.stream.count; ++node) {
      out_.text(left - 8, y_of_node(node) + 9, label_of(node), R"(class="note right")");
    }
    for (const npu_turn& turn : plan_.turns) {
      const double begin = x_of(turn.begin);
      const double end = x_of(turn.begin + turn.cost.cycles);
      out_.box(begin, y_of_node(turn.node) + 1, std::max(end - begin, 0.3), line_height - 2,
               fmt::format(R"(fill="{}" stroke="#57606a" stroke-width="0.15")",
                           color_of(on_.operator_of(seen_, turn.node))),
               fmt::format("{}, band {} of {}: {} cycles", label_of(turn.node), turn.band + 1,
                           plan_.stream[turn.node].rows, grouped(turn.cost.cycles)));
    }
  }

  void draw_arena() {
    const double kib = bytes_ / 1024;
    double tick = std::pow(10, std::floor(std::log10(kib / 5)));
    tick *= kib / tick > 25 ? 5 : kib / tick > 10 ? 2 : 1;
    for (int i = 0; i * tick <= kib * 1.0001; ++i) {
      const double y = y_of(static_cast<std::int64_t>(i * tick * 1024));
      out_.line(left - 4, y, left + width, y, R"(stroke="#d0d7de")");
      out_.text(left - 8, y + 4, fmt::format("{:g} KiB", i * tick), R"(class="note right")");
    }
    std::vector<std::int64_t> begins(static_cast<std::size_t>(plan_.stream.count), -1);
    std::vector<std::int64_t> ends(static_cast<std::size_t>(plan_.stream.count), 0);
    begins[0] = 0;
    for (const npu_turn& turn : plan_.turns) {
      auto& begin = begins[static_cast<std::size_t>(turn.node)];
      begin = begin < 0 ? turn.begin : begin;
      const std::int64_t end = turn.begin + turn.cost.cycles;
      ends[static_cast<std::size_t>(turn.node)] =
          std::max(ends[static_cast<std::size_t>(turn.node)], end);
      const inlay::row_node& what = plan_.stream[turn.node];
      for (int k = 0; k < what.input_count; ++k) {
        auto& read = ends[static_cast<std::size_t>(what.inputs[static_cast<std::size_t>(k)].node)];
        read = std::max(read, end);
      }
    }
    for (int node = 0; node < plan_.stream.count; ++node) {
      const inlay::row_buffer& buffer = plan_.rows[node];
      if (buffer.bytes > 0) {
        draw_buffer(node, begins[static_cast<std::size_t>(node)],
                    ends[static_cast<std::size_t>(node)]);
      }
    }
  }

  void draw_buffer(int node, std::int64_t from, std::int64_t until) {
    const inlay::row_buffer& buffer = plan_.rows[node];
    const bool is_ring = buffer.ring < plan_.stream[node].rows;
    const double high = y_of(buffer.offset + buffer.bytes);
    out_.box(x_of(from), high, std::max(x_of(until) - x_of(from), 0.8), y_of(buffer.offset) - high,
             fmt::format(R"(fill="{}" fill-opacity="{}" stroke="#57606a" stroke-width="0.5")",
                         node == 0 ? "#ffffff" : color_of(on_.operator_of(seen_, node)),
                         is_ring ? 0.9 : 0.55),
             fmt::format(
                 "{}\n{} bytes at offset {}{}", node == 0 ? "image" : label_of(node),
                 grouped(buffer.bytes), grouped(buffer.offset),
                 is_ring ? fmt::format("\na ring of {} rows", buffer.ring * plan_.stream[node].band)
                         : ""));
  }

  /// On their line from the start until the first use, in the arena until the last one.
  void draw_copies() {
    const double line = top + line_height * (lines_ - 1);
    out_.text(left - 8, line + 9, "copies", R"(class="note right")");
    constexpr std::string_view style = R"(fill="#8250df" fill-opacity="0.5" stroke="#57606a" )"
                                       R"(stroke-width="0.5")";
    const int operations = plan_.operations();
    for (int i = 0; i < plan_.copies.count; ++i) {
      const inlay::ethos_u::planned_transfer& copy = plan_.copies[i];
      int last = copy.use;
      for (int k = copy.use; k < operations; ++k) {
        last = plan_.copy_of(plan_.operation(k)) == i ? k : last;
      }
      const double begin = x_of(plan_.operation(copy.start).begin);
      const double use = x_of(plan_.operation(copy.use).begin);
      const npu_turn& reader = plan_.operation(last);
      const double end = x_of(reader.begin + reader.cost.cycles);
      const std::string title =
          fmt::format("copy {}: constants from {} to {}\n{} bytes at offset {}", i,
                      label_of(copy.first), label_of(copy.last - 1),
                      grouped(plan_.copied[static_cast<std::size_t>(i)]), grouped(copy.offset));
      out_.box(begin, line + 1, std::max(use - begin, 0.3), line_height - 2, style, title);
      const double high = y_of(copy.offset + copy.bytes);
      out_.box(begin, high, std::max(end - begin, 0.8), y_of(copy.offset) - high, style, title);
    }
  }

  void draw_cycles() {
    for (int i = 0; i <= 10; ++i) {
      const auto cycle = static_cast<std::int64_t>(cycles_ * i / 10);
      out_.text(x_of(cycle), arena_top() + arena_height + 18,
                fmt::format("{:.2f}", static_cast<double>(cycle) / 1e6), R"(class="note middle")");
    }
    out_.text(left + width / 2, arena_top() + arena_height + 36, "million cycles, estimated",
              R"(class="note middle")");
  }

  const inspection& seen_;
  const npu_inspection& on_;
  const npu_plan& plan_;
  std::string_view npu_;
  double cycles_;
  double bytes_;
  int lines_;
  svg out_;
};

} // namespace inspect
