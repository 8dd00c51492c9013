// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__x86_64__) || defined(__i386__)

#include <inlay/targets/dispatch_tag.hpp>

#include <cpuid.h>

namespace inlay::targets::tag {

/// What xsimd's own detection decides between.
using looked_for =
    xsimd::arch_list<xsimd::avx512bw, xsimd::fma3<xsimd::avx2>, xsimd::sse4_1, reference>;

// Each has_instructions() asks for what the CMake function _inlay_instruction_set switches on, and
// no more. The compilers' runtime library also asks the operating system whether it saves the
// registers, which xsimd 8.1 does not. Versions follow those of xsimd 8.1, which sorts lists by
// them.

/// AVX-512 with products of bytes (VNNI).
struct avx512_vnni : derived<avx512_vnni, xsimd::avx512bw, looked_for> {
  static constexpr bool supported() noexcept {
#if defined(__AVX512VNNI__)
    return xsimd::avx512bw::supported();
#else
    return false;
#endif
  }
  static bool has_instructions() noexcept {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") &&
           __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  }
  static constexpr unsigned version() noexcept {
    return 3'04'01;
  }
  static constexpr const char* name() noexcept {
    return "avx512_vnni";
  }
};

/// AVX2 and FMA.
struct avx2 : derived<avx2, xsimd::fma3<xsimd::avx2>, looked_for> {
  static bool has_instructions() noexcept {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  }
  static constexpr unsigned version() noexcept { return 2'02'01; }
  static constexpr const char* name() noexcept { return "avx2"; }
};

/// AVX2 with products of bytes (AVX-VNNI).
struct avx_vnni : derived<avx_vnni, xsimd::fma3<xsimd::avx2>, looked_for> {
  static constexpr bool supported() noexcept {
#if defined(__AVXVNNI__)
    return xsimd::fma3<xsimd::avx2>::supported();
#else
    return false;
#endif
  }
  /// Bit 4 of EAX in leaf 7, subleaf 1 (Intel, Architecture Instruction Set Extensions Programming
  /// Reference, section 1.5); clang 14 has no name for it.
  static bool has_instructions() noexcept {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return tag::avx2::has_instructions() && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 &&
           (a >> 4 & 1U) != 0;
  }
  static constexpr unsigned version() noexcept {
    return 2'02'02;
  }
  static constexpr const char* name() noexcept {
    return "avx_vnni";
  }
};

/// SSE4.1.
struct sse41 : derived<sse41, xsimd::sse4_1, looked_for> {
  static bool has_instructions() noexcept { return __builtin_cpu_supports("sse4.1"); }
  static constexpr unsigned version() noexcept { return 1'04'01; }
  static constexpr const char* name() noexcept { return "sse41"; }
};

/// The architectures of x86 that there are targets for, the fastest first.
using architectures = xsimd::arch_list<avx512_vnni, avx_vnni, avx2, sse41, reference>;

} // namespace inlay::targets::tag

#endif
