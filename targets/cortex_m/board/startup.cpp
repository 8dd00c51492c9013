// SPDX-License-Identifier: Apache-2.0
//
// From reset to main and back: vectors, memory, coprocessors, constructors, arguments.
#include "semihosting.hpp"
#include "stack.hpp"

#include <array>
#include <cstdint>

extern "C" {
extern std::uint32_t inlay_data_begin[];
extern std::uint32_t inlay_data_end[];
extern std::uint32_t inlay_data_load[];
extern std::uint32_t inlay_bss_begin[];
extern std::uint32_t inlay_bss_end[];
extern std::uint32_t inlay_arena_begin[];
extern std::uint32_t inlay_arena_end[];
extern std::uint32_t inlay_stack_top[];

void __libc_init_array();
int main(int count, char** words);
[[noreturn]] void inlay_reset();
[[noreturn]] void inlay_fault();

// What __libc_init_array calls and objects with destructors name; there is nothing to do.
void _init() {}
void _fini() {}
void* __dso_handle = nullptr;
[[noreturn]] void _exit(int status) {
  board::exit(status);
}
}

namespace {

void zero(std::uint32_t* first, const std::uint32_t* last) noexcept {
  for (volatile std::uint32_t* word = first; word != last; ++word) {
    *word = 0;
  }
}

/// Floating point and vectors (coprocessors 10 and 11) are off after a reset.
void enable_coprocessors() noexcept {
#ifdef __ARM_FP
  auto& access = *reinterpret_cast<volatile std::uint32_t*>(0xe000ed88);
  access = access | 0xf << 20;
  asm volatile("dsb\n isb" ::: "memory");
#endif
}

/// Where the compiler does not count on words that lie anywhere (Cortex-M0+), they are a fault,
/// also on a core that can load them.
void trap_unaligned_words() noexcept {
#ifndef __ARM_FEATURE_UNALIGNED
  auto& control = *reinterpret_cast<volatile std::uint32_t*>(0xe000ed14);
  control = control | 1 << 3;
  asm volatile("dsb\n isb" ::: "memory");
#endif
}

constinit std::array<char, 4096> line{};
constinit std::array<char*, 64> words{};

/// Splits the command line in place.
int split() noexcept {
  int count = 0;
  bool inside = false;
  for (char& each : line) {
    if (each == '\0') {
      break;
    }
    const bool space = each == ' ';
    if (!space && !inside && count + 1 < static_cast<int>(words.size())) {
      words[static_cast<std::size_t>(count++)] = &each;
    }
    inside = !space;
    each = space ? '\0' : each;
  }
  return count;
}

int status_of(board::failure what) noexcept {
  return static_cast<int>(what);
}

using handler = void (*)();
struct vectors {
  std::uint32_t* stack;
  std::array<handler, 15> handlers;
};

[[gnu::section(".inlay_vectors"), gnu::used]] constexpr vectors table{
    inlay_stack_top,
    {inlay_reset, inlay_fault, inlay_fault, inlay_fault, inlay_fault, inlay_fault, inlay_fault,
     inlay_fault, inlay_fault, inlay_fault, inlay_fault, inlay_fault, inlay_fault, inlay_fault,
     inlay_fault}};

} // namespace

void inlay_reset() {
  enable_coprocessors();
  trap_unaligned_words();
  board::paint_stack();
  const std::uint32_t* from = inlay_data_load;
  for (volatile std::uint32_t* word = inlay_data_begin; word != inlay_data_end; ++word) {
    *word = *from++;
  }
  zero(inlay_bss_begin, inlay_bss_end);
  zero(inlay_arena_begin, inlay_arena_end);
  __libc_init_array();
  if (!board::command_line(line)) {
    board::print_line("start-up: the command line is missing or longer than 4095 characters");
    board::exit(status_of(board::failure::no_command_line));
  }
  const int count = split();
  const int status = main(count, words.data());
  if (!board::stack_is_intact()) {
    board::print_line("the stack of ", static_cast<std::int64_t>(board::stack_bytes()),
                      " bytes has overflowed; link with more: -Wl,--defsym=inlay_stack_bytes=N");
    board::exit(status_of(board::failure::stack_overflow));
  }
  board::exit(status);
}

void inlay_fault() {
  std::uint32_t number = 0;
  asm volatile("mrs %0, ipsr" : "=r"(number));
  board::print_line(board::stack_is_intact() ? "fault: exception "
                                             : "fault after the stack has overflowed: exception ",
                    std::int64_t{number});
  board::exit(status_of(board::failure::fault));
}
