// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "known_targets.hpp"

#include <inlay/import/tflite.hpp>
#include <inlay/plan/plan.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

namespace inspect {

/// The largest model that is read: tensors, operators.
inline constexpr inlay::graph_size capacity{4096, 2048};

using graph = inlay::graph<capacity>;
using schedule = inlay::schedule<capacity>;
using memory_plan = inlay::memory_plan<capacity>;

/// Text with "?" for characters that could upset a terminal, a table or an SVG.
inline std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

/// All that is known about a model.
struct inspection {
  std::string path;
  /// The graph points into these.
  std::vector<unsigned char> file;
  inspect::target target;
  inspect::graph graph{};
  inspect::schedule schedule{};
  memory_plan plan{};

  [[nodiscard]] const inlay::tensor& tensor(int number) const { return graph.at(number); }

  /// The path's last part.
  [[nodiscard]] std::string file_name() const {
    return printable(std::filesystem::path(path).filename().string());
  }

  /// The name of a tensor in the file, or its number.
  [[nodiscard]] std::string name_of(int number) const {
    const inlay::constant& name = tensor(number).name;
    if (name.size == 0) {
      return "tensor " + std::to_string(number);
    }
    return printable({reinterpret_cast<const char*>(name.bytes), name.size});
  }

  /// The name of what lies somewhere in the arena.
  [[nodiscard]] std::string name_of(const inlay::allocation& one) const {
    return one.tensor < 0 ? "scratch memory of step " + std::to_string(one.first)
                          : name_of(one.tensor);
  }

  /// The step that computes an operator; -1 for a PAD that became padding of its reader.
  [[nodiscard]] int step_of(int node) const { return steps[static_cast<std::size_t>(node)]; }

  [[nodiscard]] bool is_folded(int node) const { return step_of(node) < 0; }
  /// Whether a step does an operator and more, and stores what comes after it only.
  [[nodiscard]] bool is_fused(int node) const {
    return !is_folded(node) && schedule[step_of(node)].node != node;
  }
  [[nodiscard]] bool is_alias(int node) const {
    return !is_folded(node) && schedule[step_of(node)].what.is<inlay::step::alias>();
  }

  /// How the target runs an operator, in words.
  [[nodiscard]] std::string kernel_of(int node) const {
    return is_folded(node)  ? "(folded into its reader)"
           : is_fused(node) ? fmt::format("(fused into {})", schedule[step_of(node)].node)
           : is_alias(node) ? "(alias of its input)"
                            : target.kernel_of(schedule[step_of(node)].what);
  }

  /// The step during which most bytes of the arena hold values.
  [[nodiscard]] int busiest_step() const {
    return static_cast<int>(std::max_element(live_bytes.begin(), live_bytes.end()) -
                            live_bytes.begin());
  }

  /// For each operator its step.
  std::vector<int> steps;
  /// For each operator how many of its channels take each of the target's forms.
  std::vector<form_counts> forms;
  /// For each step the bytes of the arena that hold values, as the plan aligns them. What works
  /// in place counts once.
  std::vector<std::int64_t> live_bytes;
};

/// The forms of each operator, also of those that the target fuses.
inline std::vector<form_counts> forms_of(const inspect::graph& network, const target& chosen) {
  std::vector<form_counts> found(static_cast<std::size_t>(network.node_count));
  const auto apart = std::make_unique<inspect::schedule>();
  inlay::lower(network, inlay::lowering{.fold_padding = chosen.lowering.fold_padding}, *apart);
  for (int i = 0; i < apart->step_count; ++i) {
    const inlay::scheduled_step& step = (*apart)[i];
    found[static_cast<std::size_t>(step.node)] = chosen.forms_of(step.what, step.layers[0]);
  }
  return found;
}

/// For each step the bytes that its kernel may overwrite, as plans take them.
inline std::vector<std::int64_t> scratch_bytes_of(const target& chosen,
                                                  const inspect::schedule& work) {
  std::vector<std::int64_t> sizes;
  for (int i = 0; i < work.step_count; ++i) {
    const std::int64_t bytes = chosen.scratch_bytes_of(work[i].what);
    sizes.push_back((bytes + chosen.alignment - 1) / chosen.alignment * chosen.alignment);
  }
  return sizes;
}

/// Fills in what follows from an inspection's graph.
inline void complete(inspection& made) {
  inlay::lower(made.graph, made.target.lowering, made.schedule);
  made.plan =
      inlay::plan_memory(made.graph, made.schedule, inlay::placement::caller, made.target.alignment,
                         scratch_bytes_of(made.target, made.schedule));
  made.forms = forms_of(made.graph, made.target);
  made.steps.assign(static_cast<std::size_t>(made.graph.node_count), -1);
  made.live_bytes.assign(static_cast<std::size_t>(made.schedule.step_count), 0);
  for (int i = 0; i < made.schedule.step_count; ++i) {
    made.steps[static_cast<std::size_t>(made.schedule[i].node)] = i;
  }
  // What is not stored is done by the next step that completes an operator, unless it is a PAD.
  int next = -1;
  for (int node = made.graph.node_count - 1; node >= 0; --node) {
    int& own = made.steps[static_cast<std::size_t>(node)];
    next = own >= 0 ? own : next;
    own = made.graph[node].what.is<inlay::op::pad>() ? own : next;
  }
  for (int i = 0; i < made.plan.count; ++i) {
    const inlay::allocation& one = made.plan[i];
    const std::int64_t bytes =
        (one.bytes + made.plan.alignment - 1) / made.plan.alignment * made.plan.alignment;
    const int first = one.in_place_of < 0 ? one.first : one.first + 1;
    for (int step = first; step <= one.last && step < made.schedule.step_count; ++step) {
      made.live_bytes[static_cast<std::size_t>(step)] += bytes;
    }
  }
}

/// Imports, lowers and plans `file`.
/// @return nothing if that fails; `found` then says why
inline std::unique_ptr<inspection> inspect_file(std::string path, std::vector<unsigned char> file,
                                                const target& chosen, inlay::diagnosis& found) {
  auto made = std::make_unique<inspection>();
  made->path = std::move(path);
  made->file = std::move(file);
  made->target = chosen;
  bool good = inlay::tflite::read_graph(made->file.data(), made->file.size(), made->graph, found);
  for (int i = 0; good && i < made->graph.node_count; ++i) {
    good = inlay::check_channels(made->graph, i, found);
  }
  if (!good) {
    return nullptr;
  }
  complete(*made);
  return made;
}

} // namespace inspect
