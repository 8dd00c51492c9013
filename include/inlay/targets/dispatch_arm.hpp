// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__aarch64__) || defined(__arm__)

#include <inlay/targets/dispatch_tag.hpp>

#if defined(__linux__)
#include <sys/auxv.h>
#endif

namespace inlay::targets::tag {

namespace detail {

/// A bit of what Linux says about the processor; not set elsewhere.
/// @param type of the word: AT_HWCAP, AT_HWCAP2
/// @param bit by its number (Linux, arch/arm64/include/uapi/asm/hwcap.h and
///   arch/arm/include/uapi/asm/hwcap.h)
inline bool has_bit([[maybe_unused]] unsigned long type, [[maybe_unused]] int bit) noexcept {
#if defined(__linux__)
  return (getauxval(type) >> bit & 1UL) != 0;
#else
  return false;
#endif
}
inline constexpr unsigned long hwcap = 16;
inline constexpr unsigned long hwcap2 = 26;

} // namespace detail

// Versions follow those of xsimd 8.1, which sorts lists by them.
#if defined(__aarch64__)

/// What xsimd's own detection decides between.
using looked_for = xsimd::arch_list<xsimd::neon64, reference>;

/// AArch64 without extensions.
struct neon : derived<neon, xsimd::neon64, looked_for> {
  static constexpr bool has_instructions() noexcept { return true; }
  static constexpr unsigned version() noexcept { return 8'01'00; }
  static constexpr const char* name() noexcept { return "neon"; }
};

/// With the dot products of ARMv8.2.
struct dotprod : derived<dotprod, xsimd::neon64, looked_for> {
  static constexpr bool supported() noexcept {
#if defined(__ARM_FEATURE_DOTPROD)
    return xsimd::neon64::supported();
#else
    return false;
#endif
  }
  static bool has_instructions() noexcept {
    return detail::has_bit(detail::hwcap, 20);
  }
  static constexpr unsigned version() noexcept {
    return 8'02'00;
  }
  static constexpr const char* name() noexcept {
    return "dotprod";
  }
};

/// With the matrix multiplications of ARMv8.6 as well.
struct i8mm : derived<i8mm, xsimd::neon64, looked_for> {
  static constexpr bool supported() noexcept {
#if defined(__ARM_FEATURE_MATMUL_INT8)
    return tag::dotprod::supported();
#else
    return false;
#endif
  }
  static bool has_instructions() noexcept {
    return tag::dotprod::has_instructions() && detail::has_bit(detail::hwcap2, 13);
  }
  static constexpr unsigned version() noexcept {
    return 8'06'00;
  }
  static constexpr const char* name() noexcept {
    return "i8mm";
  }
};

/// The architectures of AArch64 that there are targets for, the fastest first.
using architectures = xsimd::arch_list<i8mm, dotprod, neon, reference>;

#else

/// ARMv7 with NEON. A program that is not itself compiled for NEON has no xsimd that looks for it,
/// so this asks alone.
struct armv7 : xsimd::neon {
  static bool available() noexcept { return detail::has_bit(detail::hwcap, 12); }
  static constexpr unsigned version() noexcept { return 7'00'00; }
  static constexpr const char* name() noexcept { return "armv7"; }
};

/// The architectures of ARMv7 that there are targets for, the fastest first.
using architectures = xsimd::arch_list<armv7, reference>;

#endif

} // namespace inlay::targets::tag

#endif
