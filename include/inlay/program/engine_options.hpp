// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/plan.hpp>

#include <cstddef>

namespace inlay {

/// Choices about an engine that are not the target's.
struct engine_options {
  /// Where the input lies: in the caller's memory or in the arena.
  placement input = placement::caller;
  /// Store every operator's output, so that taps see all of them.
  bool keep_every_tensor = false;
  /// Into how many parts a step may be divided, for executors; each has scratch memory of its own.
  int threads = 1;
};

/// Memory for one inference at a time: the arena. It belongs to one engine type, needs no
/// initialization beyond zeros (so a static one lies in .bss) and no destruction.
template <class Engine>
struct engine_workspace {
  alignas(
      Engine::alignment) unsigned char arena[Engine::arena_bytes > 0 ? Engine::arena_bytes : 1]{};
};

/// The constants of an engine's kernels, in the order in which they read them. Engine::prepare
/// writes them, once; any number of inferences may share them.
template <class Engine>
struct engine_parameters {
  alignas(Engine::alignment) unsigned char packed[Engine::parameters_bytes > 0
                                                      ? Engine::parameters_bytes
                                                      : 1]{};
};

template <class Given>
inline constexpr bool is_engine_parameters = false;
template <class Engine>
inline constexpr bool is_engine_parameters<engine_parameters<Engine>> = true;

} // namespace inlay
