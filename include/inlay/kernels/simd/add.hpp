// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/simd/unroll.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/numerics/float_addition.hpp>
#include <inlay/tensor/bytes.hpp>

namespace inlay::kernels::simd {

constexpr quantized_addition addition_of(const step::add& step) {
  return {step.first_zero_point,
          step.second_zero_point,
          step.first_multiplier,
          step.second_multiplier,
          step.output_zero_point,
          step.output_multiplier,
          step.clamp,
          step.type};
}

/// What is packed for an ADD: two scales, an offset, and whether they are exact.
inline constexpr int addition_bytes = 64;

template <class Arch, step::add Step>
constexpr void pack_addition(unsigned char* out) {
  const float_addition found =
      prove_addition<Arch::fused_multiply_add>(addition_of(Step), lowest_of(Step.type));
  store(out, found.first_scale);
  store(out + 4, found.second_scale);
  store(out + 8, found.offset);
  store(out + 12, std::int32_t{found.exact ? 1 : 0});
}

/// ADD of some elements; may work in place of either input.
template <class Arch, step::add Step>
inline void add_elements(const unsigned char* first, const unsigned char* second, unsigned char* to,
                         std::int64_t count, const unsigned char* packed) noexcept {
  using ints = typename Arch::ints;
  using floats = typename Arch::floats;
  using bytes = typename Arch::bytes;
  static_assert(Arch::rounding == conversion::truncate);
  constexpr auto step = Step;
  constexpr bool is_signed = step.type == element::int8;
  constexpr std::int64_t width = 4 * Arch::lanes;
  std::int64_t i = 0;
  if (load<std::int32_t>(packed + 12) != 0) {
    const ints flip = Arch::broadcast(is_signed ? static_cast<std::int32_t>(0x80808080) : 0);
    const auto constant = [&](int index) __attribute__((always_inline)) {
      return reinterpret_cast<floats>(Arch::broadcast_four(packed + 4 * index));
    };
    const floats first_scale = constant(0), second_scale = constant(1), offset = constant(2);
    for (; i + width <= count; i += width) {
      const ints a = Arch::load(first + i) ^ flip;
      const ints b = Arch::load(second + i) ^ flip;
      ints sums[4];
      unroll<4>([&](auto byte) __attribute__((always_inline)) {
        const floats own = Arch::to_floats(a >> (8 * byte) & 0xFF);
        const floats other = Arch::to_floats(b >> (8 * byte) & 0xFF);
        sums[byte] = Arch::to_ints(
            Arch::multiply_add(own, first_scale, Arch::multiply_add(other, second_scale, offset)));
      });
      bytes result = Arch::interleave(Arch::narrow(sums[0], sums[1], sums[2], sums[3]));
      constexpr auto low = static_cast<unsigned char>(step.clamp.low - lowest_of(step.type));
      constexpr auto high = static_cast<unsigned char>(step.clamp.high - lowest_of(step.type));
      if constexpr (low > 0 || high < 255) {
        result = Arch::clamp_bytes(result, low, high);
      }
      Arch::store(to + i, reinterpret_cast<bytes>(reinterpret_cast<ints>(result) ^ flip));
    }
  }
  constexpr quantized_addition exact = addition_of(step);
  for (; i < count; ++i) {
    to[i] = static_cast<unsigned char>(exact.output(load<element_t<step.type>>(first + i),
                                                    load<element_t<step.type>>(second + i)));
  }
}

/// ADD on its own. A unit is some thousands of elements.
template <class Arch, step::add Step>
struct add {
  static constexpr std::int64_t unit = 4096;
  static constexpr std::size_t packed_bytes = addition_bytes;
  static constexpr std::size_t scratch_bytes = 0;
  static constexpr auto units = static_cast<std::int32_t>((Step.elements + unit - 1) / unit);

  static constexpr void pack(layers /*constants*/, unsigned char* out) noexcept {
    pack_addition<Arch, Step>(out);
  }

  static void run(const arguments& given) noexcept {
    const std::int64_t begin = given.units.first * unit;
    const std::int64_t end = given.units.last * unit;
    const std::int64_t count = (end < Step.elements ? end : Step.elements) - begin;
    add_elements<Arch, Step>(given.inputs[0] + begin, given.inputs[1] + begin, given.output + begin,
                             count, given.packed);
  }
};

} // namespace inlay::kernels::simd
