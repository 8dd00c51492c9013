// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/simd/unroll.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/numerics/fixed_point.hpp>
#include <inlay/tensor/bytes.hpp>

#include <cstring>

namespace inlay::kernels::simd {

/// MEAN over height and width: some channels of all pixels at a time.
template <class Arch, step::mean Step>
struct mean {
  static constexpr std::size_t packed_bytes = 0;
  static constexpr std::size_t scratch_bytes = 0;
  static constexpr std::int32_t units = 1;
  static constexpr void pack(layers /*constants*/, unsigned char* /*out*/) noexcept {}

  static void run(const arguments& given) noexcept {
    constexpr auto step = Step;
    constexpr std::int32_t channels = step.in.channels, most = 4 * Arch::lanes;
    std::int32_t channel = 0;
    for (; channel + most <= channels; channel += most) {
      four_vectors(given, channel);
    }
    for (; channel < channels; ++channel) {
      one(given, channel);
    }
  }

private:
  static constexpr quantized_multiplier by = Step.multiplier;
  static constexpr std::int32_t pixels = Step.in.height * Step.in.width;
  static constexpr auto start = static_cast<std::int32_t>(
      -static_cast<std::uint32_t>(pixels) * static_cast<std::uint32_t>(Step.input_zero_point));
  static constexpr std::int32_t low = lowest_of(Step.type), high = highest_of(Step.type);

  static void four_vectors(const arguments& given, std::int32_t channel) noexcept {
    constexpr auto step = Step;
    using ints = typename Arch::ints;
    const ints flip =
        Arch::broadcast(step.type == element::int8 ? static_cast<std::int32_t>(0x80808080) : 0);
    // Sums of levels, which are never negative, instead of elements.
    constexpr auto first = static_cast<std::int32_t>(static_cast<std::uint32_t>(start) +
                                                     static_cast<std::uint32_t>(pixels) *
                                                         static_cast<std::uint32_t>(low));
    ints sums[4];
    unroll<4>([&](auto i) __attribute__((always_inline)) { sums[i] = Arch::broadcast(first); });
    const unsigned char* pixel = given.inputs[0] + channel;
    for (std::int32_t i = 0; i < pixels; ++i, pixel += step.in.channels) {
      const ints some = Arch::load(pixel) ^ flip;
      unroll<4>([&](auto byte)
                    __attribute__((always_inline)) { sums[byte] += some >> (8 * byte) & 0xFF; });
    }
    unroll<4>([&](auto i) __attribute__((always_inline)) {
      constexpr std::int32_t mantissa = by.mantissa, shift = by.shift;
      constexpr std::int32_t zero_point = step.output_zero_point, least = low, most = high;
      const ints scaled =
          Arch::multiply(sums[i], Arch::broadcast(mantissa), Arch::broadcast(shift));
      sums[i] = Arch::clamp(scaled + zero_point, least, most) - least;
    });
    const auto bytes = Arch::interleave(Arch::narrow(sums[0], sums[1], sums[2], sums[3]));
    Arch::store(given.output + channel,
                reinterpret_cast<typename Arch::bytes>(reinterpret_cast<ints>(bytes) ^ flip));
  }

  static void one(const arguments& given, std::int32_t channel) noexcept {
    constexpr auto step = Step;
    std::int32_t sum = start;
    const unsigned char* pixel = given.inputs[0] + channel;
    for (std::int32_t i = 0; i < pixels; ++i, pixel += step.in.channels) {
      sum += static_cast<element_t<step.type>>(*pixel);
    }
    const std::int32_t result = wrapping_add(multiply(sum, by), step.output_zero_point);
    given.output[channel] = static_cast<unsigned char>(clamp(result, low, high));
  }
};

} // namespace inlay::kernels::simd
