// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/network.hpp>
#include <inlay/kernels/arguments.hpp>
#include <inlay/lower/lower.hpp>
#include <inlay/plan/plan.hpp>
#include <inlay/targets/native.hpp>

#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace inlay {

/// Choices about an engine that are not the target's.
struct engine_options {
  /// Where the input lies: in the caller's memory or in the arena.
  placement input = placement::caller;
  /// Store every operator's output, so that taps see all of them.
  bool keep_every_tensor = false;
};

/// Memory for one inference at a time: the arena. It belongs to one engine type, needs no
/// initialization beyond zeros (so a static one lies in .bss) and no destruction.
template <class Engine>
struct engine_workspace {
  alignas(
      Engine::alignment) unsigned char arena[Engine::arena_bytes > 0 ? Engine::arena_bytes : 1]{};
};

namespace detail {

/// Observes nothing.
struct no_tap {};

/// A tensor as bytes, whatever view, array or span of it the caller has.
template <class Expected, class Given>
constexpr auto view_of_input(const Given& given) {
  if constexpr (std::is_convertible_v<const Given&, typename Expected::const_view>) {
    return static_cast<typename Expected::const_view>(given);
  } else {
    return typename Expected::const_view(std::data(given));
  }
}

/// How many elements a view, an array or a span holds; -1 where only run time knows.
template <class Given>
constexpr std::int64_t static_extent() {
  if constexpr (std::is_bounded_array_v<Given>) {
    return std::extent_v<Given>;
  } else if constexpr (requires {
                         Given::shape;
                         Given::extent;
                       }) {
    return static_cast<std::int64_t>(Given::extent);
  } else if constexpr (requires { std::tuple_size<Given>::value; }) {
    return static_cast<std::int64_t>(std::tuple_size<Given>::value);
  } else if constexpr (requires { Given::extent; }) {
    return Given::extent == std::dynamic_extent ? -1 : static_cast<std::int64_t>(Given::extent);
  } else {
    return -1;
  }
}

/// Complaints about what a caller hands to `infer`.
template <class Expected, class Given>
inline constexpr diagnosis input_found = [] {
  diagnosis found;
  using value = std::remove_cvref_t<decltype(*std::data(std::declval<const Given&>()))>;
  constexpr std::int64_t elements = static_extent<Given>();
  found.expect(elements != -1, "the input's size is known only at run time, expected ",
               name_of(Expected::element), " ", Expected::shape,
               " in a std::array, an array, a span of fixed extent or an inlay::tensor_view");
  found.expect(elements == Expected::shape.elements(), "the input has ", elements,
               " elements, expected ", Expected::shape, " = ", Expected::shape.elements());
  if constexpr (requires {
                  Given::shape;
                  Given::extent;
                }) {
    found.expect(Given::shape == Expected::shape, "the input has the shape ", Given::shape,
                 ", expected ", Expected::shape);
  }
  found.expect(std::is_same_v<value, typename Expected::value_type>,
               "the input's elements are of another type, expected ", name_of(Expected::element));
  return found;
}();

template <class Engine>
inline constexpr diagnosis workspace_found = [] {
  diagnosis found;
  found.fail("the workspace belongs to another network, target or choice of options; expected "
             "this engine's own workspace, whose arena has ",
             Engine::arena_bytes, " bytes");
  return found;
}();

} // namespace detail

/// A network as a program for one target: the schedule, the memory plan, and `infer`, a function
/// that allocates nothing, throws nothing and touches no memory but the workspace's.
/// @tparam Network inlay::tflite::network, inlay::network or a family such as mobilenet_v2
/// @tparam Target how it runs: a type from inlay::targets
/// @tparam Options where the input lies, whether every tensor is kept
template <class Network, class Target = targets::native, engine_options Options = engine_options{}>
class engine {
  static constexpr const auto& graph = Network::graph;
  static constexpr graph_size size = std::remove_cvref_t<decltype(graph)>::capacity;

public:
  using network = Network;
  using target = Target;
  static constexpr engine_options options = Options;
  static constexpr std::int64_t alignment = Target::alignment;

  /// The steps that an inference takes.
  static constexpr inlay::schedule<size> schedule = [] {
    inlay::schedule<size> made;
    lowering wishes = Target::lowering;
    wishes.fold_padding = wishes.fold_padding && !Options.keep_every_tensor;
    lower(graph, wishes, made);
    return made;
  }();

  /// Where each tensor lies.
  static constexpr memory_plan<size> plan =
      plan_memory(graph, schedule, Options.input, Target::alignment);
  static_assert(is_sound(plan), "inlay: the memory plan overlaps itself, which is a bug in inlay");

  /// Bytes of memory that an inference needs besides input, constants and stack.
  static constexpr std::size_t arena_bytes = static_cast<std::size_t>(plan.arena_bytes);

  using workspace = engine_workspace<engine>;
  using input_view = typename Network::input::view;

