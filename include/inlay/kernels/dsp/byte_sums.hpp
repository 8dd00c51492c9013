// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/dsp/instructions.hpp>
#include <inlay/kernels/portable/mean.hpp>

namespace inlay::kernels::dsp {

/// portable::byte_sums, one instruction each.
struct byte_sums {
  template <bool Odd>
  [[gnu::always_inline]] static word add_bytes(word sums, word four) noexcept {
#if INLAY_DSP
    word result = 0;
    if constexpr (Odd) {
      __asm__("uxtab16 %0, %1, %2, ror #8" : "=r"(result) : "r"(sums), "r"(four));
    } else {
      __asm__("uxtab16 %0, %1, %2" : "=r"(result) : "r"(sums), "r"(four));
    }
    return result;
#else
    return portable::byte_sums::add_bytes<Odd>(sums, four);
#endif
  }
};

} // namespace inlay::kernels::dsp
