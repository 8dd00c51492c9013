// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/requantize_rows.hpp>
#include <inlay/lower/steps.hpp>

namespace inlay::kernels::portable {

/// ADD in numbers that kernels read at run time. Each operand becomes
/// rdbpot(srdhm((x - zero_point) << 20, mantissa), exponent), where srdhm is one multiplication of
/// (x - zero_point) << 21, see channel_constants.hpp.
struct addition {
  struct operand {
    std::int32_t zero_point = 0;
    std::int32_t mantissa = 0;
    std::int32_t exponent = 0;

    /// What is added to the product before it is shifted.
    [[nodiscard]] constexpr std::int32_t half() const noexcept {
      return exponent == 0 ? 0 : 1 << (exponent - 1);
    }
  };
  operand first{};
  operand second{};
  std::int32_t mantissa = 0;
  std::uint8_t code = 0;
  output_stage stage{};
};

/// Whether a step is such an addition; others are left to the reference.
constexpr bool is_addition(const step::add& step) {
  const auto shrinks = [](quantized_multiplier by, int most) {
    return by.shift <= 0 && by.shift >= -most;
  };
  return shrinks(step.first_multiplier, 22) && shrinks(step.second_multiplier, 22) &&
         shrinks(step.output_multiplier, 22) && step.output_multiplier.shift < 0;
}

template <step::add Step>
inline constexpr addition addition_of = [] {
  constexpr auto step = Step;
  constexpr quantized_multiplier first = step.first_multiplier;
  constexpr quantized_multiplier second = step.second_multiplier;
  constexpr quantized_multiplier out = step.output_multiplier;
  return addition{{step.first_zero_point, first.mantissa, -first.shift},
                  {step.second_zero_point, second.mantissa, -second.shift},
                  out.mantissa,
                  static_cast<std::uint8_t>(-out.shift - 1),
                  output_stage::of(step.type, step.output_zero_point, step.clamp)};
}();

/// An operand of an addition, ready for its elements.
class widened {
public:
  explicit widened(const addition::operand& from) noexcept
      : less_(wrapping_shift_left(from.zero_point, up)), mantissa_(from.mantissa),
        half_(from.half()), exponent_(from.exponent), sign_(from.exponent == 0 ? 0 : -1) {}

  template <class Core, element Type>
  [[gnu::always_inline]] std::int32_t scaled(unsigned char element) const noexcept {
    const std::int32_t x = wrapping_shift_left(static_cast<element_t<Type>>(element), up) - less_;
    return Core::scale(x, mantissa_, half_ + ((x >> 31) & sign_)) >> exponent_;
  }

private:
  static constexpr int up = step::add::left_shift + 1;

  std::int32_t less_;
  std::int32_t mantissa_;
  std::int32_t half_;
  std::int32_t exponent_;
  /// 0 where nothing is rounded a second time.
  std::int32_t sign_;
};

/// May work in place of either input.
template <class Core, element Type>
[[gnu::noinline]] void add(const addition& given, const unsigned char* first,
                           const unsigned char* second, unsigned char* out,
                           std::int64_t count) noexcept {
  // Copies, because what `out` points to may be anything.
  const widened a(given.first);
  const widened b(given.second);
  const std::int32_t mantissa = given.mantissa;
  const std::int32_t shift = given.code;
  const std::int32_t offset = given.stage.offset(given.code);
  const value_range range = given.stage.clamp;
  const auto sum_up = [&]<requantization How>() {
    const unsigned char* const end = out + count;
    for (; out != end; ++out, ++first, ++second) {
      const std::int32_t sum =
          a.template scaled<Core, Type>(*first) + b.template scaled<Core, Type>(*second);
      *out =
          requantize<Core, Type, How>(wrapping_shift_left(sum, 1), mantissa, offset, shift, range);
    }
  };
  if (given.stage.how.clamps) {
    sum_up.template operator()<requantization{false, true}>();
  } else {
    sum_up.template operator()<requantization{false, false}>();
  }
}

} // namespace inlay::kernels::portable
