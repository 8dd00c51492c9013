// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/graph.hpp>
#include <inlay/lower/layer_constants.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay {

/// One piece of work: what, on which tensors, with which constants. Where the work of several
/// operators is one step, only the last one's output is stored.
struct scheduled_step {
  step::any what{};
  /// Numbers of the graph's tensors.
  std::array<int, 2> inputs{-1, -1};
  int input_count = 0;
  int output = -1;
  /// The operator whose output this step completes; of several, the last.
  int node = -1;
  /// Of the convolutions in it, in the order of execution.
  std::array<layer_constants, 3> layers{};
  int layer_count = 0;
};

/// The work of a graph in the order of execution.
template <graph_size Size>
struct schedule {
  std::array<scheduled_step, Size.operators> steps{};
  int step_count = 0;
  /// For each tensor the tensor in whose place it lies: itself, or what it is a reshape of; -1
  /// if it is never stored.
  std::array<int, Size.tensors> storage{};

  [[nodiscard]] constexpr const scheduled_step& operator[](int index) const {
    return steps[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] constexpr int storage_of(int number) const {
    return storage[static_cast<std::size_t>(number)];
  }
};

} // namespace inlay
