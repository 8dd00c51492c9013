// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/requantize_rows.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::portable {

/// MEAN in numbers that kernels read at run time: a depthwise convolution over the whole image
/// whose weights are 1.
struct averaging {
  std::int32_t pixels = 0;
  std::int32_t channels = 0;
  channel_constants constants{};
  output_stage stage{};

  /// Sums of as many elements fit into 16 bits.
  static constexpr std::int64_t most_pixels = 255;

  static constexpr averaging of(const step::mean& step) {
    averaging made{};
    made.pixels = step.in.height * step.in.width;
    made.channels = step.in.channels;
    weight_sums ones;
    ones.positive = made.pixels;
    made.constants = channel_constants_of(0, step.multiplier, ones,
                                          input_range_of(step.type, step.input_zero_point));
    made.stage = output_stage::of(step.type, step.output_zero_point,
                                  {lowest_of(step.type), highest_of(step.type)});
    return made;
  }
};

/// Whether a step is such an average; others are left to the reference.
constexpr bool is_averaging(const step::mean& step) {
  return std::int64_t{step.in.height} * step.in.width <= averaging::most_pixels &&
         step.in.channels % 4 == 0 &&
         (averaging::of(step).constants.code & channel_constants::careful) == 0;
}

template <step::mean Step>
inline constexpr averaging averaging_of = averaging::of(Step);

/// The means of an image's channels, four channels in two words at a time.
template <class Core, element Type>
[[gnu::noinline]] void mean(const averaging& given, const unsigned char* from,
                            unsigned char* out) noexcept {
  // Copies, because what `out` points to may be anything. Signed elements are summed up as unsigned
  // ones, 128 larger.
  constexpr word flips = Type == element::int8 ? 0x80808080U : 0;
  const std::int32_t pixels = given.pixels;
  const std::int32_t channels = given.channels;
  const std::int32_t mantissa = given.constants.mantissa;
  const std::int32_t shift = given.constants.code;
  const std::int32_t offset = given.stage.offset(given.constants.code);
  const value_range range = given.stage.clamp;
  const std::int32_t bias = given.constants.bias - (Type == element::int8 ? 128 * pixels : 0);
  const auto put = [&](word sum) {
    const std::int32_t doubled = 2 * (static_cast<std::int32_t>(sum) + bias);
    *out++ = requantize<Core, Type, requantization{false, false}>(doubled, mantissa, offset, shift,
                                                                  range);
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
