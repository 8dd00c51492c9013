// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/lower.hpp>
#include <inlay/plan/plan.hpp>
#include <inlay/program/engine_options.hpp>

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace inlay::detail {

/// A network's steps for one target, with everything in its place: tensors and scratch memory in
/// the arena, packed constants among the parameters.
template <class Network, class Target, engine_options Options>
struct placed_schedule {
  static constexpr const auto& graph = Network::graph;
  static constexpr graph_size size = std::remove_cvref_t<decltype(graph)>::capacity;

  static constexpr std::int64_t alignment = Target::alignment;

  /// The steps that an inference takes.
  static constexpr inlay::schedule<size> schedule = [] {
    inlay::schedule<size> made;
    lowering wishes = Target::lowering;
    if (Options.keep_every_tensor) {
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

  /// Into how many parts it is divided among threads.
  template <int Index>
  static constexpr int parts = units<Index> < Options.threads ? units<Index> : Options.threads;

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
  static constexpr auto scratch_of_steps(std::integer_sequence<int, Index...>) {
    return std::array<std::int64_t, sizeof...(Index) + 1>{scratch_bytes<Index> * parts<Index>...};
  }
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
  static constexpr auto scratch = scratch_of_steps(every_step);

  /// Where each tensor lies, and the memory that steps may overwrite.
  static constexpr memory_plan<size> plan =
      plan_memory(graph, schedule, Options.input, Target::alignment, scratch);
  static_assert(is_sound(plan), "inlay: the memory plan overlaps itself, which is a bug in inlay");

  /// Bytes of memory that an inference needs besides input, constants and stack.
  static constexpr std::size_t arena_bytes = static_cast<std::size_t>(plan.arena_bytes);

  /// Bytes of packed constants; 0 for a target that reads all of them from the model.
  static constexpr std::size_t parameters_bytes = static_cast<std::size_t>(packed_at.back());
};

} // namespace inlay::detail
