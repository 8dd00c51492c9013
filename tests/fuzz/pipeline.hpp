// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/lower/lower.hpp>
#include <inlay/plan/plan.hpp>

#include <cstdlib>
#include <memory>

namespace inlay::test {

/// Takes bytes through everything that happens to a model file at run time: reading, checking,
/// lowering, planning. What is read must be sound, else the program aborts. One object serves many
/// files, and clears only what the last one has used, so that a run costs microseconds.
template <graph_size Size>
class pipeline {
public:
  /// Whether the bytes are a model that inlay accepts; if not, `found()` says why.
  bool run(const unsigned char* data, std::size_t size) {
    clear();
    found_ = diagnosis{};
    const graph_size measured = tflite::measure(data, size, found_);
    if (!found_.ok() || !tflite::read_graph(data, size, graph_, found_)) {
      must(!found_.ok());
      return false;
    }
    must(measured.operators == static_cast<std::size_t>(graph_.node_count));
    for (int i = 0; i < graph_.node_count; ++i) {
      check_channels(graph_, i, found_);
    }
    if (!found_.ok()) {
      return false;
    }
    must(count(graph_).multiply_accumulates >= 0);
    for (const bool fold : {true, false}) {
      for (const placement input : {placement::caller, placement::arena}) {
        lower_and_plan(fold, input);
      }
    }
    return true;
  }

  [[nodiscard]] const diagnosis& found() const { return found_; }
  [[nodiscard]] const graph<Size>& network() const { return graph_; }

private:
  static void must(bool holds) {
    if (!holds) {
      std::abort();
    }
  }

  void clear() {
    for (std::size_t i = 0; i < static_cast<std::size_t>(graph_.tensor_count); ++i) {
      graph_.tensors[i] = {};
    }
    // A reader may have filled in one node more than it counted.
    for (std::size_t i = 0; i < Size.operators && i <= static_cast<std::size_t>(graph_.node_count);
         ++i) {
      graph_.nodes[i] = {};
    }
    graph_.tensor_count = graph_.node_count = graph_.output_count = 0;
    graph_.input = -1;
  }

  void lower_and_plan(bool fold, placement input) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(schedule_.step_count); ++i) {
      schedule_.steps[i] = {};
    }
    schedule_.step_count = 0;
    lower(graph_, lowering{.fold_padding = fold}, schedule_);
    must(schedule_.step_count <= graph_.node_count);
    for (int i = 0; i < schedule_.step_count; ++i) {
      for (std::size_t channel = 0; channel < schedule_[i].layers[0].multiplier_count; ++channel) {
        must(schedule_[i].layers[0].scaling.multiplier(channel).mantissa >= 0);
      }
    }
    const memory_plan<Size> plan = plan_memory(graph_, schedule_, input, 16);
    must(is_sound(plan) && plan.arena_bytes >= plan.lower_bound);
  }

  graph<Size> graph_{};
  schedule<Size> schedule_{};
  diagnosis found_{};
};

} // namespace inlay::test
