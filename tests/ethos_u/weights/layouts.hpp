// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../../support/random.hpp"

#include <inlay/kernels/ethos_u/weight_layout.hpp>

#include <algorithm>
#include <cstddef>

namespace inlay::test {

/// Where a core's weight lies in its stream: counted from the sizes of what comes before it,
/// instead of by the loops of each_weight.
class weight_place {
public:
  weight_place(const ethos_u::weight_layout& layout, int core) : layout_(layout) {
    outputs_ = layout.outputs_of(core);
    block_ = (layout.block_depth + layout.cores - 1 - core) / layout.cores;
  }

  /// The place of a weight of one of this core's outputs, counted from 0.
  [[nodiscard]] std::ptrdiff_t operator()(int output, int y, int x, int input) const {
    const int micro = layout_.micro_outputs;
    const int part_rows = 8 / layout_.dilation.height;
    const int part_columns = 8 / layout_.dilation.width;
    const int y0 = y / part_rows * part_rows;
    const int x0 = x / part_columns * part_columns;
    const int first_output = output / block_ * block_;
    const int block_outputs = rounded(std::min(block_, outputs_ - first_output), micro);
    const int first_input = input / input_block() * input_block();
    const int inputs = inputs_in(first_input);
    const int part = elements(rows(y0) * columns(x0));
    const int element = (y - y0) * columns(x0) + x - x0;
    const int o = output - first_output;
    const int i = input - first_input;

    std::ptrdiff_t at = std::ptrdiff_t{first_output / block_ * rounded(block_, micro)} *
                        all_elements() * all_inputs();
    at += std::ptrdiff_t{block_outputs} * all_elements() * inputs_before(first_input);
    at += std::ptrdiff_t{block_outputs} * inputs * elements_before(y0, x0);
    const int micro_inputs = depthwise() ? 1 : layout_.micro_inputs;
    if (layout_.order == ethos_u::traversal::part_kernel) {
      at += i / micro_inputs * micro_inputs * block_outputs * part;
      at += o / micro * micro * micro_inputs * part;
      at += element * micro * micro_inputs;
    } else {
      at += o / micro * micro * inputs * part;
      at += element * micro * inputs;
      at += i / micro_inputs * micro_inputs * micro;
    }
    return at + o % micro * micro_inputs + i % micro_inputs;
  }

private:
  static int rounded(int value, int to) { return (value + to - 1) / to * to; }
  [[nodiscard]] bool depthwise() const { return layout_.order == ethos_u::traversal::depthwise; }
  [[nodiscard]] int inputs_of_layer() const { return depthwise() ? 1 : layout_.inputs; }
  [[nodiscard]] int input_block() const {
    return layout_.order == ethos_u::traversal::part_kernel ? 16 : 32;
  }
  [[nodiscard]] int inputs_in(int first) const {
    switch (layout_.order) {
    case ethos_u::traversal::depthwise:
      return 1;
    case ethos_u::traversal::part_kernel:
      return std::min(16, rounded(layout_.inputs - first, layout_.micro_inputs));
    case ethos_u::traversal::depth_first:
      break;
    }
    return 32;
  }
  [[nodiscard]] int rows(int first) const {
    return std::min(8 / layout_.dilation.height, layout_.kernel.height - first);
  }
  [[nodiscard]] int columns(int first) const {
    return std::min(8 / layout_.dilation.width, layout_.kernel.width - first);
  }
  [[nodiscard]] int elements(int count) const {
    return layout_.order == ethos_u::traversal::depth_first ? count : rounded(count, 4);
  }
  [[nodiscard]] int inputs_before(int first) const {
    int sum = 0;
    for (int input = 0; input < first; input += input_block()) {
      sum += inputs_in(input);
    }
    return sum;
  }
  [[nodiscard]] int all_inputs() const { return inputs_before(inputs_of_layer()); }
  /// Of the parts before the one that begins at (y0, x0).
  [[nodiscard]] int elements_before(int y0, int x0) const {
    int sum = 0;
    for (int y = 0; y < layout_.kernel.height; y += 8 / layout_.dilation.height) {
      for (int x = 0; x < layout_.kernel.width; x += 8 / layout_.dilation.width) {
        if (y < y0 || (y == y0 && x < x0)) {
          sum += elements(rows(y) * columns(x));
        }
      }
    }
    return sum;
  }
  [[nodiscard]] int all_elements() const { return elements_before(layout_.kernel.height, 0); }

  ethos_u::weight_layout layout_;
  int outputs_ = 0;
  int block_ = 0;
};

inline ethos_u::weight_layout any_layout(random_source& random) {
  const auto number = [&](int low, int high) {
    return static_cast<int>(random.between(low, high));
  };
  ethos_u::weight_layout made;
  made.order = static_cast<ethos_u::traversal>(number(0, 2));
  made.kernel =
      random.one_in(4) ? extent{number(1, 12), number(1, 12)} : extent{number(1, 3), number(1, 3)};
  made.dilation = random.one_in(4) ? extent{number(1, 2), number(1, 2)} : extent{};
  made.inputs = number(1, 70);
  made.outputs = number(1, 70);
  made.micro_outputs = random.one_in(3) ? 4 : 8;
  made.cores = random.one_in(3) ? 2 : 1;
  made.block_depth = 8 * number(1, 8) * made.cores;
  return made;
}

} // namespace inlay::test
