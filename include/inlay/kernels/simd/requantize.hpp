// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/gather.hpp>

namespace inlay::kernels::simd {

/// QUANTIZE where step::is_flip. Units are runs of 16 vectors.
template <class Arch, step::requantize Step>
struct requantize {
  static constexpr std::int64_t run_bytes = 64 * Arch::lanes;
  static constexpr auto units = static_cast<std::int32_t>(divide_up(Step.elements, run_bytes));
  static constexpr std::size_t packed_bytes = 0;
  static constexpr std::size_t scratch_bytes = 0;

  static constexpr void pack(layers /*constants*/, unsigned char* /*out*/) noexcept {}

  static void run(const arguments& given) noexcept {
    constexpr std::int64_t elements = Step.elements;
    const std::int64_t first = given.units.first * run_bytes;
    const std::int64_t last = given.units.last < units ? given.units.last * run_bytes : elements;
    copy_activations<Arch, true>(given.inputs[0] + first, given.output + first, last - first);
  }
};

} // namespace inlay::kernels::simd
