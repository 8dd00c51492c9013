// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace board {

/// The stack's size, as the linker was told: -Wl,--defsym=inlay_stack_bytes=16384.
[[nodiscard]] std::size_t stack_bytes() noexcept;

/// Paints the part of the stack that is free now. Start-up does it as well.
void paint_stack() noexcept;

/// The most bytes of the stack that were in use at one time since it was painted.
[[nodiscard]] std::size_t stack_used() noexcept;

/// False when the stack has reached into the guard at its end, or beyond. What lies beyond may be
/// overwritten then: start-up's code after main checks it and exits with `stack_overflow`.
[[nodiscard]] bool stack_is_intact() noexcept;

/// Exit statuses of programs that did not return from main by themselves.
enum class failure { fault = 70, stack_overflow = 71, no_command_line = 72 };

} // namespace board
