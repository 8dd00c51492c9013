// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/arguments.hpp>
#include <inlay/lower/steps.hpp>
#include <inlay/numerics/fixed_point.hpp>
#include <inlay/tensor/bytes.hpp>

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
      some<most>(given, channel);
    }
    for (; channel < channels; ++channel) {
      some<1>(given, channel);
    }
  }

private:
  template <int Count>
  static void some(const arguments& given, std::int32_t channel) noexcept {
    constexpr auto step = Step;
    constexpr quantized_multiplier by = step.multiplier;
    constexpr std::int32_t pixels = step.in.height * step.in.width;
    constexpr auto start = static_cast<std::int32_t>(
        -static_cast<std::uint32_t>(pixels) * static_cast<std::uint32_t>(step.input_zero_point));
    std::int32_t sums[Count];
    for (std::int32_t& sum : sums) {
      sum = start;
    }
    const unsigned char* pixel = given.inputs[0] + channel;
    for (std::int32_t i = 0; i < pixels; ++i, pixel += step.in.channels) {
      for (int c = 0; c < Count; ++c) {
        sums[c] += static_cast<element_t<step.type>>(pixel[c]);
      }
    }
    for (int c = 0; c < Count; ++c) {
      const std::int32_t result = wrapping_add(multiply(sums[c], by), step.output_zero_point);
      given.output[channel + c] =
          static_cast<unsigned char>(clamp(result, lowest_of(step.type), highest_of(step.type)));
    }
  }
};

} // namespace inlay::kernels::simd
