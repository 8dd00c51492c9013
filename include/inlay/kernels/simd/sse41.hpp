// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__SSE4_1__)
#define INLAY_HAS_SSE41 1

#include <inlay/kernels/simd/architectures.hpp>
#include <inlay/numerics/fixed_point.hpp>

#include <cstring>
#include <smmintrin.h>
#include <string_view>

namespace inlay::kernels::simd {

/// 128-bit vectors of SSE4.1. See portable.hpp for what the members mean.
struct sse41 : sse41_numbers {
  using ints = std::int32_t __attribute__((vector_size(16)));
  using floats = float __attribute__((vector_size(16)));
  using bytes = unsigned char __attribute__((vector_size(16)));

  [[gnu::always_inline]] static ints load(const void* from) noexcept {
    return reinterpret_cast<ints>(_mm_loadu_si128(static_cast<const __m128i*>(from)));
  }
  [[gnu::always_inline]] static ints load_kept(const unsigned char* from) noexcept {
    return load(from);
  }
  [[gnu::always_inline]] static void store(void* to, bytes values) noexcept {
    _mm_storeu_si128(static_cast<__m128i*>(to), reinterpret_cast<__m128i>(values));
  }
  [[gnu::always_inline]] static ints broadcast(std::int32_t value) noexcept {
    return reinterpret_cast<ints>(_mm_set1_epi32(value));
  }
  [[gnu::always_inline]] static ints broadcast_four(const unsigned char* from) noexcept {
    std::int32_t value;
    std::memcpy(&value, from, sizeof value);
    return broadcast(value);
  }
  // Two slices, as avx2 does it.
  static constexpr std::int32_t ones = 0x00010001;
  template <int Slice>
  [[gnu::always_inline]] static ints slice(ints four) noexcept {
    const __m128i all = reinterpret_cast<__m128i>(four);
    return reinterpret_cast<ints>(Slice == 0 ? _mm_and_si128(all, _mm_set1_epi16(0xFF))
                                             : _mm_srli_epi16(all, 8));
  }
  [[gnu::always_inline]] static void store_activations(unsigned char* to, bytes values) noexcept {
    const __m128i all = reinterpret_cast<__m128i>(values);
    store(to, reinterpret_cast<bytes>(_mm_cvtepu8_epi16(all)));
    store(to + 16, reinterpret_cast<bytes>(_mm_cvtepu8_epi16(_mm_srli_si128(all, 8))));
  }
  template <int Low, int High>
  [[gnu::always_inline]] static void store_levels(unsigned char* to, ints a, ints b) noexcept {
    __m128i both = _mm_packus_epi32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b));
    both = _mm_min_epu16(both, _mm_set1_epi16(High));
    if constexpr (Low > 0) {
      both = _mm_max_epu16(both, _mm_set1_epi16(Low));
    }
    store(to, reinterpret_cast<bytes>(both));
  }
  [[gnu::always_inline]] static ints load_widened(const unsigned char* from) noexcept {
    return reinterpret_cast<ints>(
        _mm_cvtepi8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
  }
  [[gnu::always_inline]] static ints dot(ints sum, ints activations, ints weights) noexcept {
    return sum + reinterpret_cast<ints>(_mm_madd_epi16(reinterpret_cast<__m128i>(activations),
                                                       reinterpret_cast<__m128i>(weights)));
  }
  [[gnu::always_inline]] static ints dot(ints sum, ints activations,
                                         const unsigned char* weights) noexcept {
    return dot(sum, activations, load(weights));
  }

  [[gnu::always_inline]] static floats to_floats(ints values) noexcept {
    return _mm_cvtepi32_ps(reinterpret_cast<__m128i>(values));
  }
  [[gnu::always_inline]] static ints to_ints(floats values) noexcept {
    return reinterpret_cast<ints>(_mm_cvttps_epi32(values));
  }
  [[gnu::always_inline]] static floats multiply_add(floats a, floats b, floats c) noexcept {
#if defined(__FMA__)
    // Two roundings, also where a compiler could make it one.
    floats product = _mm_mul_ps(a, b);
    asm("" : "+x"(product));
    return _mm_add_ps(product, c);
#else
    return _mm_add_ps(_mm_mul_ps(a, b), c);
#endif
  }
  [[gnu::always_inline]] static floats with_sign(floats magnitudes, floats signs) noexcept {
    return _mm_or_ps(magnitudes, _mm_and_ps(signs, _mm_set1_ps(-0.0F)));
  }
  [[gnu::always_inline]] static ints clamp(ints values, std::int32_t low,
                                           std::int32_t high) noexcept {
    return reinterpret_cast<ints>(
        _mm_min_epi32(_mm_max_epi32(reinterpret_cast<__m128i>(values), _mm_set1_epi32(low)),
                      _mm_set1_epi32(high)));
  }
  /// One lane after the other: SSE4.1 cannot shift each lane by a number of its own.
  static ints multiply(ints values, ints mantissas, ints shifts) noexcept {
    for (int i = 0; i < lanes; ++i) {
      values[i] = inlay::multiply(values[i], {mantissas[i], shifts[i]});
    }
    return values;
  }

  [[gnu::always_inline]] static bytes narrow(ints a, ints b, ints c, ints d) noexcept {
    return reinterpret_cast<bytes>(_mm_packus_epi16(
        _mm_packs_epi32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)),
        _mm_packs_epi32(reinterpret_cast<__m128i>(c), reinterpret_cast<__m128i>(d))));
  }
  [[gnu::always_inline]] static bytes interleave(bytes rows) noexcept {
    const __m128i order = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return reinterpret_cast<bytes>(_mm_shuffle_epi8(reinterpret_cast<__m128i>(rows), order));
  }
  [[gnu::always_inline]] static bytes splice(bytes current, bytes next) noexcept {
    return reinterpret_cast<bytes>(
        _mm_blend_epi16(reinterpret_cast<__m128i>(next), reinterpret_cast<__m128i>(current), 0xAA));
  }
  [[gnu::always_inline]] static bytes clamp_bytes(bytes values, unsigned char low,
                                                  unsigned char high) noexcept {
    return reinterpret_cast<bytes>(_mm_min_epu8(
        _mm_max_epu8(reinterpret_cast<__m128i>(values), _mm_set1_epi8(static_cast<char>(low))),
        _mm_set1_epi8(static_cast<char>(high))));
  }

  [[gnu::always_inline]] static bytes transpose(bytes rows) noexcept {
    return rows;
  }
  template <int Row, int Channels = lanes>
  [[gnu::always_inline]] static void store_row(bytes rows, unsigned char* to) noexcept {
    const int row = _mm_extract_epi32(reinterpret_cast<__m128i>(rows), Row);
    std::memcpy(to, &row, Channels);
  }
  template <int Channels = lanes>
  [[gnu::always_inline]] static bytes load_rows(const unsigned char* a, const unsigned char* b,
                                                const unsigned char* c,
                                                const unsigned char* d) noexcept {
    const auto row = [](const unsigned char* from) __attribute__((always_inline)) {
      std::int32_t value = 0;
      std::memcpy(&value, from, Channels);
      return value;
    };
    return reinterpret_cast<bytes>(_mm_setr_epi32(row(a), row(b), row(c), row(d)));
  }
};

} // namespace inlay::kernels::simd

#endif
