// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/words.hpp>

namespace inlay::kernels::portable {

/// QUANTIZE where step::is_flip; may work in place.
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
