// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/random.hpp"

#include <inlay/graph/check.hpp>

#include <vector>

namespace inlay::test {

/// A valid graph of `operators` random operators: sums, elementwise steps, reshapes, pads with and
/// without a convolution behind, pools, means; inputs are any earlier tensors, so that lifetimes
/// are short and long, and a few tensors are outputs.
template <graph_size Size>
class random_graph {
public:
  random_graph(random_source& random, int operators) : random_(random) {
    made_.input = activation(shape{count(1, 6), count(1, 6), count(1, 9)});
    while (made_.node_count < operators) {
      grow();
    }
    output(made_[made_.node_count - 1].output);
    for (int i = 0; i < made_.node_count - 1 && made_.output_count < 4; ++i) {
      if (random_.one_in(12)) {
        output(made_[i].output);
      }
    }
  }

  [[nodiscard]] const graph<Size>& get() const { return made_; }

private:
  static constexpr quantization q{0.125F, 2};

  std::int32_t count(int low, int high) {
    return static_cast<std::int32_t>(random_.between(low, high));
  }
  [[nodiscard]] const shape& shape_of(int number) const { return made_.at(number).type.shape; }

  int append(const tensor& next) {
    made_.tensors[static_cast<std::size_t>(made_.tensor_count)] = next;
    return made_.tensor_count++;
  }
  int activation(const shape& extents) {
    activations_.push_back(append({.type = {element::int8, extents, q}}));
    return activations_.back();
  }
  void output(int number) {
    made_.outputs[static_cast<std::size_t>(made_.output_count++)] = number;
  }

  template <class Operator>
  int emit(const Operator& what, std::vector<int> inputs) {
    node next;
    next.what = what;
    for (int number : inputs) {
      next.inputs[static_cast<std::size_t>(next.input_count++)] = number;
    }
    const operands around = [&] {
      node copy = next;
      copy.output = 0;
      return made_.around(copy);
    }();
    shape extents;
    diagnosis found;
    what.infer(around, extents, found);
    next.output = activation(extents);
    made_.nodes[static_cast<std::size_t>(made_.node_count++)] = next;
    return next.output;
  }

  int convolve(int from, padding scheme, std::int32_t outputs) {
    const int weights =
        append({.type = {element::int8, {outputs, 1, 1, shape_of(from).channels()}, q},
                .is_constant = true});
    made_.tensors[static_cast<std::size_t>(weights)].type.quantization.zero_point = 0;
    return emit(op::conv2d{{}, {{count(1, 2), 1}, {}, scheme}}, {from, weights});
  }

  /// Recent tensors more often than old ones.
  int pick() {
    const auto last = static_cast<std::int64_t>(activations_.size()) - 1;
    const auto back = random_.one_in(4) ? random_.between(0, last)
                                        : random_.between(0, std::min<std::int64_t>(2, last));
    return activations_[static_cast<std::size_t>(last - back)];
  }

  void grow() {
    const int from = pick();
    switch (random_.between(0, 7)) {
    case 0:
      emit(op::quantize{}, {from});
      break;
    case 1:
    case 2: {
      int other = from;
      for (int number : activations_) {
        other = shape_of(number) == shape_of(from) && random_.one_in(2) ? number : other;
      }
      emit(op::add{}, {from, other});
      break;
    }
    case 3:
      emit(op::reshape{{}, shape{static_cast<std::int32_t>(shape_of(from).elements()), 1, 1}},
           {from});
      break;
    case 4:
      emit(op::pad{{}, {count(0, 1), 1, 0, count(0, 1)}}, {from});
      if (made_.node_count < static_cast<int>(Size.operators) && random_.one_in(2)) {
        convolve(activations_.back(), padding::valid, count(1, 9));
      }
      break;
    case 5:
      emit(op::average_pool_2d{{}, {count(1, 3), 1}}, {from});
      break;
    case 6:
      emit(op::mean{{}, true}, {from});
      break;
    default:
      convolve(from, padding::same, count(1, 9));
    }
  }

  random_source& random_;
  graph<Size> made_{};
  std::vector<int> activations_{};
};

} // namespace inlay::test
