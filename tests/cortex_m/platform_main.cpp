// SPDX-License-Identifier: Apache-2.0
//
// What the boards' start-up promises. The first argument says what to try.
#include <array>
#include <board/semihosting.hpp>
#include <board/stack.hpp>
#include <cstdint>
#include <string_view>

namespace {

constinit std::uint32_t copied = 0x12345678;
constinit std::array<std::uint32_t, 4> zeroed{};
[[gnu::section(".inlay_arena")]] constinit std::array<std::uint32_t, 4> in_arena{};

std::uint32_t before_main() noexcept {
  return copied + 1;
}
const volatile std::uint32_t constructed = before_main();

/// Uses `Bytes` of stack and a little more.
template <std::size_t Bytes>
[[gnu::noinline]] void use_stack() noexcept {
  std::array<unsigned char, Bytes> many;
  volatile unsigned char* const bytes = many.data();
  for (std::size_t i = 0; i < Bytes; ++i) {
    bytes[i] = 1;
  }
}

int fail(std::string_view what) noexcept {
  board::print_line(what);
  return 1;
}

int memory() noexcept {
  for (const std::uint32_t word : zeroed) {
    if (word != 0) {
      return fail("expected zeros in .bss");
    }
  }
  for (const std::uint32_t word : in_arena) {
    if (word != 0) {
      return fail("expected zeros in .inlay_arena");
    }
  }
  if (copied != 0x12345678) {
    return fail("expected .data to be copied from flash");
  }
  if (constructed != copied + 1) {
    return fail("expected constructors to run before main, and after .data is there");
  }
  volatile float half = 0.5F;
  const volatile float sum = half + half; // needs the coprocessor where there is one
  return sum == 1.0F ? 0 : fail("expected floats to work");
}

int measured_stack() noexcept {
  const std::size_t at_start = board::stack_used();
  board::paint_stack();
  use_stack<1000>();
  const std::size_t small = board::stack_used();
  use_stack<3000>();
  const std::size_t large = board::stack_used();
  if (at_start == 0 || small < 1000 || large < small + 1900 || large > small + 2100) {
    return fail("expected the painted stack to show what was used");
  }
  if (large >= board::stack_bytes() || !board::stack_is_intact()) {
    return fail("expected a stack that is intact");
  }
  return 0;
}

} // namespace

int main(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what == "memory") {
    return memory();
  }
  if (what == "stack") {
    return measured_stack();
  }
  if (what == "arguments") {
    return count == 4 && arguments[2] == std::string_view("a,b") &&
                   arguments[3] == std::string_view("c=d")
               ? 42
               : fail("expected three arguments");
  }
  if (what == "overflow") {
    use_stack<9000>(); // linked with 8192
    return 0;
  }
  if (what == "fault") {
    asm volatile("udf #0");
  }
  if (what == "unaligned") {
    alignas(4) static constexpr std::array<unsigned char, 8> bytes{0, 1, 2, 3, 4};
    std::uint32_t word = 0;
    asm volatile("ldr %0, [%1]" : "=l"(word) : "l"(&bytes[1]) : "memory");
    return word == 0x04030201 ? 0 : fail("expected a word from an odd address");
  }
  return fail("expected memory, stack, arguments, overflow, fault or unaligned");
}
