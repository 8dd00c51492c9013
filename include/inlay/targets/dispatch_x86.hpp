// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__x86_64__) || defined(__i386__)

#include <inlay/targets/instruction_set.hpp>

#include <cpuid.h>

namespace inlay::targets {

namespace detail {

// Each function asks for what the CMake function _inlay_instruction_set switches on, and no more.
// The compilers' runtime library also asks the operating system whether it saves the registers.
inline bool has_avx512_vnni() noexcept {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") &&
         __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

inline bool has_avx2() noexcept {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

/// Bit 4 of EAX in leaf 7, subleaf 1 (Intel, Architecture Instruction Set Extensions Programming
/// Reference, section 1.5); clang 14 has no name for it.
inline bool has_avx_vnni() noexcept {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return has_avx2() && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 4 & 1U) != 0;
}

inline bool has_sse41() noexcept {
  return __builtin_cpu_supports("sse4.1");
}

} // namespace detail

/// The instruction sets of x86 that there are targets for, the fastest first.
inline constexpr instruction_set instruction_sets[] = {
    {"avx512_vnni", detail::has_avx512_vnni},
    {"avx_vnni", detail::has_avx_vnni},
    {"avx2", detail::has_avx2},
    {"sse41", detail::has_sse41},
    {"reference", detail::has_any},
};

} // namespace inlay::targets

#endif
