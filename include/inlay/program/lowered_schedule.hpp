// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/network.hpp>
#include <inlay/kernels/arguments.hpp>
#include <inlay/lower/lower.hpp>
#include <inlay/program/engine_options.hpp>

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace inlay::detail {

/// A network's steps for one target, what each of them asks for, and its constants: those of the
/// model, or packed ones among an engine's parameters.
template <class Network, class Target, bool KeepEveryTensor>
struct lowered_schedule {
  static constexpr const auto& graph = Network::graph;
  static constexpr graph_size size = std::remove_cvref_t<decltype(graph)>::capacity;
  static constexpr std::int64_t alignment = Target::alignment;

  /// The steps that an inference takes.
  static constexpr inlay::schedule<size> schedule = [] {
    inlay::schedule<size> made;
    lowering wishes = Target::lowering;
    if (KeepEveryTensor) {
      wishes.fold_padding = false;
      wishes.fuses = nullptr;
    }
    lower(graph, wishes, made);
    return made;
  }();

  /// The kind of step `Index`, with its numbers.
  template <int Index>
  static constexpr auto kernel =
      schedule[Index].what.template as<step::any::alternative<schedule[Index].what.index()>>();

  static constexpr auto every_step = std::make_integer_sequence<int, schedule.step_count>{};

  /// Into how many pieces the work of step `Index` can be divided.
  template <int Index>
  static constexpr std::int32_t units = Target::template units<kernel<Index>>;

  static constexpr std::int64_t aligned(std::size_t bytes) {
    return (static_cast<std::int64_t>(bytes) + alignment - 1) / alignment * alignment;
  }

  /// Bytes of scratch memory that one part of step `Index` has.
  template <int Index>
  static constexpr std::int64_t
      scratch_bytes = aligned(Target::template scratch_bytes<kernel<Index>>);
  template <int Index>
  static constexpr bool has_scratch = scratch_bytes<Index> != 0;

  /// Bytes of step Index's packed constants.
  template <int Index>
  static constexpr std::int64_t
      packed_bytes = aligned(Target::template packed_bytes<kernel<Index>>);
  template <int Index>
  static constexpr bool packs = packed_bytes<Index> != 0;

  template <int... Index>
  static constexpr auto packed_offsets(std::integer_sequence<int, Index...>) {
    std::array<std::int64_t, sizeof...(Index) + 1> ends{0, packed_bytes<Index>...};
    for (std::size_t i = 1; i < ends.size(); ++i) {
      ends[i] += ends[i - 1];
    }
    return ends;
  }
  /// Where the packed constants of each step begin, and where the last ones end.
  static constexpr auto packed_at = packed_offsets(every_step);

  /// Bytes of packed constants; 0 for a target that reads all of them from the model.
  static constexpr std::size_t parameters_bytes = static_cast<std::size_t>(packed_at.back());

  /// Packs the constants of all steps.
  static constexpr void pack(unsigned char* packed) noexcept { pack_steps(packed, every_step); }

  template <int... Index>
  static constexpr void pack_steps(unsigned char* packed,
                                   std::integer_sequence<int, Index...>) noexcept {
    (pack_step<Index>(packed), ...);
  }
  template <int Index>
  static constexpr void pack_step(unsigned char* packed) noexcept {
    if constexpr (packs<Index>) {
      constexpr const scheduled_step& step = schedule[Index];
      Target::template pack<kernel<Index>>(
          kernels::layers(step.layers.data(), static_cast<std::size_t>(step.layer_count)),
          packed + packed_at[Index]);
    }
  }

  template <int Index>
  static constexpr auto multipliers =
      multipliers_of<schedule[Index].layers[0].multiplier_count>(schedule[Index].layers[0].scaling);

  /// Tells a kernel where its constants are.
  template <int Index, class Arguments>
  static constexpr void give_constants(const unsigned char* packed, Arguments& given) noexcept {
    constexpr const scheduled_step& step = schedule[Index];
    if constexpr (packs<Index>) {
      given.packed = packed + packed_at[Index];
    } else if constexpr (step.layer_count == 1) {
      given.weights = step.layers[0].weights;
      given.bias = step.layers[0].bias;
      given.multipliers = multipliers<Index>.data();
    }
  }

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

} // namespace inlay::detail
