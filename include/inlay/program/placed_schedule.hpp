// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/plan.hpp>
#include <inlay/program/lowered_schedule.hpp>

namespace inlay::detail {

/// A network's steps for one target, with everything in its place: tensors and scratch memory in
/// the arena, packed constants among the parameters.
template <class Network, class Target, engine_options Options>
struct placed_schedule : lowered_schedule<Network, Target, Options.keep_every_tensor> {
  using lowered = lowered_schedule<Network, Target, Options.keep_every_tensor>;
  static constexpr graph_size size = lowered::size;

  /// Into how many parts step `Index` is divided among threads.
  template <int Index>
  static constexpr int parts =
      lowered::template units<Index> < Options.threads ? lowered::template units<Index>
                                                       : Options.threads;

  template <int... Index>
  static constexpr auto scratch_of_steps(std::integer_sequence<int, Index...>) {
    return std::array<std::int64_t, sizeof...(Index) + 1>{lowered::template scratch_bytes<Index> *
                                                          parts<Index>...};
  }
  static constexpr auto scratch = scratch_of_steps(lowered::every_step);

  /// Where each tensor lies, and the memory that steps may overwrite.
  static constexpr memory_plan<size> plan =
      plan_memory(lowered::graph, lowered::schedule, Options.input, Target::alignment, scratch);
  static_assert(is_sound(plan), "inlay: the memory plan overlaps itself, which is a bug in inlay");

  /// Bytes of memory that an inference needs besides input, constants and stack.
  static constexpr std::size_t arena_bytes = static_cast<std::size_t>(plan.arena_bytes);
};

} // namespace inlay::detail
