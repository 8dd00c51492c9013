// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/builder.hpp>
#include <inlay/support/require.hpp>
#include <inlay/tensor/view.hpp>

namespace inlay {

/// A tensor as a type: element type, shape and quantization are constants.
template <tensor_type Type>
struct typed_tensor {
  static constexpr tensor_type type = Type;
  static constexpr inlay::element element = Type.element;
  static constexpr inlay::shape shape = Type.shape;
  static constexpr inlay::quantization quantization = Type.quantization;
  using value_type = element_t<Type.element>;
  using view = tensor_view<value_type, Type.shape>;
  using const_view = tensor_view<const value_type, Type.shape>;
};

/// An operator of a network as a type.
template <const auto& Graph, int Index>
struct typed_layer {
  static constexpr int index = Index;
  static constexpr std::string_view name = name_of(Graph[Index].what);
  static constexpr inlay::counts counts = count(Graph, Graph[Index]);
  using output = typed_tensor<Graph.at(Graph[Index].output).type>;
};

namespace detail {

template <class Source, int Index>
inline constexpr diagnosis channels_found = [] {
  diagnosis found = Source::found;
  check_channels(Source::graph, Index, found);
  return found;
}();

template <class Source, int... Index>
constexpr bool require_channels(std::integer_sequence<int, Index...>) {
  return (require<channels_found<Source, Index>> && ...);
}

} // namespace detail

/// What every network type has. `Source` holds the graph and what was found wrong with it.
template <class Source>
struct basic_network {
  static_assert(require<Source::found>);

  static constexpr const auto& graph = Source::graph;
  static constexpr int layers = graph.node_count;
  static_assert(detail::require_channels<Source>(std::make_integer_sequence<int, layers>{}));

  using input = typed_tensor<graph.at(graph.input).type>;
  static constexpr int outputs = graph.output_count;
  template <int Index = 0>
  using output = typed_tensor<graph.at(graph.outputs[static_cast<std::size_t>(Index)]).type>;
  /// Operator `Index`, in the order of the model file or of the template arguments.
  template <int Index>
  using layer = typed_layer<Source::graph, Index>;

  static constexpr inlay::counts counts = count(graph);
  static constexpr std::int64_t multiply_accumulates = counts.multiply_accumulates;
  static constexpr std::int64_t parameters = counts.weights;
};

/// The first argument of a hand-written network: what it is given.
template <shape Shape, element Type = element::int8,
          quantization Quantization = quantization{1.0F / 128, 0}>
struct input {
  static constexpr tensor_type type{Type, Shape, Quantization};
};

/// A point in a hand-written network where the writer says what must arrive there; anything else
/// is a compile error. It computes nothing.
template <tensor_type Expected>
struct expect {
  static constexpr int operators = 0;
  static constexpr int constants = 0;

  template <class Builder>
  static constexpr int append(Builder& network, int input) {
    network.expect_type(input, Expected);
    return input;
  }
};

namespace detail {

template <class Input, class... Layers>
struct handwritten {
  static constexpr graph_size size{
      static_cast<std::size_t>((Layers::operators + ... + 1) + (Layers::constants + ... + 0)),
      static_cast<std::size_t>((Layers::operators + ... + 0))};

  struct built {
    inlay::graph<size> graph{};
    diagnosis found{"layer"};
  };

  static constexpr built result = [] {
    built made;
    graph_builder<size> builder(made.graph, made.found);
    int last = builder.input(Input::type);
    ((last = Layers::append(builder, last)), ...);
    builder.output(last);
    if (made.found.ok()) {
      check_graph(made.graph, made.found);
    }
    return made;
  }();

  static constexpr inlay::graph<size> graph = result.graph;
  static constexpr diagnosis found = result.found;
};

} // namespace detail

/// A network written by hand, from the same layers as an imported one.
/// @tparam Input inlay::input<shape, element, quantization>
/// @tparam Layers from first to last; residual and inverted_residual hold layers of their own
template <class Input, class... Layers>
struct network : basic_network<detail::handwritten<Input, Layers...>> {};

} // namespace inlay
