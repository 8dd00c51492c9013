// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__AVX2__) && defined(__FMA__)
#define INLAY_HAS_AVX2 1

#include <inlay/kernels/simd/avx2_vectors.hpp>

namespace inlay::kernels::simd {

/// 256-bit vectors without an 8-bit dot product: bytes are widened to 16 bits, where the sums of
/// two products are exact. vpmaddubsw would saturate.
struct avx2 : avx2_vectors {
  static constexpr std::string_view name = "avx2";

  static constexpr int slices = 2;
  static constexpr std::int32_t ones = 0x00010001;
  template <int Slice>
  [[gnu::always_inline]] static ints slice(ints four) noexcept {
    const __m256i bytes = reinterpret_cast<__m256i>(four);
    return reinterpret_cast<ints>(Slice == 0 ? _mm256_and_si256(bytes, _mm256_set1_epi16(0xFF))
                                             : _mm256_srli_epi16(bytes, 8));
  }
  [[gnu::always_inline]] static void store_activations(unsigned char* to, bytes values) noexcept {
    const __m256i both = reinterpret_cast<__m256i>(values);
    const __m256i low = _mm256_cvtepu8_epi16(_mm256_castsi256_si128(both));
    const __m256i high = _mm256_cvtepu8_epi16(_mm256_extracti128_si256(both, 1));
    store(to, reinterpret_cast<bytes>(low));
    store(to + 32, reinterpret_cast<bytes>(high));
  }
  // As one instruction for the compiler, so that it does not put off the addition and run out of
  // registers for products.
  [[gnu::always_inline]] static ints dot(ints sum, ints activations, ints weights) noexcept {
    __m256i products;
    __asm__("vpmaddwd %3, %2, %1\n\tvpaddd %1, %0, %0"
            : "+x"(sum), "=&x"(products)
            : "x"(activations), "xm"(weights));
    return sum;
  }
};

} // namespace inlay::kernels::simd

#endif