  /// The input's place in the arena, for engines whose options put it there.
  [[nodiscard]] static constexpr input_view input(workspace& memory) noexcept
      requires(Options.input == placement::arena) {
    return input_view::from_bytes(memory.arena + plan.find(graph.input)->offset);
  }

  /// Runs the network.
  /// @param image the input, quantized as Network::input says: a std::array, an array, a span of
  ///   fixed extent, or an inlay::tensor_view; its type holds the number of elements
  /// @param memory overwritten; the result lies in it, until the next inference
  /// @param tap called as tap(layer, view) after each operator whose output is stored, where
  ///   layer is a value of type Network::layer<I>; leave it out and nothing of it is compiled
  /// @return a view of the output, or a std::tuple of views where the network has several
  template <class Image, class Workspace, class Tap = detail::no_tap>
    requires(Options.input == placement::caller)
  static constexpr auto infer(const Image& image, Workspace& memory, Tap&& tap = {}) noexcept {
    if constexpr (require<detail::input_found<typename Network::input, Image>>) {
      return run(detail::view_of_input<typename Network::input>(image).bytes(), memory, tap);
    }
  }

  /// Runs the network on the input that lies in the arena, at input(memory).
  template <class Workspace, class Tap = detail::no_tap>
    requires(Options.input == placement::arena)
  static constexpr auto infer(Workspace& memory, Tap&& tap = {}) noexcept {
    return run(nullptr, memory, tap);
  }

private:
  template <class Workspace, class Tap>
  static constexpr auto run(const unsigned char* image, Workspace& memory, Tap& tap) noexcept {
    if constexpr (std::is_same_v<Workspace, workspace>) {
      static_assert(require<weights_found>);
      run_steps(image, memory.arena, tap, std::make_integer_sequence<int, schedule.step_count>{});
      return results(image, memory.arena, std::make_integer_sequence<int, Network::outputs>{});
    } else {
      static_assert(require<detail::workspace_found<engine>>);
    }
  }

  /// Where tensor `Number` lies.
  template <int Number>
  static constexpr unsigned char* place(unsigned char* arena) noexcept {
    return arena + plan.find(schedule.storage_of(Number))->offset;
  }
  template <int Number>
  static constexpr const unsigned char* source(const unsigned char* image,
                                               unsigned char* arena) noexcept {
    if constexpr (Options.input == placement::caller &&
                  schedule.storage_of(Number) == graph.input) {
      return image;
    } else {
      return place<Number>(arena);
    }
  }

  /// The kind of step `Index`, with its numbers.
  template <int Index>
  static constexpr auto kernel =
      schedule[Index].what.template as<step::any::alternative<schedule[Index].what.index()>>();

  template <class Tap, int... Index>
  static constexpr void run_steps(const unsigned char* image, unsigned char* arena, Tap& tap,
                                  std::integer_sequence<int, Index...>) noexcept {
    (run_step<Index>(image, arena, tap), ...);
  }

  template <int Index, class Tap>
  static constexpr void run_step(const unsigned char* image, unsigned char* arena,
                                 Tap& tap) noexcept {
    constexpr const scheduled_step& step = schedule[Index];
    if constexpr (!step.what.template is<step::alias>()) {
      kernels::arguments given{.inputs = {source<step.inputs[0]>(image, arena)},
                               .output = place<step.output>(arena),
                               .weights = step.weights,
                               .bias = step.bias};
      if constexpr (step.input_count > 1) {
        given.inputs[1] = source<step.inputs[1]>(image, arena);
      }
      if constexpr (step.multiplier_count > 0) {
        given.multipliers = multipliers<Index>.data();
      }
      Target::template run<kernel<Index>>(given);
    }
    if constexpr (!std::is_same_v<std::remove_cvref_t<Tap>, detail::no_tap>) {
      using layer = typename Network::template layer<step.node>;
      tap(layer{}, layer::output::const_view::from_bytes(source<step.output>(image, arena)));
    }
  }

  template <int... Index>
  static constexpr auto results(const unsigned char* image, unsigned char* arena,
                                std::integer_sequence<int, Index...>) noexcept {
    if constexpr (sizeof...(Index) == 1) {
      return result<0>(image, arena);
    } else {
      return std::tuple(result<Index>(image, arena)...);
    }
  }
  template <int Index>
  static constexpr auto result(const unsigned char* image, unsigned char* arena) noexcept {
    return Network::template output<Index>::const_view::from_bytes(
        source<graph.outputs[Index]>(image, arena));
  }

  template <int Index>
  static constexpr auto
      multipliers = multipliers_of<schedule[Index].multiplier_count>(schedule[Index].scaling);

  /// A network of shapes alone cannot run.
  static constexpr diagnosis weights_found = [] {
    diagnosis found("layer");
    for (int i = 0; i < graph.node_count; ++i) {
      const operands around = graph.around(graph[i]);
      found.at(i, name_of(graph[i].what));
      found.expect(!around.has(1) || !around[1].is_constant || !around[1].data.empty(),
                   "it has no weights, expected parameters for every layer of a network that "
                   "is run");
    }
    return found;
  }();
};

} // namespace inlay
