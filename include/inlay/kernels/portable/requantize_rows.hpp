// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/channel_constants.hpp>
#include <inlay/kernels/portable/words.hpp>

namespace inlay::kernels::portable {

/// half / 2, rounded down, in the range of an 8-bit type.
template <element Type>
[[gnu::always_inline]] inline std::int32_t saturate_half(std::int32_t half) noexcept {
#if INLAY_THUMB2
  std::int32_t result = 0;
  if constexpr (Type == element::int8) {
    __asm__("ssat %0, #8, %1, asr #1" : "=r"(result) : "r"(half) : "cc");
  } else {
    __asm__("usat %0, #8, %1, asr #1" : "=r"(result) : "r"(half) : "cc");
  }
  return result;
#else
  return clamp(half >> 1, lowest_of(Type), highest_of(Type));
#endif
}

/// The sums of one output channel, without bias, and where its outputs go, each `stride` apart.
struct channel_row {
  const std::int32_t* sums = nullptr;
  std::int32_t sums_stride = 1;
  unsigned char* out = nullptr;
  std::int32_t out_stride = 1;
  std::int32_t count = 0;
};

/// One of the channels that `channel_constants` calls careful; its sums are `Doubled` or not.
template <bool Doubled>
[[gnu::noinline]] void requantize_carefully(const channel_row& row,
                                            const channel_constants& channel,
                                            const output_stage& stage) noexcept {
  for (std::int32_t i = 0; i < row.count; ++i) {
    const std::int32_t sum = row.sums[i * row.sums_stride];
    row.out[i * row.out_stride] =
        static_cast<unsigned char>(requantize_carefully(Doubled ? sum >> 1 : sum, channel, stage));
  }
}

template <class Core, element Type, requantization How>
[[gnu::always_inline]] inline unsigned char requantize(std::int32_t sum, std::int32_t mantissa,
                                                       std::int32_t offset, std::int32_t shift,
                                                       const value_range& range) noexcept {
  constexpr bool hides_negative = How.hides_negative;
  constexpr bool clamps = How.clamps;
  const std::int32_t start = hides_negative ? offset : offset + (sum >> 31);
  std::int32_t result = saturate_half<Type>(Core::scale(sum, mantissa, start) >> shift);
  if constexpr (clamps) {
    result = clamp(result, range.low, range.high);
  }
  return static_cast<unsigned char>(result);
}

/// Two channels whose sums lie side by side, with their biases in them.
template <class Core, element Type, requantization How>
[[gnu::noinline]] void requantize_pair(const std::int32_t* sums, std::int32_t count,
                                       const channel_constants (&channels)[2],
                                       const output_stage& stage, unsigned char* out,
                                       std::int32_t stride) noexcept {
  const std::int32_t offset_0 = stage.offset(channels[0].code);
  const std::int32_t offset_1 = stage.offset(channels[1].code);
  const std::int32_t mantissa_0 = channels[0].mantissa;
  const std::int32_t mantissa_1 = channels[1].mantissa;
  const std::int32_t shift_0 = channels[0].code;
  const std::int32_t shift_1 = channels[1].code;
  const value_range range = stage.clamp;
  const std::int32_t* const end = sums + 2 * count;
  for (; sums != end; sums += 2, out += stride) {
    const std::int32_t first = sums[0];
    const std::int32_t second = sums[1];
    out[0] = requantize<Core, Type, How>(first, mantissa_0, offset_0, shift_0, range);
    out[1] = requantize<Core, Type, How>(second, mantissa_1, offset_1, shift_1, range);
  }
}

/// One channel whose sums are without bias, and not doubled.
template <class Core, element Type, requantization How>
[[gnu::noinline]] void requantize_plane(const std::int32_t* sums, std::int32_t count,
                                        const channel_constants& channel, const output_stage& stage,
                                        unsigned char* out, std::int32_t stride) noexcept {
  const std::int32_t offset = stage.offset(channel.code);
  const std::int32_t bias = wrapping_shift_left(channel.bias, 1);
  const std::int32_t mantissa = channel.mantissa;
  const std::int32_t shift = channel.code;
  const value_range range = stage.clamp;
  const std::int32_t* const end = sums + count;
  for (; sums != end; ++sums, out += stride) {
    const std::int32_t sum = wrapping_add(bias, wrapping_shift_left(*sums, 1));
    *out = requantize<Core, Type, How>(sum, mantissa, offset, shift, range);
  }
}

/// Calls `function` with the requantization that a stage needs, as a template argument.
template <class Function>
[[gnu::always_inline]] inline void with_requantization(const output_stage& stage,
                                                       const Function& function) noexcept {
  if (stage.how.clamps) {
    function.template operator()<requantization{false, true}>();
  } else if (stage.how.hides_negative) {
    function.template operator()<requantization{true, false}>();
  } else {
    function.template operator()<requantization{false, false}>();
  }
}

} // namespace inlay::kernels::portable
