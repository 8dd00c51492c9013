// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include <cstdint>

// Addresses that the linker script gives.
extern "C" {
extern unsigned char inlay_code_begin[];
extern unsigned char inlay_code_end[];
extern unsigned char inlay_constants_begin[];
extern unsigned char inlay_constants_end[];
extern unsigned char inlay_parameters_begin[];
extern unsigned char inlay_parameters_end[];
extern unsigned char inlay_data_begin[];
extern unsigned char inlay_data_end[];
extern unsigned char inlay_bss_begin[];
extern unsigned char inlay_bss_end[];
extern unsigned char inlay_arena_begin[];
extern unsigned char inlay_arena_end[];
}

namespace board {
namespace {

std::size_t between(const unsigned char* begin, const unsigned char* end) noexcept {
  return reinterpret_cast<std::uintptr_t>(end) - reinterpret_cast<std::uintptr_t>(begin);
}

} // namespace

memory_use linked() noexcept {
  return {.code = between(inlay_code_begin, inlay_code_end),
          .constants = between(inlay_constants_begin, inlay_constants_end),
          .parameters = between(inlay_parameters_begin, inlay_parameters_end),
          .variables =
              between(inlay_data_begin, inlay_data_end) + between(inlay_bss_begin, inlay_bss_end),
          .arena = between(inlay_arena_begin, inlay_arena_end)};
}

} // namespace board
