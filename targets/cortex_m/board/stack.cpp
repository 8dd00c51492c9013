// SPDX-License-Identifier: Apache-2.0
#include "stack.hpp"

#include <cstdint>

extern "C" {
extern std::uint32_t inlay_stack_limit[];
extern std::uint32_t inlay_stack_top[];
}

namespace board {
namespace {

constexpr std::uint32_t paint = 0xc0ffee5a;
constexpr std::ptrdiff_t guard_words = 16;

} // namespace

std::size_t stack_bytes() noexcept {
  return static_cast<std::size_t>(inlay_stack_top - inlay_stack_limit) * sizeof(std::uint32_t);
}

[[gnu::noinline]] void paint_stack() noexcept {
  // Volatile, so that this stays a loop: a call of memset would use what is being painted.
  auto* const here = static_cast<volatile std::uint32_t*>(__builtin_frame_address(0));
  constexpr std::ptrdiff_t own_frame_words = 16;
  for (volatile std::uint32_t* word = inlay_stack_limit; word < here - own_frame_words; ++word) {
    *word = paint;
  }
}

std::size_t stack_used() noexcept {
  const volatile std::uint32_t* word = inlay_stack_limit;
  while (word != inlay_stack_top && *word == paint) {
    ++word;
  }
  return static_cast<std::size_t>(inlay_stack_top - word) * sizeof(std::uint32_t);
}

bool stack_is_intact() noexcept {
  for (std::ptrdiff_t i = 0; i < guard_words; ++i) {
    if (const volatile std::uint32_t& word = inlay_stack_limit[i]; word != paint) {
      return false;
    }
  }
  return true;
}

} // namespace board
