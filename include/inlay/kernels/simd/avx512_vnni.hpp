// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VL__) &&                      \
    defined(__AVX512VNNI__)
#define INLAY_HAS_AVX512_VNNI 1

#include <inlay/kernels/simd/architectures.hpp>

#include <cstdint>
#include <cstring>
#include <immintrin.h>
#include <string_view>

// g++ 12 finds its own intrinsics uninitialized, thousands of times, wherever they are inlined.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace inlay::kernels::simd {

/// 512-bit vectors with the 8-bit dot product of AVX-512 VNNI. See portable.hpp for what the
/// members of an architecture mean. Vectors are of GNU types, because g++ 12 keeps arrays of
/// __m512i in memory.
struct avx512_vnni : avx512_vnni_numbers {
  using ints = std::int32_t __attribute__((vector_size(64)));
  using floats = float __attribute__((vector_size(64)));
  using bytes = unsigned char __attribute__((vector_size(64)));

  [[gnu::always_inline]] static ints load(const void* from) noexcept {
    return reinterpret_cast<ints>(_mm512_loadu_si512(from));
  }
  [[gnu::always_inline]] static void store(void* to, bytes values) noexcept {
    _mm512_storeu_si512(to, reinterpret_cast<__m512i>(values));
  }
  [[gnu::always_inline]] static ints broadcast(std::int32_t value) noexcept {
    return reinterpret_cast<ints>(_mm512_set1_epi32(value));
  }
  [[gnu::always_inline]] static ints broadcast_four(const unsigned char* from) noexcept {
    std::int32_t value;
    std::memcpy(&value, from, sizeof value);
    return broadcast(value);
  }
  [[gnu::always_inline]] static ints load_kept(const unsigned char* from) noexcept {
    ints values = load(from);
    __asm__("" : "+v"(values)); // else g++ would load it again for each use
    return values;
  }
  static constexpr std::int32_t ones = 0x01010101;
  template <int>
  [[gnu::always_inline]] static ints slice(ints four) noexcept {
    return four;
  }
  [[gnu::always_inline]] static void store_activations(unsigned char* to, bytes values) noexcept {
    store(to, values);
  }

