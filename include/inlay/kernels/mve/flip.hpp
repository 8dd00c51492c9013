// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/mve/requantize.hpp>
#include <inlay/kernels/portable/flip.hpp>

namespace inlay::kernels::mve {

/// portable::flip on vectors of sixteen elements.
inline void flip(const unsigned char* from, unsigned char* to, std::int64_t count) noexcept {
#if INLAY_MVE
  const uint8x16_t signs = vdupq_n_u8(0x80);
  for (auto left = static_cast<std::int32_t>(count); left > 0; left -= 16, from += 16, to += 16) {
    const mve_pred16_t there = vctp8q(static_cast<std::uint32_t>(left));
    vstrbq_p_u8(to, veorq_u8(vldrbq_z_u8(from, there), signs), there);
  }
#else
  portable::flip(from, to, count);
#endif
}

} // namespace inlay::kernels::mve
