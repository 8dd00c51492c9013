// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace inlay::emulation {

// Instructions without effect that no compiler emits: count_instructions.cpp counts what is
// executed between them. The memory clobbers keep loads and stores on their side.

/// Begins a region whose instructions are counted.
[[gnu::always_inline]] inline void begin_region() noexcept {
#if defined(__aarch64__)
  __asm__ volatile("mov x9, x9" ::: "memory");
#elif defined(__arm__)
  __asm__ volatile("mov r9, r9" ::: "memory");
#endif
}

/// Ends it; the plugin prints a line.
[[gnu::always_inline]] inline void end_region() noexcept {
#if defined(__aarch64__)
  __asm__ volatile("mov x10, x10" ::: "memory");
#elif defined(__arm__)
  __asm__ volatile("mov r10, r10" ::: "memory");
#endif
}

} // namespace inlay::emulation