  [[gnu::always_inline]] static ints dot(ints sum, ints activations, ints weights) noexcept {
    return reinterpret_cast<ints>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sum),
                                                      reinterpret_cast<__m512i>(activations),
                                                      reinterpret_cast<__m512i>(weights)));
  }

  [[gnu::always_inline]] static floats to_floats(ints values) noexcept {
    return _mm512_cvtepi32_ps(reinterpret_cast<__m512i>(values));
  }
  [[gnu::always_inline]] static ints to_ints(floats values) noexcept {
    return reinterpret_cast<ints>(_mm512_cvttps_epi32(values));
  }
  [[gnu::always_inline]] static floats multiply_add(floats a, floats b, floats c) noexcept {
    return _mm512_fmadd_ps(a, b, c);
  }
  [[gnu::always_inline]] static floats with_sign(floats magnitudes, floats signs) noexcept {
    return reinterpret_cast<floats>(_mm512_ternarylogic_epi32(reinterpret_cast<__m512i>(magnitudes),
                                                              reinterpret_cast<__m512i>(signs),
                                                              _mm512_set1_epi32(INT32_MIN), 0xF8));
  }
  [[gnu::always_inline]] static ints clamp(ints values, std::int32_t low,
                                           std::int32_t high) noexcept {
    return reinterpret_cast<ints>(_mm512_min_epi32(
        _mm512_max_epi32(reinterpret_cast<__m512i>(values), _mm512_set1_epi32(low)),
        _mm512_set1_epi32(high)));
  }
  [[gnu::always_inline]] static ints multiply(ints values, ints mantissas, ints shifts) noexcept {
    const __m512i shift = reinterpret_cast<__m512i>(shifts);
    const __m512i zero = _mm512_setzero_si512();
    const __m512i value =
        _mm512_sllv_epi32(reinterpret_cast<__m512i>(values), _mm512_max_epi32(shift, zero));
    const __m512i mantissa = reinterpret_cast<__m512i>(mantissas);
    const __m512i half = _mm512_set1_epi64(std::int64_t{1} << 30);
    const __m512i even =
        _mm512_srli_epi64(_mm512_add_epi64(_mm512_mul_epi32(value, mantissa), half), 31);
    const __m512i odd = _mm512_slli_epi64(
        _mm512_add_epi64(
            _mm512_mul_epi32(_mm512_srli_epi64(value, 32), _mm512_srli_epi64(mantissa, 32)), half),
        1);
    const __m512i high = _mm512_mask_blend_epi32(0xAAAA, even, odd);
    const __m512i right = _mm512_max_epi32(_mm512_sub_epi32(zero, shift), zero);
    const __m512i mask =
        _mm512_sub_epi32(_mm512_sllv_epi32(_mm512_set1_epi32(1), right), _mm512_set1_epi32(1));
    const __m512i threshold =
        _mm512_add_epi32(_mm512_srli_epi32(mask, 1), _mm512_srli_epi32(high, 31));
    const __mmask16 up = _mm512_cmpgt_epi32_mask(_mm512_and_si512(high, mask), threshold);
    const __m512i floor = _mm512_srav_epi32(high, right);
    return reinterpret_cast<ints>(_mm512_mask_add_epi32(floor, up, floor, _mm512_set1_epi32(1)));
  }

  [[gnu::always_inline]] static bytes narrow(ints a, ints b, ints c, ints d) noexcept {
    return reinterpret_cast<bytes>(_mm512_packus_epi16(
        _mm512_packs_epi32(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)),
        _mm512_packs_epi32(reinterpret_cast<__m512i>(c), reinterpret_cast<__m512i>(d))));
  }
  [[gnu::always_inline]] static bytes interleave(bytes rows) noexcept {
    const __m512i order =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    return reinterpret_cast<bytes>(_mm512_shuffle_epi8(reinterpret_cast<__m512i>(rows), order));
  }
  [[gnu::always_inline]] static bytes splice(bytes current, bytes next) noexcept {
    return reinterpret_cast<bytes>(_mm512_mask_blend_epi16(
        0xAAAAAAAA, reinterpret_cast<__m512i>(next), reinterpret_cast<__m512i>(current)));
  }
  [[gnu::always_inline]] static bytes clamp_bytes(bytes values, unsigned char low,
                                                  unsigned char high) noexcept {
    return reinterpret_cast<bytes>(
        _mm512_min_epu8(_mm512_max_epu8(reinterpret_cast<__m512i>(values),
                                        _mm512_set1_epi8(static_cast<char>(low))),
                        _mm512_set1_epi8(static_cast<char>(high))));
  }

  [[gnu::always_inline]] static bytes transpose(bytes rows) noexcept {
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return reinterpret_cast<bytes>(
        _mm512_permutexvar_epi32(order, reinterpret_cast<__m512i>(rows)));
  }
  template <int Row, int Channels = lanes>
  [[gnu::always_inline]] static void store_row(bytes rows, unsigned char* to) noexcept {
    const __m128i row = _mm512_extracti32x4_epi32(reinterpret_cast<__m512i>(rows), Row);
    if constexpr (Channels == lanes) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), row);
    } else if constexpr (Channels == 8) {
      _mm_storel_epi64(reinterpret_cast<__m128i*>(to), row);
    } else {
      _mm_mask_storeu_epi8(to, static_cast<__mmask16>((1U << Channels) - 1), row);
    }
  }
  template <int Channels = lanes>
  [[gnu::always_inline]] static bytes load_rows(const unsigned char* a, const unsigned char* b,
                                                const unsigned char* c,
                                                const unsigned char* d) noexcept {
    const auto row = [](const unsigned char* from) __attribute__((always_inline)) {
      if constexpr (Channels == lanes) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
      } else {
        return _mm_maskz_loadu_epi8(static_cast<__mmask16>((1U << Channels) - 1), from);
      }
    };
    __m512i rows = _mm512_castsi128_si512(row(a));
    rows = _mm512_inserti32x4(rows, row(b), 1);
    rows = _mm512_inserti32x4(rows, row(c), 2);
    rows = _mm512_inserti32x4(rows, row(d), 3);
    return transpose(reinterpret_cast<bytes>(rows));
  }
};

} // namespace inlay::kernels::simd

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif
