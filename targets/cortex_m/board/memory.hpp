// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace board {

/// What the linked program takes of the board's memories, in bytes.
struct memory_use {
  /// Instructions, with the literals among them.
  std::size_t code;
  /// Constants apart from the parameters.
  std::size_t constants;
  /// The section .inlay_parameters.
  std::size_t parameters;
  /// Variables, initialized (which flash holds as well) and zeroed, without arena and stack.
  std::size_t variables;
  /// The section .inlay_arena.
  std::size_t arena;
};

[[nodiscard]] memory_use linked() noexcept;

} // namespace board
