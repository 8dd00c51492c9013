// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/engine_checks.hpp>
#include <inlay/program/row_runner.hpp>
#include <inlay/targets/native.hpp>

#include <tuple>

namespace inlay {

/// A network as a program for one target that needs as little memory as can be: its steps run row
/// by row, and of what one step hands to the next only as many rows exist as the next one reads.
/// Nothing is computed twice unless the options allow it, and all numbers are those of `engine`.
/// @tparam Network as for inlay::engine
/// @tparam Target as for inlay::engine; steps that it cannot do by rows are done whole
/// @tparam Options where the image comes from, and how much may be computed twice
template <class Network, class Target = targets::native,
          streamed_options Options = streamed_options{}>
class streamed_engine {
  static_assert(require<detail::arguments_found<Network, Target>>);
  using planned = detail::streamed_schedule<Network, Target, Options>;
  static constexpr const auto& graph = Network::graph;

public:
  using network = Network;
  using target = Target;
  static constexpr streamed_options options = Options;
  static constexpr std::int64_t alignment = Target::alignment;

  /// The steps that an inference takes.
  static constexpr const auto& schedule = planned::schedule;
  /// The same as makers of rows, how they are cut into segments, and where their rows lie.
  static constexpr const auto& stream = planned::stream;
  static constexpr const auto& segments = planned::cuts;
  static constexpr const auto& plan = planned::plan;
  /// Bytes of memory that an inference needs besides constants, stack and an input that the caller
  /// keeps.
  static constexpr std::size_t arena_bytes = static_cast<std::size_t>(plan.arena_bytes);
  /// Bytes of packed constants; 0 for a target that reads all of them from the model.
  static constexpr std::size_t parameters_bytes = planned::parameters_bytes;

  using parameters = engine_parameters<streamed_engine>;
  using workspace = engine_workspace<streamed_engine>;
  using input_view = typename Network::input::view;
  /// A row of the image, to be filled in.
  using row_view = tensor_view<typename Network::input::value_type,
                               detail::row_shape(Network::input::shape, planned::stream[0].rows)>;

  /// The input's place in the arena, for engines whose options put it there.
  [[nodiscard]] static constexpr input_view input(workspace& memory) noexcept
      requires(Options.image == image_source::arena) {
    return input_view::from_bytes(memory.arena + plan[0].offset);
  }

  /// Packs the network's constants. Constant expressions may call it for small networks.
  /// @param packed overwritten; inferences only read it
  static constexpr void prepare(parameters& packed) noexcept {
    static_assert(require<planned::weights_found>);
    planned::pack(packed.packed);
  }

  /// Runs the network.
  /// @param image the input, as for inlay::engine. Where it comes by rows, a function that is
  ///   called as image(row, y) for each row of the input from the top, once, when it is needed,
  ///   and fills in `row`, a row_view. Left out where the input lies in the arena, at input(memory)
  /// @param packed what prepare() has filled in; may be left out where parameters_bytes is 0
  /// @param memory overwritten; the result lies in it, until the next inference
  /// @param tap called as tap(layer, row, y) after each row that an operator has made, where layer
  ///   is a value of type Network::layer<I>; an operator that is done whole has one row. Operators
  ///   that compute nothing (RESHAPE, a PAD in its convolution), or rows that are computed again
  ///   wherever they are read, have none
  /// @return a view of the output, or a std::tuple of views where the network has several
  template <class Image, class Parameters, class Workspace, class Tap = detail::no_tap>
    requires(Options.image != image_source::arena && is_engine_parameters<Parameters>)
  static constexpr auto infer(Image&& image, const Parameters& packed, Workspace& memory,
                              Tap&& tap = {}) noexcept {
    if constexpr (is_own_parameters<Parameters>()) {
      return run_on(image, packed.packed, memory, tap);
    }
  }
  template <class Image, class Workspace, class Tap = detail::no_tap>
    requires(Options.image != image_source::arena && !is_engine_parameters<Workspace>)
  static constexpr auto infer(Image&& image, Workspace& memory, Tap&& tap = {}) noexcept {
    if constexpr (require<detail::parameters_given<streamed_engine>>) {
      return run_on(image, nullptr, memory, tap);
    }
  }
  template <class Parameters, class Workspace, class Tap = detail::no_tap>
    requires(Options.image == image_source::arena && is_engine_parameters<Parameters>)
  static constexpr auto infer(const Parameters& packed, Workspace& memory,
                              Tap&& tap = {}) noexcept {
    if constexpr (is_own_parameters<Parameters>()) {
      return run(nullptr, no_rows, packed.packed, memory, tap);
    }
  }
  template <class Workspace, class Tap = detail::no_tap>
    requires(Options.image == image_source::arena && !is_engine_parameters<Workspace>)
  static constexpr auto infer(Workspace& memory, Tap&& tap = {}) noexcept {
    if constexpr (require<detail::parameters_given<streamed_engine>>) {
      return run(nullptr, no_rows, nullptr, memory, tap);
    }
  }

private:
  static constexpr detail::no_tap no_rows{};

