// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__AVX2__) && defined(__FMA__)
#define INLAY_HAS_AVX2 1

#include <inlay/kernels/simd/avx2_vectors.hpp>

namespace inlay::kernels::simd {

/// 256-bit vectors without an 8-bit dot product: bytes are widened to 16 bits, where the sums of
/// two products are exact. vpmaddubsw would saturate.
struct avx2 : avx2_vectors<avx2_numbers> {
  static constexpr std::int32_t ones = 0x00010001;
  static constexpr int kept_weights = 2;
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
  template <int Low, int High>
  [[gnu::always_inline]] static void store_levels(unsigned char* to, ints a, ints b) noexcept {
    __m256i both = _mm256_packus_epi32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b));
    both = _mm256_min_epu16(both, _mm256_set1_epi16(High));
    if constexpr (Low > 0) {
      both = _mm256_max_epu16(both, _mm256_set1_epi16(Low));
    }
    store(to, reinterpret_cast<bytes>(both));
  }
  [[gnu::always_inline]] static ints dot(ints sum, ints activations, ints weights) noexcept {
    sum += reinterpret_cast<ints>(_mm256_madd_epi16(reinterpret_cast<__m256i>(activations),
                                                    reinterpret_cast<__m256i>(weights)));
    // The compiler may not put off the addition: products that wait for it would need registers.
    __asm__ volatile("" : : "x"(sum));
    return sum;
  }
  [[gnu::always_inline]] static ints dot(ints sum, ints activations,
                                         const unsigned char* weights) noexcept {
    ints products;
    __asm__("vpmaddwd %2, %1, %0"
            : "=x"(products)
            : "x"(activations), "m"(*reinterpret_cast<const unsigned char(*)[32]>(weights)));
    sum += products;
    __asm__ volatile("" : : "x"(sum));
    return sum;
  }
  [[gnu::always_inline]] static ints load_widened(const unsigned char* from) noexcept {
    return reinterpret_cast<ints>(
        _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
  }
};

} // namespace inlay::kernels::simd

#endif
