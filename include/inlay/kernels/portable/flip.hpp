// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/words.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::portable {

/// Whether a QUANTIZE between int8 and uint8 keeps the scale and moves the zero point by 128, as
/// models do that take uint8 pictures: only the highest bit changes.
constexpr bool is_flip(const step::requantize& step) {
  constexpr quantized_multiplier one{1 << 30, 1};
  const std::int32_t moves = step.to == element::int8 ? -128 : 128;
  return step.from != step.to && step.multiplier == one &&
         step.output_zero_point - step.input_zero_point == moves;
}

/// May work in place.
inline void flip(const unsigned char* from, unsigned char* to, std::int64_t count) noexcept {
  const unsigned char* const end = from + count;
  for (; end - from >= 4; from += 4, to += 4) {
    store(to, load_word(from) ^ 0x80808080U);
  }
  for (; from != end; ++from, ++to) {
    *to = static_cast<unsigned char>(*from ^ 0x80U);
  }
}

} // namespace inlay::kernels::portable
