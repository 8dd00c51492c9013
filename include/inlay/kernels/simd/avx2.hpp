// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__AVX2__) && defined(__FMA__)
#define INLAY_HAS_AVX2 1

#include <inlay/kernels/simd/avx2_vectors.hpp>

namespace inlay::kernels::simd {

/// 256-bit vectors without an 8-bit dot product: even and odd bytes are widened to 16 bits, where
/// sums of two products are exact. Compilers widen a vector once for all the products that it is
/// in.
struct avx2 : avx2_vectors {
  static constexpr std::string_view name = "avx2";

  [[gnu::always_inline]] static ints dot(ints sum, ints activations, ints weights) noexcept {
    const __m256i a = reinterpret_cast<__m256i>(activations);
    const __m256i w = reinterpret_cast<__m256i>(weights);
    const __m256i even = _mm256_madd_epi16(_mm256_and_si256(a, _mm256_set1_epi16(0xFF)),
                                           _mm256_srai_epi16(_mm256_slli_epi16(w, 8), 8));
    const __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(a, 8), _mm256_srai_epi16(w, 8));
    return sum + reinterpret_cast<ints>(even) + reinterpret_cast<ints>(odd);
  }
};

} // namespace inlay::kernels::simd

#endif
