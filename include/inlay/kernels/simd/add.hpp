// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/simd/packing.hpp>
#include <inlay/lower/channel.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/tensor/bytes.hpp>

namespace inlay::kernels::simd {

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

/// The levels of four elements a lane by three roundings in integers, as the reference does it;
/// inputs are counted from the type's lowest value.
template <class Arch, step::add Step>
[[gnu::always_inline]] inline typename Arch::ints
add_integers(typename Arch::ints first, typename Arch::ints second) noexcept {
  constexpr auto step = Step;
  constexpr std::int32_t lowest = lowest_of(step.type);
  const auto scaled = [](auto values, auto by) __attribute__((always_inline)) {
    return Arch::multiply(values, Arch::broadcast(by.mantissa), Arch::broadcast(by.shift));
  };
  constexpr quantized_multiplier by1 = step.first_multiplier, by2 = step.second_multiplier,
                                 by = step.output_multiplier;
  const auto a = scaled((first - (step.first_zero_point - lowest)) << step::add::left_shift, by1);
  const auto b = scaled((second - (step.second_zero_point - lowest)) << step::add::left_shift, by2);
  return Arch::clamp(scaled(a + b, by) + step.output_zero_point, step.clamp.low, step.clamp.high) -
         lowest;
}

/// ADD of some elements, a multiple of four vectors; may work in place of either input.
template <class Arch, step::add Step, form How>
inline void add_vectors(const unsigned char* first, const unsigned char* second, unsigned char* to,
                        std::int64_t count, const unsigned char* packed) noexcept {
  using ints = typename Arch::ints;
  using floats = typename Arch::floats;
  using bytes = typename Arch::bytes;
  static_assert(Arch::rounding == conversion::truncate);
  constexpr auto step = Step;
  constexpr auto low = static_cast<unsigned char>(step.clamp.low - lowest_of(step.type));
  constexpr auto high = static_cast<unsigned char>(step.clamp.high - lowest_of(step.type));
  const ints flip =
      Arch::broadcast(step.type == element::int8 ? static_cast<std::int32_t>(0x80808080) : 0);
  const auto constant = [&](int index) __attribute__((always_inline)) {
    return reinterpret_cast<floats>(Arch::broadcast_four(packed + 4 * index));
  };
  const floats first_scale = constant(0), second_scale = constant(1), offset = constant(2);
  for (std::int64_t i = 0; i < count; i += 4 * Arch::lanes) {
    const ints a = Arch::load(first + i) ^ flip;
    const ints b = Arch::load(second + i) ^ flip;
    ints sums[4];
    unroll<4>([&](auto byte) __attribute__((always_inline)) {
      const ints own = a >> (8 * byte) & 0xFF, other = b >> (8 * byte) & 0xFF;
      if constexpr (How == form::floats) {
        sums[byte] = Arch::to_ints(
            Arch::multiply_add(Arch::to_floats(own), first_scale,
                               Arch::multiply_add(Arch::to_floats(other), second_scale, offset)));
      } else {
        sums[byte] = add_integers<Arch, Step>(own, other);
      }
    });
    bytes result = Arch::interleave(Arch::narrow(sums[0], sums[1], sums[2], sums[3]));
    if constexpr (How == form::floats && (low > 0 || high < 255)) {
      result = Arch::clamp_bytes(result, low, high);
    }
    Arch::store(to + i, reinterpret_cast<bytes>(reinterpret_cast<ints>(result) ^ flip));
  }
}

/// ADD of some elements; may work in place of either input.
template <class Arch, step::add Step>
inline void add_elements(const unsigned char* first, const unsigned char* second, unsigned char* to,
                         std::int64_t count, const unsigned char* packed) noexcept {
  constexpr element type = Step.type;
  const std::int64_t whole = count / (4 * Arch::lanes) * (4 * Arch::lanes);
  if (load<std::int32_t>(packed + 12) != 0) {
    add_vectors<Arch, Step, form::floats>(first, second, to, whole, packed);
  } else {
    add_vectors<Arch, Step, form::integers>(first, second, to, whole, packed);
  }
  constexpr quantized_addition exact = addition_of(Step);
  for (std::int64_t i = whole; i < count; ++i) {
    to[i] = static_cast<unsigned char>(
        exact.output(load<element_t<type>>(first + i), load<element_t<type>>(second + i)));
  }
}

/// ADD on its own. A unit is some thousands of elements.
template <class Arch, step::add Step>
struct add {
  static constexpr std::int64_t unit = 4096;
  static constexpr std::size_t packed_bytes = addition_bytes;
  static constexpr std::size_t scratch_bytes = 0;
  static constexpr auto units = static_cast<std::int32_t>(divide_up(Step.elements, unit));

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
