// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/neon/memory.hpp>
#include <inlay/kernels/neon/vectors.hpp>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// QUANTIZE between int8 and uint8 of the same scale. Units are runs of 16 elements.
template <step::requantize Step>
struct requantize {
  static void run(const arguments& given) noexcept {
    for (std::int64_t i = given.units.first; i < given.units.last; ++i) {
      vst1q_s8(reinterpret_cast<std::int8_t*>(given.output + 16 * i),
               flip(load_bytes(given.inputs[0] + 16 * i)));
    }
  }
};

} // namespace inlay::kernels::neon
#endif
