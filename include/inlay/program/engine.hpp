// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/network.hpp>
#include <inlay/kernels/arguments.hpp>
#include <inlay/program/engine_checks.hpp>
#include <inlay/program/infer_checks.hpp>
#include <inlay/program/placed_schedule.hpp>
#include <inlay/targets/native.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace inlay {

namespace detail {
template <class Engine>
class kernel_set_maker;
}

/// A network as a program for one target: the schedule, the memory plan, `prepare`, which packs the
/// constants, and `infer`, a function that allocates nothing, throws nothing and writes to no
/// memory but the workspace.
/// @tparam Network inlay::tflite::network, inlay::network or a family such as mobilenet_v2
/// @tparam Target how it runs: a type from inlay::targets
/// @tparam Options where the input lies, whether every tensor is kept
template <class Network, class Target = targets::native, engine_options Options = engine_options{}>
class engine {
  static_assert(require<detail::arguments_found<Network, Target>>);
  using placed = detail::placed_schedule<Network, Target, Options>;
  static constexpr const auto& graph = Network::graph;
  friend class detail::kernel_set_maker<engine>;

public:
  using network = Network;
  using target = Target;
  static constexpr engine_options options = Options;
  static constexpr std::int64_t alignment = Target::alignment;

  /// The steps that an inference takes.
  static constexpr const auto& schedule = placed::schedule;
  /// Where each tensor lies, and the memory that steps may overwrite.
  static constexpr const auto& plan = placed::plan;
  /// Bytes of memory that an inference needs besides input, constants and stack.
  static constexpr std::size_t arena_bytes = placed::arena_bytes;
  /// Bytes of packed constants; 0 for a target that reads all of them from the model.
  static constexpr std::size_t parameters_bytes = placed::parameters_bytes;

  using parameters = engine_parameters<engine>;
  using workspace = engine_workspace<engine>;
  using input_view = typename Network::input::view;

  /// The input's place in the arena, for engines whose options put it there.
  [[nodiscard]] static constexpr input_view input(workspace& memory) noexcept
      requires(Options.input == placement::arena) {
    return input_view::from_bytes(memory.arena + plan.find(graph.input)->offset);
  }

  /// Packs the network's constants. Constant expressions may call it for small networks.
  /// @param packed overwritten; inferences only read it
  static constexpr void prepare(parameters& packed) noexcept {
    static_assert(require<placed::weights_found>);
    placed::pack(packed.packed);
  }

  /// Runs the network.
  /// @param image the input, quantized as Network::input says: a std::array, an array, a span of
  ///   fixed extent, or an inlay::tensor_view; its type holds the number of elements. Left out
  ///   where the input lies in the arena, at input(memory)
  /// @param packed what prepare() has filled in; may be left out where parameters_bytes is 0
  /// @param memory overwritten; the result lies in it, until the next inference
  /// @param tap called as tap(layer, view) after each operator whose output is stored, where
  ///   layer is a value of type Network::layer<I>; leave it out and nothing of it is compiled
  /// @return a view of the output, or a std::tuple of views where the network has several
  template <class Image, class Parameters, class Workspace, class Tap = detail::no_tap>
    requires(Options.input == placement::caller && is_engine_parameters<Parameters>)
  static constexpr auto infer(const Image& image, const Parameters& packed, Workspace& memory,
                              Tap&& tap = {}) noexcept {
    return infer_on(detail::in_turn{}, image, packed, memory, tap);
  }
  template <class Image, class Workspace, class Tap = detail::no_tap>
    requires(Options.input == placement::caller && !is_engine_parameters<Workspace>)
  static constexpr auto infer(const Image& image, Workspace& memory, Tap&& tap = {}) noexcept {
    if constexpr (require<detail::input_found<typename Network::input, Image>> &&
                  require<detail::parameters_given<engine>>) {
      return run(detail::in_turn{}, detail::view_of_input<typename Network::input>(image).bytes(),
                 nullptr, memory, tap);
    }
  }
  template <class Parameters, class Workspace, class Tap = detail::no_tap>
    requires(Options.input == placement::arena && is_engine_parameters<Parameters>)
  static constexpr auto infer(const Parameters& packed, Workspace& memory,
                              Tap&& tap = {}) noexcept {
    return infer_on(detail::in_turn{}, packed, memory, tap);
  }
  template <class Workspace, class Tap = detail::no_tap>
    requires(Options.input == placement::arena && !is_engine_parameters<Workspace>)
  static constexpr auto infer(Workspace& memory, Tap&& tap = {}) noexcept {
    if constexpr (require<detail::parameters_given<engine>>) {
      return run(detail::in_turn{}, nullptr, nullptr, memory, tap);
    }
  }