  template <class Parameters>
  static constexpr bool is_own_parameters() {
    if constexpr (std::is_same_v<Parameters, parameters>) {
      return true;
    } else {
      return require<detail::parameters_found<streamed_engine>>;
    }
  }

  template <class Image>
  static constexpr diagnosis rows_found = [] {
    diagnosis found;
    found.expect(std::is_invocable_v<Image&, row_view, int>,
                 "the image comes by rows; expected a function that can be called as "
                 "image(row, y) and fills in row, an inlay::tensor_view of ",
                 name_of(Network::input::element), " ", row_view::shape);
    return found;
  }();

  template <class Image, class Workspace, class Tap>
  static constexpr auto run_on(Image& image, const unsigned char* packed, Workspace& memory,
                               Tap& tap) noexcept {
    if constexpr (Options.image == image_source::rows) {
      if constexpr (require<rows_found<Image>>) {
        return run(nullptr, image, packed, memory, tap);
      }
    } else if constexpr (require<detail::input_found<typename Network::input,
                                                     std::remove_cvref_t<Image>>>) {
      return run(detail::view_of_input<typename Network::input>(image).bytes(), no_rows, packed,
                 memory, tap);
    }
  }

  template <class Rows, class Workspace, class Tap>
  static constexpr auto run(const unsigned char* image, Rows& rows, const unsigned char* packed,
                            Workspace& memory, Tap& tap) noexcept {
    if constexpr (std::is_same_v<Workspace, workspace>) {
      static_assert(require<planned::weights_found>);
      static_assert(is_proved(planned::every_segment),
                    "inlay: rows overwrite each other, which is a bug in inlay");
      const detail::row_context<Rows, Tap> context{image, packed, memory.arena, rows, tap};
      run_segments(context, planned::every_segment);
      return results(context, std::make_integer_sequence<int, Network::outputs>{});
    } else {
      static_assert(require<detail::workspace_found<streamed_engine>>);
    }
  }

  template <int... Segment>
  static constexpr bool is_proved(std::integer_sequence<int, Segment...>) {
    return (planned::template is_proved<Segment> && ...);
  }
  template <class Context, int... Segment>
  static constexpr void run_segments(const Context& context,
                                     std::integer_sequence<int, Segment...>) noexcept {
    (detail::row_runner<Network, Target, Options, Segment, Context>(context).run(), ...);
  }

  template <class Context, int... Index>
  static constexpr auto results(const Context& context,
                                std::integer_sequence<int, Index...>) noexcept {
    if constexpr (sizeof...(Index) == 1) {
      return result<0>(context);
    } else {
      return std::tuple(result<Index>(context)...);
    }
  }
  template <int Index, class Context>
  static constexpr auto result(const Context& context) noexcept {
    constexpr int node = planned::node_of(graph.outputs[Index]);
    using view = typename Network::template output<Index>::const_view;
    if constexpr (plan[node].bytes == 0) {
      return view::from_bytes(context.image);
    } else {
      return view::from_bytes(context.arena + plan[node].offset);
    }
  }
};

} // namespace inlay
