// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/words.hpp>

namespace inlay::kernels::portable {

/// QUANTIZE where step::is_flip; may work in place.
inline void flip(const unsigned char* from, unsigned char* to, std::int64_t count) noexcept {
  const unsigned char* const end = from + count;
  constexpr word signs = 0x80808080U;
  for (; end - from >= 16; from += 16, to += 16) {
    const word words[4] = {load_word(from) ^ signs, load_word(from + 4) ^ signs,
                           load_word(from + 8) ^ signs, load_word(from + 12) ^ signs};
    store_word(to, words[0]);
    store_word(to + 4, words[1]);
    store_word(to + 8, words[2]);
    store_word(to + 12, words[3]);
  }
  for (; end - from >= 4; from += 4, to += 4) {
    store_word(to, load_word(from) ^ signs);
  }
  for (; from != end; ++from, ++to) {
    *to = static_cast<unsigned char>(*from ^ 0x80U);
  }
}

} // namespace inlay::kernels::portable
