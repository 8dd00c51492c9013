// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/neon/memory.hpp>
#include <inlay/kernels/neon/vectors.hpp>
#include <inlay/kernels/reference/add.hpp>

#include <cstring>
#include <type_traits>

#if defined(__ARM_NEON)

namespace inlay::kernels::neon {

/// multiply() by a constant less than 1.
template <quantized_multiplier By>
[[gnu::always_inline]] inline int32x4_t multiply_by(int32x4_t value) noexcept {
  int32x4_t result = vqrdmulhq_n_s32(value, By.mantissa);
  if constexpr (By.shift < 0) {
    result = vsraq_n_s32(result, result, 31);
    result = vrshrq_n_s32(result, -By.shift);
  }
  return result;
}

/// The lower or the upper four elements of an input, without zero point and times 32, in the scale
/// that both inputs share.
template <quantized_multiplier By, bool Upper>
[[gnu::always_inline]] inline int32x4_t addend(int16x8_t value) noexcept {
  return multiply_by<By>(vshll_n_s16(Upper ? vget_high_s16(value) : vget_low_s16(value), 15));
}
/// The same, added to the other input's.
template <quantized_multiplier By, bool Upper>
[[gnu::always_inline]] inline int32x4_t add_addend(int32x4_t sum, int16x8_t value) noexcept {
  if constexpr (By == quantized_multiplier{1 << 30, 0}) {
    const int16x8_t scale = vdupq_n_s16(1 << 14);
    return Upper ? multiply_add_high(sum, value, scale)
                 : vmlal_s16(sum, vget_low_s16(value), vget_low_s16(scale));
  } else {
    return vaddq_s32(sum, addend<By, Upper>(value));
  }
}

template <step::add Step>
[[gnu::always_inline]] inline int8x16_t add_16(int8x16_t a, int8x16_t b) noexcept {
  constexpr auto step = Step;
  constexpr bool flips = step.type == element::uint8;
  constexpr std::int32_t offset = offset_of(step.type);
  constexpr bool swaps = step.first_multiplier == quantized_multiplier{1 << 30, 0};

  constexpr quantized_multiplier first = swaps ? step.second_multiplier : step.first_multiplier;
  constexpr quantized_multiplier second = swaps ? step.first_multiplier : step.second_multiplier;
  constexpr quantized_multiplier out = step.output_multiplier;
  const auto spread = [](int8x8_t bytes, std::int32_t zero_point) __attribute__((always_inline)) {
    return vsubq_s16(vshll_n_s8(bytes, 5),
                     vdupq_n_s16(static_cast<std::int16_t>(32 * (zero_point - offset))));
  };
  const auto sum = [&](auto upper, int16x8_t x, int16x8_t y) __attribute__((always_inline)) {
    constexpr bool is_upper = decltype(upper)::value;
    return multiply_by<out>(
        add_addend<second, is_upper>(addend<first, is_upper>(swaps ? y : x), swaps ? x : y));
  };
  if constexpr (flips) {
    a = flip(a);
    b = flip(b);
  }
  const auto half = [&](int8x8_t p, int8x8_t q) __attribute__((always_inline)) {
    const int16x8_t x = spread(p, step.first_zero_point);
    const int16x8_t y = spread(q, step.second_zero_point);
    const int32x4_t low = sum(std::false_type{}, x, y);
    const int32x4_t high = sum(std::true_type{}, x, y);
    const int16x8_t made = is_narrow(step) ? low_halves(low, high) : narrow(low, high);
    return vqaddq_s16(made,
                      vdupq_n_s16(static_cast<std::int16_t>(step.output_zero_point - offset)));
  };
  int8x16_t made =
      narrow(half(vget_low_s8(a), vget_low_s8(b)), half(vget_high_s8(a), vget_high_s8(b)));
  if constexpr (step.clamp != value_range{lowest_of(step.type), highest_of(step.type)}) {
    made = vmaxq_s8(made, vdupq_n_s8(static_cast<std::int8_t>(step.clamp.low - offset)));
    made = vminq_s8(made, vdupq_n_s8(static_cast<std::int8_t>(step.clamp.high - offset)));
  }
  return flips ? flip(made) : made;
}

/// Adds `count` elements; may work in place of either input.
template <step::add Step>
[[gnu::noinline]] inline void add_elements(const unsigned char* a, const unsigned char* b,
                                           unsigned char* to, std::int64_t count) noexcept {
  std::int64_t i = 0;
  for (; i + 16 <= count; i += 16) {
    vst1q_s8(reinterpret_cast<std::int8_t*>(to + i),
             add_16<Step>(load_bytes(a + i), load_bytes(b + i)));
  }
  if (i < count) {
    unsigned char rest[2][16]{};
    std::memcpy(rest[0], a + i, static_cast<std::size_t>(count - i));
    std::memcpy(rest[1], b + i, static_cast<std::size_t>(count - i));
    vst1q_s8(reinterpret_cast<std::int8_t*>(rest[0]),
             add_16<Step>(load_bytes(rest[0]), load_bytes(rest[1])));
    std::memcpy(to + i, rest[0], static_cast<std::size_t>(count - i));
  }
}

/// ADD. Units are runs of 1024 elements.
template <step::add Step>
struct addition {
  static void run(const arguments& given) noexcept {
    constexpr auto step = Step;
    const std::int64_t first = given.units.first * run_elements;
    const std::int64_t end = given.units.last * run_elements;
    add_elements<step>(given.inputs[0] + first, given.inputs[1] + first, given.output + first,
                       (end < step.elements ? end : step.elements) - first);
  }
};

} // namespace inlay::kernels::neon
#endif
