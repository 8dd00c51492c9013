// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/requantize_rows.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::portable {

/// MEAN in numbers that kernels read at run time: sums plus `bias` become outputs as sums of
/// products do, see channel_constants.hpp, but that the exponent may be 0.
struct averaging {
  std::int32_t pixels = 0;
  std::int32_t channels = 0;
  std::int32_t bias = 0;
  std::int32_t mantissa = 0;
  std::int32_t exponent = 0;
  std::int32_t zero_point = 0;

  /// Sums of as many elements fit into 16 bits.
  static constexpr std::int64_t most_pixels = 255;
};

/// Whether a step is such an average; others are left to the reference.
constexpr bool is_averaging(const step::mean& step) {
  return std::int64_t{step.in.height} * step.in.width <= averaging::most_pixels &&
         step.in.channels % 4 == 0 && step.multiplier.shift <= 0 && step.multiplier.shift >= -22;
}

template <step::mean Step>
inline constexpr averaging averaging_of = [] {
  constexpr auto step = Step;
  constexpr quantized_multiplier by = step.multiplier;
  constexpr std::int32_t pixels = step.in.height * step.in.width;
  return averaging{pixels,      step.in.channels, -step.input_zero_point * pixels,
                   by.mantissa, -by.shift,        step.output_zero_point};
}();

/// The means of an image's channels, four channels in two words at a time.
template <class Core, element Type>
[[gnu::noinline]] void mean(const averaging& given, const unsigned char* from,
                            unsigned char* out) noexcept {
  // Copies, because what `out` points to may be anything. Signed elements are summed up as unsigned
  // ones, 128 larger.
  constexpr word flips = Type == element::int8 ? 0x80808080U : 0;
  const std::int32_t pixels = given.pixels;
  const std::int32_t channels = given.channels;
  const std::int32_t mantissa = given.mantissa;
  const std::int32_t bias = given.bias - (Type == element::int8 ? 128 * pixels : 0);
  // Without a second rounding there is nothing to be corrected below zero, and nothing to be
  // halved.
  const bool rounds_again = given.exponent > 0;
  const std::int32_t up = rounds_again ? 0 : 1;
  const std::int32_t down = rounds_again ? given.exponent - 1 : 0;
  const std::int32_t below_zero = rounds_again ? -1 : 0;
  const std::int32_t offset =
      rounds_again ? (2 * given.zero_point + 1) * (1 << down) : given.zero_point;
  const auto put = [&](word sum) {
    const std::int32_t doubled = 2 * (static_cast<std::int32_t>(sum) + bias);
    const std::int32_t scaled =
        Core::scale(doubled, mantissa, offset + ((doubled >> 31) & below_zero));
    *out++ =
        static_cast<unsigned char>(saturate_half<Type>(wrapping_shift_left(scaled, up) >> down));
  };
  for (std::int32_t channel = 0; channel < channels; channel += 4, from += 4) {
    word even = 0;
    word odd = 0;
    const unsigned char* pixel = from;
    for (std::int32_t left = pixels; left > 0; --left, pixel += channels) {
      const word four = load_word(pixel) ^ flips;
      even = Core::template add_bytes<false>(even, four);
      odd = Core::template add_bytes<true>(odd, four);
    }
    put(even & 0xffff);
    put(odd & 0xffff);
    put(even >> 16);
    put(odd >> 16);
  }
}

/// What `mean` asks of a core.
struct byte_sums {
  /// Adds bytes 0 and 2 of four, or with Odd bytes 1 and 3, to the halves of a word.
  template <bool Odd>
  [[gnu::always_inline]] static word add_bytes(word sums, word four) noexcept {
    return sums + ((Odd ? four >> 8 : four) & 0x00ff00ffU);
  }
};

} // namespace inlay::kernels::portable
