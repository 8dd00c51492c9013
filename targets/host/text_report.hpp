// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "words.hpp"

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <vector>

namespace inspect {

/// Rows of text whose columns are aligned. Columns whose title begins with ">" are aligned right.
class table {
public:
  explicit table(std::vector<std::string> titles) {
    for (std::string& title : titles) {
      right_.push_back(title.starts_with('>'));
      title.erase(0, right_.back() ? 1 : 0);
    }
    add(std::move(titles));
  }

  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  void print() const {
    std::vector<std::size_t> widths(right_.size());
    for (const auto& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        widths[i] = std::max(widths[i], row[i].size());
      }
    }
    for (const auto& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        line += right_[i] ? fmt::format("  {:>{}}", row[i], widths[i])
                          : fmt::format("  {:<{}}", row[i], widths[i]);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      fmt::print("{}\n", line);
    }
  }

private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<bool> right_;
};

inline void print_header(const inspection& seen) {
  const inlay::counts sum = count(seen.graph);
  const auto line = [](std::string_view name, const std::string& value) {
    fmt::print("  {:<12}{}\n", name, value);
  };
  fmt::print("{}\n", seen.path);
  line("file", grouped(static_cast<std::int64_t>(seen.file.size())) + " bytes");
  line("operators", grouped(seen.graph.node_count));
  line("MACs", grouped(sum.multiply_accumulates));
  line("weights", grouped(sum.weights) + " bytes");
  line("biases", grouped(sum.biases * 4) + " bytes");
  line("input", words(seen.tensor(seen.graph.input).type));
  for (int i = 0; i < seen.graph.output_count; ++i) {
    const int number = seen.graph.outputs[static_cast<std::size_t>(i)];
    line(i == 0 ? "output" : "", words(seen.tensor(number).type));
  }
  line("target", seen.target.name);
  line("arena", fmt::format("{} bytes; a lower bound is {}", grouped(seen.plan.arena_bytes),
                            grouped(seen.plan.lower_bound)));
}

/// How many channels of an operator take which form.
inline std::string forms_of(const inspection& seen, int node) {
  std::string text;
  for (std::size_t k = 0; k < seen.target.forms.size(); ++k) {
    if (const int count = seen.forms[static_cast<std::size_t>(node)][k]; count > 0) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, seen.target.forms[k].name);
    }
  }
  return text;
}

/// One line an operator.
inline void print_layers(const inspection& seen) {
  table lines({">#", "operator", "kernel", "input -> output", "type", "scale @zero point", "window",
               "activation", ">MACs", ">weights", "requantized"});
  for (int i = 0; i < seen.graph.node_count; ++i) {
    const inlay::node& which = seen.graph[i];
    const inlay::counts costs = count(seen.graph, which);
    const inlay::tensor_type& in = seen.tensor(which.inputs[0]).type;
    const inlay::tensor_type& out = seen.tensor(which.output).type;
    const bool same = in.element == out.element;
    lines.add({std::to_string(i), std::string(name_of(which.what)), seen.kernel_of(i),
               words(in.shape) +
                   (which.input_count > 1 && which.what.is<inlay::op::add>()
                        ? " + " + words(seen.tensor(which.inputs[1]).type.shape)
                        : "") +
                   " -> " + words(out.shape),
               (same ? "" : std::string(name_of(in.element)) + " -> ") +
                   std::string(name_of(out.element)),
               short_quantization(out.quantization), window_of(seen.graph, which),
               activation_of(which),
               costs.multiply_accumulates > 0 ? grouped(costs.multiply_accumulates) : "",
               costs.weights > 0 ? grouped(costs.weights) : "", forms_of(seen, i)});
  }
  lines.print();
  fmt::print("\n");
  for (const form& one : seen.target.forms) {
    fmt::print("  {}: {}\n", one.name, one.meaning);
  }
}

/// One line a tensor in the arena, in the order in which they are written.
inline void print_plan(const inspection& seen) {
  table lines({">tensor", ">bytes", ">offset", "steps", "in place of", "name"});
  for (int i = 0; i < seen.plan.count; ++i) {
    const inlay::allocation& one = seen.plan[i];
    lines.add({one.tensor < 0 ? "" : std::to_string(one.tensor), grouped(one.bytes),
               grouped(one.offset), fmt::format("{}..{}", one.first, one.last),
               one.in_place_of < 0 ? "" : std::to_string(one.in_place_of),
               shortened(seen.name_of(one), 48)});
  }
  lines.print();
  if (seen.schedule.step_count > 0) {
    const int busiest = seen.busiest_step();
    const int node = seen.schedule[busiest].node;
    fmt::print(
        "\n  Most bytes are live at step {} (operator {}, {}): {}. A tensor that lasts until "
        "step {} is an output.\n",
        busiest, node, name_of(seen.graph[node].what),
        grouped(seen.live_bytes[static_cast<std::size_t>(busiest)]), seen.schedule.step_count);
  }
}

inline void print_text(const inspection& seen) {
  print_header(seen);
  fmt::print("\nLayers\n");
  print_layers(seen);
  fmt::print("\nMemory plan\n");
  print_plan(seen);
}

} // namespace inspect
