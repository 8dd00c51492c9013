// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__AVX2__) && defined(__FMA__)

#include <inlay/kernels/simd/architectures.hpp>

#include <cstdint>
#include <cstring>
#include <immintrin.h>
#include <string_view>

namespace inlay::kernels::simd {

/// What the architectures with 256-bit vectors share: everything but the dot product. See
/// portable.hpp for what the members mean.
template <class Numbers>
struct avx2_vectors : Numbers {
  static constexpr int lanes = Numbers::lanes;

  using ints = std::int32_t __attribute__((vector_size(32)));
  using floats = float __attribute__((vector_size(32)));
  using bytes = unsigned char __attribute__((vector_size(32)));

  [[gnu::always_inline]] static ints load(const void* from) noexcept {
    return reinterpret_cast<ints>(_mm256_loadu_si256(static_cast<const __m256i*>(from)));
  }
  [[gnu::always_inline]] static ints load_kept(const unsigned char* from) noexcept {
    ints values = load(from);
    __asm__("" : "+x"(values)); // else g++ would load it again for each use
    return values;
  }
  [[gnu::always_inline]] static void store(void* to, bytes values) noexcept {
    _mm256_storeu_si256(static_cast<__m256i*>(to), reinterpret_cast<__m256i>(values));
  }
  [[gnu::always_inline]] static ints broadcast(std::int32_t value) noexcept {
    return reinterpret_cast<ints>(_mm256_set1_epi32(value));
  }
  [[gnu::always_inline]] static ints broadcast_four(const unsigned char* from) noexcept {
    std::int32_t value;
    std::memcpy(&value, from, sizeof value);
    return broadcast(value);
  }

  [[gnu::always_inline]] static floats to_floats(ints values) noexcept {
    return _mm256_cvtepi32_ps(reinterpret_cast<__m256i>(values));
  }
  [[gnu::always_inline]] static ints to_ints(floats values) noexcept {
    return reinterpret_cast<ints>(_mm256_cvttps_epi32(values));
  }
  [[gnu::always_inline]] static floats multiply_add(floats a, floats b, floats c) noexcept {
    return _mm256_fmadd_ps(a, b, c);
  }
  [[gnu::always_inline]] static floats with_sign(floats magnitudes, floats signs) noexcept {
    return _mm256_or_ps(magnitudes, _mm256_and_ps(signs, _mm256_set1_ps(-0.0F)));
  }
  [[gnu::always_inline]] static ints clamp(ints values, std::int32_t low,
                                           std::int32_t high) noexcept {
    return reinterpret_cast<ints>(_mm256_min_epi32(
        _mm256_max_epi32(reinterpret_cast<__m256i>(values), _mm256_set1_epi32(low)),
        _mm256_set1_epi32(high)));
  }
  [[gnu::always_inline]] static ints multiply(ints values, ints mantissas, ints shifts) noexcept {
    const __m256i shift = reinterpret_cast<__m256i>(shifts);
    const __m256i zero = _mm256_setzero_si256();
    const __m256i one = _mm256_set1_epi32(1);
    const __m256i value =
        _mm256_sllv_epi32(reinterpret_cast<__m256i>(values), _mm256_max_epi32(shift, zero));
    const __m256i mantissa = reinterpret_cast<__m256i>(mantissas);
    const __m256i half = _mm256_set1_epi64x(std::int64_t{1} << 30);
    const __m256i even =
        _mm256_srli_epi64(_mm256_add_epi64(_mm256_mul_epi32(value, mantissa), half), 31);
    const __m256i odd = _mm256_slli_epi64(
        _mm256_add_epi64(
            _mm256_mul_epi32(_mm256_srli_epi64(value, 32), _mm256_srli_epi64(mantissa, 32)), half),
        1);
    const __m256i high = _mm256_blend_epi32(even, odd, 0xAA);
    const __m256i right = _mm256_max_epi32(_mm256_sub_epi32(zero, shift), zero);
    const __m256i mask = _mm256_sub_epi32(_mm256_sllv_epi32(one, right), one);
    const __m256i threshold =
        _mm256_add_epi32(_mm256_srli_epi32(mask, 1), _mm256_srli_epi32(high, 31));
    const __m256i up = _mm256_cmpgt_epi32(_mm256_and_si256(high, mask), threshold);
    return reinterpret_cast<ints>(_mm256_sub_epi32(_mm256_srav_epi32(high, right), up));
  }

  [[gnu::always_inline]] static bytes narrow(ints a, ints b, ints c, ints d) noexcept {
    return reinterpret_cast<bytes>(_mm256_packus_epi16(
        _mm256_packs_epi32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)),
        _mm256_packs_epi32(reinterpret_cast<__m256i>(c), reinterpret_cast<__m256i>(d))));
  }
  [[gnu::always_inline]] static bytes interleave(bytes rows) noexcept {
    const __m256i order = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    return reinterpret_cast<bytes>(_mm256_shuffle_epi8(reinterpret_cast<__m256i>(rows), order));
  }
  [[gnu::always_inline]] static bytes splice(bytes current, bytes next) noexcept {
    return reinterpret_cast<bytes>(_mm256_blend_epi16(reinterpret_cast<__m256i>(next),
                                                      reinterpret_cast<__m256i>(current), 0xAA));
  }
  [[gnu::always_inline]] static bytes clamp_bytes(bytes values, unsigned char low,
                                                  unsigned char high) noexcept {
    return reinterpret_cast<bytes>(
        _mm256_min_epu8(_mm256_max_epu8(reinterpret_cast<__m256i>(values),
                                        _mm256_set1_epi8(static_cast<char>(low))),
                        _mm256_set1_epi8(static_cast<char>(high))));
  }

  [[gnu::always_inline]] static bytes transpose(bytes rows) noexcept {
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    return reinterpret_cast<bytes>(
        _mm256_permutevar8x32_epi32(reinterpret_cast<__m256i>(rows), order));
  }
  template <int Row, int Channels = lanes>
  [[gnu::always_inline]] static void store_row(bytes rows, unsigned char* to) noexcept {
    const std::int64_t row = _mm256_extract_epi64(reinterpret_cast<__m256i>(rows), Row);
    std::memcpy(to, &row, Channels);
  }
  template <int Channels = lanes>
  [[gnu::always_inline]] static bytes load_rows(const unsigned char* a, const unsigned char* b,
                                                const unsigned char* c,
                                                const unsigned char* d) noexcept {
    const auto row = [](const unsigned char* from) __attribute__((always_inline)) {
      std::int64_t value = 0;
      std::memcpy(&value, from, Channels);
      return value;
    };
    const bytes rows = reinterpret_cast<bytes>(_mm256_setr_epi64x(row(a), row(b), row(c), row(d)));
    return transpose_back(rows);
  }

private:
  [[gnu::always_inline]] static bytes transpose_back(bytes rows) noexcept {
    const __m256i order = _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7);
    return reinterpret_cast<bytes>(
        _mm256_permutevar8x32_epi32(reinterpret_cast<__m256i>(rows), order));
  }
};

} // namespace inlay::kernels::simd

#endif