  /// Runs the network on several threads, with the same numbers.
  /// @param executor called as executor(parts, work) for each step that is divided; it calls
  ///   work(part) once for each part in [0, parts), on any threads, and returns when all calls
  ///   have returned. parts is at most options.threads
  template <class Executor, class Image, class Parameters, class Workspace,
            class Tap = detail::no_tap>
    requires(Options.input == placement::caller && is_engine_parameters<Parameters>)
  static constexpr auto infer_on(Executor&& executor, const Image& image, const Parameters& packed,
                                 Workspace& memory, Tap&& tap = {}) noexcept {
    if constexpr (require<detail::input_found<typename Network::input, Image>> &&
                  is_own<Parameters>()) {
      return run(executor, detail::view_of_input<typename Network::input>(image).bytes(),
                 packed.packed, memory, tap);
    }
  }
  template <class Executor, class Parameters, class Workspace, class Tap = detail::no_tap>
    requires(Options.input == placement::arena && is_engine_parameters<Parameters>)
  static constexpr auto infer_on(Executor&& executor, const Parameters& packed, Workspace& memory,
                                 Tap&& tap = {}) noexcept {
    if constexpr (is_own<Parameters>()) {
      return run(executor, nullptr, packed.packed, memory, tap);
    }
  }

private:
  template <class Parameters>
  static constexpr bool is_own() {
    if constexpr (std::is_same_v<Parameters, parameters>) {
      return true;
    } else {
      return require<detail::parameters_found<engine>>;
    }
  }

  template <class Executor, class Workspace, class Tap>
  static constexpr auto run(Executor&& executor, const unsigned char* image,
                            const unsigned char* packed, Workspace& memory, Tap& tap) noexcept {
    if constexpr (std::is_same_v<Workspace, workspace>) {
      static_assert(require<placed::weights_found>);
      run_steps(executor, image, packed, memory.arena, tap, placed::every_step);
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

  template <class Executor, class Tap, int... Index>
  static constexpr void run_steps(Executor& executor, const unsigned char* image,
                                  const unsigned char* packed, unsigned char* arena, Tap& tap,
                                  std::integer_sequence<int, Index...>) noexcept {
    (run_step<Index>(executor, image, packed, arena, tap), ...);
  }

  template <int Index, class Executor, class Tap>
  static constexpr void run_step(Executor& executor, const unsigned char* image,
                                 const unsigned char* packed, unsigned char* arena,
                                 Tap& tap) noexcept {
    constexpr const scheduled_step& step = schedule[Index];
    if constexpr (!step.what.template is<step::alias>()) {
      run_kernel<Index>(executor, given_to<Index>(image, packed, arena));
    }
    if constexpr (!std::is_same_v<std::remove_cvref_t<Tap>, detail::no_tap>) {
      using layer = typename Network::template layer<step.node>;
      tap(layer{}, layer::output::const_view::from_bytes(source<step.output>(image, arena)));
    }
  }

  template <int Index>
  static constexpr kernels::arguments
  given_to(const unsigned char* image, const unsigned char* packed, unsigned char* arena) noexcept {
    constexpr const scheduled_step& step = schedule[Index];
    kernels::arguments given{.inputs = {source<step.inputs[0]>(image, arena)},
                             .output = place<step.output>(arena)};
    if constexpr (step.input_count > 1) {
      given.inputs[1] = source<step.inputs[1]>(image, arena);
    }
    placed::template give_constants<Index>(packed, given);
    if constexpr (placed::template has_scratch<Index>) {
      given.scratch = arena + plan.find_scratch(Index)->offset;
    }
    return given;
  }

  template <int Index, class Executor>
  static constexpr void run_kernel(Executor& executor, const kernels::arguments& given) noexcept {
    constexpr int parts = placed::template parts<Index>;
    constexpr std::int32_t units = placed::template units<Index>;
    const auto run_part = [&given](int part) noexcept {
      kernels::arguments own = given;
      own.units = {units * part / parts, units * (part + 1) / parts};
      if constexpr (placed::template has_scratch<Index>) {
        own.scratch += placed::template scratch_bytes<Index> * part;
      }
      Target::template run<placed::template kernel<Index>>(own);
    };
    if constexpr (parts == 1) {
      run_part(0);
    } else {
      executor(parts, run_part);
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
};

} // namespace inlay
