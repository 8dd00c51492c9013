// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <board/memory.hpp>
#include <board/semihosting.hpp>
#include <board/stack.hpp>
#include <cstdint>
#include <region.hpp>
#include <string_view>

namespace bench {

/// Any picture: no kernel's way depends on the numbers.
template <class View>
void draw(View picture) noexcept {
  std::uint32_t state = 1;
  for (auto& value : picture) {
    state = state * 1664525 + 1013904223;
    value = static_cast<typename View::value_type>(state >> 24);
  }
}

/// Runs `infer` in a region and prints what the program takes.
template <class Infer>
void measure(std::size_t arena, Infer infer) noexcept {
  board::paint_stack();
  inlay::emulation::begin_region();
  infer();
  inlay::emulation::end_region();
  const std::size_t stack = board::stack_used();
  const board::memory_use use = board::linked();
  const auto print = [](std::string_view name, std::size_t bytes) {
    board::print_line("bytes ", name, " ", static_cast<std::int64_t>(bytes));
  };
  print("arena", arena);
  print("stack", stack);
  print("code", use.code);
  print("constants", use.constants);
  print("parameters", use.parameters);
}

} // namespace bench
