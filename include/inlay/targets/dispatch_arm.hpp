// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__aarch64__) || defined(__arm__)

#include <inlay/targets/instruction_set.hpp>

#if defined(__linux__)
#include <sys/auxv.h>
#endif

namespace inlay::targets {

namespace detail {

/// A word of what Linux says about the processor; 0 elsewhere.
inline unsigned long auxiliary_value([[maybe_unused]] unsigned long type) noexcept {
#if defined(__linux__)
  return getauxval(type);
#else
  return 0;
#endif
}

/// Bits of the kernel's words (Linux, arch/arm64/include/uapi/asm/hwcap.h and
/// arch/arm/include/uapi/asm/hwcap.h).
inline bool has_bit(unsigned long type, int bit) noexcept {
  return (auxiliary_value(type) >> bit & 1UL) != 0;
}
inline constexpr unsigned long hwcap = 16;
inline constexpr unsigned long hwcap2 = 26;

#if defined(__aarch64__)
inline bool has_dotprod() noexcept {
  return has_bit(hwcap, 20);
}
inline bool has_i8mm() noexcept {
  return has_dotprod() && has_bit(hwcap2, 13);
}
#else
inline bool has_armv7() noexcept {
  return has_bit(hwcap, 12);
}
#endif

} // namespace detail

/// The instruction sets of Arm that there are targets for, the fastest first.
inline constexpr instruction_set instruction_sets[] = {
#if defined(__aarch64__)
    {"i8mm", detail::has_i8mm},
    {"dotprod", detail::has_dotprod},
    {"neon", detail::has_any},
#else
    {"armv7", detail::has_armv7},
#endif
    {"reference", detail::has_any},
};

} // namespace inlay::targets

#endif
