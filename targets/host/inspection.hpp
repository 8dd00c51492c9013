// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/lower/channel.hpp>
#include <inlay/lower/lower.hpp>
#include <inlay/plan/plan.hpp>
#include <inlay/targets/reference.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace inspect {

/// The largest model that is read: tensors, operators.
inline constexpr inlay::graph_size capacity{4096, 2048};

using graph = inlay::graph<capacity>;
using schedule = inlay::schedule<capacity>;
using memory_plan = inlay::memory_plan<capacity>;

/// A target as far as its reports need it.
struct target {
  std::string name;
  std::int64_t alignment = 1;
  inlay::lowering lowering{};
  std::string (*kernel_of)(const inlay::step::any&) = nullptr;
};

template <class Target>
target describe() {
  return {std::string(Target::name), Target::alignment, Target::lowering,
          [](const inlay::step::any& what) { return std::string(Target::kernel_of(what)); }};
}

/// The targets that --target can name.
inline const std::vector<target>& targets() {
  static const std::vector<target> known{describe<inlay::targets::reference>()};
  return known;
}

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

  /// The step that computes an operator; -1 for a PAD that became padding of its reader.
  [[nodiscard]] int step_of(int node) const { return steps[static_cast<std::size_t>(node)]; }

  [[nodiscard]] bool is_folded(int node) const { return step_of(node) < 0; }
  [[nodiscard]] bool is_alias(int node) const {
    return !is_folded(node) && schedule[step_of(node)].what.is<inlay::step::alias>();
  }

  /// How the target runs an operator, in words.
  [[nodiscard]] std::string kernel_of(int node) const {
    return is_folded(node)  ? "(folded into its reader)"
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
  /// For each operator how many of its channels can be requantized in single precision.
  std::vector<inlay::forms> forms;
  /// For each step the bytes of the arena that hold values, as the plan aligns them. What works
  /// in place counts once.
  std::vector<std::int64_t> live_bytes;
};

/// The forms of each operator, whatever the target fuses.
inline std::vector<inlay::forms> forms_of(const inspect::graph& network) {
  std::vector<inlay::forms> found(static_cast<std::size_t>(network.node_count));
  const auto apart = std::make_unique<inspect::schedule>();
  inlay::lower(network, inlay::lowering{}, *apart);
  for (int i = 0; i < apart->step_count; ++i) {
    const inlay::scheduled_step& step = (*apart)[i];
    found[static_cast<std::size_t>(step.node)] = inlay::forms_of(step.what, step.layers[0]);
  }
  return found;
}

/// Fills in what follows from an inspection's graph.
inline void complete(inspection& made) {
  inlay::lower(made.graph, made.target.lowering, made.schedule);
  made.plan = inlay::plan_memory(made.graph, made.schedule, inlay::placement::caller,
                                 made.target.alignment);
  made.forms = forms_of(made.graph);
  made.steps.assign(static_cast<std::size_t>(made.graph.node_count), -1);
  made.live_bytes.assign(static_cast<std::size_t>(made.schedule.step_count), 0);
  for (int i = 0; i < made.schedule.step_count; ++i) {
    made.steps[static_cast<std::size_t>(made.schedule[i].node)] = i;
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
