// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/schedule.hpp>

#include <utility>

namespace inlay::detail {

/// How many operators and outputs of the network read a tensor.
template <graph_size Size>
constexpr int readers_of(const graph<Size>& network, int number) {
  int readers = 0;
  for (int i = 0; i < network.node_count; ++i) {
    for (int k = 0; k < network[i].input_count; ++k) {
      readers += network[i].inputs[static_cast<std::size_t>(k)] == number ? 1 : 0;
    }
  }
  for (int i = 0; i < network.output_count; ++i) {
    readers += network.outputs[static_cast<std::size_t>(i)] == number ? 1 : 0;
  }
  return readers;
}

/// Joins steps that follow each other into inverted residuals.
template <graph_size Size>
class fuser {
public:
  constexpr fuser(const graph<Size>& network, bool (*accepts)(const step::inverted_residual&),
                  schedule<Size>& work)
      : network_(network), accepts_(accepts), work_(work) {}

  constexpr void run() {
    int written = 0;
    for (int i = 0; i < work_.step_count;) {
      const int taken = longest(i);
      scheduled_step& to = work_.steps[static_cast<std::size_t>(written++)];
      if (taken > 1) {
        to = join(i, taken);
      } else if (written - 1 != i) {
        to = work_[i];
      }
      i += taken;
    }
    work_.step_count = written;
  }

private:
  /// How many steps from `first` on become one; 1 if they stay as they are.
  [[nodiscard]] constexpr int longest(int first) const {
    for (int count = 4; count > 1; --count) {
      if (const auto [fits, block] = block_of(first, count); fits && accepts_(block)) {
        return count;
      }
    }
    return 1;
  }

  /// Whether step `i + 1` is the only reader of step i's output, by its first input.
  [[nodiscard]] constexpr bool is_chain(int i) const {
    return work_[i + 1].inputs[0] == work_[i].output && readers_of(network_, work_[i].output) == 1;
  }

  /// Whether step `i` adds the result of the step before it to the block's input.
  [[nodiscard]] constexpr bool is_sum(int i, int block_input) const {
    const scheduled_step& sum = work_[i];
    const int result = work_[i - 1].output;
    return sum.what.template is<step::add>() && readers_of(network_, result) == 1 &&
           ((sum.inputs[0] == result && sum.inputs[1] == block_input) ||
            (sum.inputs[1] == result && sum.inputs[0] == block_input));
  }

  static constexpr bool is_pointwise(const step::any& what) {
    if (!what.is<step::convolution>()) {
      return false;
    }
    const step::sliding_window window = what.as<step::convolution>().window;
    return window.kernel == extent{1, 1} && window.stride == extent{1, 1} &&
           window.padding_top == 0 && window.padding_left == 0;
  }

  /// The steps [first, first + count) as a block, and whether they are one: [convolution,]
  /// depthwise convolution, pointwise convolution[, add].
  [[nodiscard]] constexpr std::pair<bool, step::inverted_residual> block_of(int first,
                                                                            int count) const {
    step::inverted_residual block;
    const int end = first + count;
    int i = first;
    if (end > work_.step_count) {
      return {false, block};
    }
    if (work_[i].what.template is<step::convolution>()) {
      block.expands = true;
      block.expansion = work_[i].what.template as<step::convolution>();
      if (!is_chain(i++)) {
        return {false, block};
      }
    }
    if (end - i < 2 || !work_[i].what.template is<step::depthwise_convolution>() || !is_chain(i) ||
        !is_pointwise(work_[i + 1].what)) {
      return {false, block};
    }
    block.depthwise = work_[i].what.template as<step::depthwise_convolution>();
    block.projection = work_[i + 1].what.template as<step::convolution>();
    // A FULLY_CONNECTED layer may see rows where its neighbor sees an image.
    if ((block.expands && block.expansion.out != block.depthwise.in) ||
        block.depthwise.out != block.projection.in) {
      return {false, block};
    }
    i += 2;
    if (i < end && is_sum(i, work_[first].inputs[0])) {
      block.adds = true;
      block.sum = work_[i].what.template as<step::add>();
      if (work_[i].inputs[0] != work_[i - 1].output) {
        std::swap(block.sum.first_zero_point, block.sum.second_zero_point);
        std::swap(block.sum.first_multiplier, block.sum.second_multiplier);
      }
      ++i;
    }
    return {i == end, block};
  }

  constexpr scheduled_step join(int first, int count) {
    const scheduled_step& last = work_[first + count - 1];
    scheduled_step joined;
    joined.what = block_of(first, count).second;
    joined.inputs[0] = work_[first].inputs[0];
    joined.input_count = 1;
    joined.output = last.output;
    joined.node = last.node;
    for (int i = first; i < first + count; ++i) {
      if (work_[i].layer_count > 0) {
        joined.layers[static_cast<std::size_t>(joined.layer_count++)] = work_[i].layers[0];
      }
      if (i + 1 < first + count) {
        work_.storage[static_cast<std::size_t>(work_[i].output)] = -1;
      }
    }
    return joined;
  }

  const graph<Size>& network_;
  bool (*accepts_)(const step::inverted_residual&);
  schedule<Size>& work_;
};

/// Turns the inverted residuals of a schedule that `accepts` wants into one step each.
template <graph_size Size>
constexpr void fuse(const graph<Size>& network, bool (*accepts)(const step::inverted_residual&),
                    schedule<Size>& work) {
  fuser<Size>(network, accepts, work).run();
}

} // namespace inlay::detail
