// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__AVX2__) && defined(__FMA__) &&                                                       \
    (defined(__AVXVNNI__) || (defined(__AVX512VL__) && defined(__AVX512VNNI__)))
#define INLAY_HAS_AVX_VNNI 1

#include <inlay/kernels/simd/avx2_vectors.hpp>

namespace inlay::kernels::simd {

/// 256-bit vectors with the 8-bit dot product of AVX-VNNI.
struct avx_vnni : avx2_vectors<avx_vnni_numbers> {
  static constexpr std::int32_t ones = 0x01010101;
  template <int>
  [[gnu::always_inline]] static ints slice(ints four) noexcept {
    return four;
  }
  [[gnu::always_inline]] static void store_activations(unsigned char* to, bytes values) noexcept {
    store(to, values);
  }

  [[gnu::always_inline]] static ints dot(ints sum, ints activations, ints weights) noexcept {
#if defined(__AVXVNNI__)
    return reinterpret_cast<ints>(_mm256_dpbusd_avx_epi32(reinterpret_cast<__m256i>(sum),
                                                          reinterpret_cast<__m256i>(activations),
                                                          reinterpret_cast<__m256i>(weights)));
#else
    return reinterpret_cast<ints>(_mm256_dpbusd_epi32(reinterpret_cast<__m256i>(sum),
                                                      reinterpret_cast<__m256i>(activations),
                                                      reinterpret_cast<__m256i>(weights)));
#endif
  }
};

} // namespace inlay::kernels::simd

#endif
