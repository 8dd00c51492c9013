// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/divide_up.hpp>
#include <inlay/numerics/rounding_bounds.hpp>
#include <inlay/numerics/staircase.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

// For one channel and one scale: between which offsets does float(sum) * scale + offset step where
// the reference does? A step at the sum t is right if the offset is at least
// bound - t * scale and below bound - (t - 1) * scale.

namespace inlay::detail {

/// The offsets that are right at every step looked at so far.
struct step_offsets {
  double least = -std::numeric_limits<double>::infinity();
  double below = std::numeric_limits<double>::infinity();

  /// Products of two floats are exact in double precision. Near a step they are below 2^10 for
  /// scales up to 2^8, so that two sums of such numbers lose less than this.
  static constexpr double margin = 0x1p-40;

  constexpr void include(double offset_at, double offset_before) noexcept {
    least = std::max(least, offset_at);
    below = std::min(below, offset_before);
  }
  [[nodiscard]] constexpr float middle() const noexcept {
    return static_cast<float>((least + below) / 2);
  }
  [[nodiscard]] constexpr bool hold(float offset) const noexcept {
    const auto value = static_cast<double>(offset);
    return value >= least + margin && value <= below - margin && below < 0x1p20 && least > -0x1p20;
  }
};

/// A positive float moved by some units in its last place.
constexpr float moved(float positive, int units) noexcept {
  return std::bit_cast<float>(std::bit_cast<std::int32_t>(positive) + units);
}

/// float(sum) * scale as the processor has it: exact if it is part of a fused multiply-add.
template <bool Fused>
constexpr double scaled(std::int32_t sum, float scale) noexcept {
  const double product = static_cast<double>(static_cast<float>(sum)) * static_cast<double>(scale);
  return Fused ? product : static_cast<double>(static_cast<float>(product));
}

/// From the sum at which a level begins to that of a level further on, for one divisor.
struct step_stride {
  std::uint32_t sum = 0;
  /// By how much the remainder falls; where it would be negative it grows by the divisor instead,
  /// and the sum by one more.
  std::int32_t remainder = 0;

  [[nodiscard]] constexpr step_stride plus(step_stride other, std::int32_t divisor) const noexcept {
    // Without branches, which no processor could foresee.
    const std::int32_t rest = remainder - (divisor - other.remainder);
    const std::int32_t borrow = rest >> 31;
    return {sum + other.sum + static_cast<std::uint32_t>(1 + borrow), rest + (borrow & divisor)};
  }
};

/// The sums at which levels begin, one after the other. All of them are inside the reachable range
/// and their dividends lie equally far apart, so that there is no division for each.
struct step_walk {
  std::uint32_t sum = 0;
  std::int32_t remainder = 0;
  step_stride stride{};
  std::int32_t divisor = 0;

  /// From the dividend of the first; the shift must not be to the left.
  constexpr step_walk(std::int64_t dividend, quantized_multiplier by) noexcept
      : divisor(by.mantissa) {
    const std::int64_t first = divide_up(dividend, divisor);
    sum = static_cast<std::uint32_t>(first);
    remainder = static_cast<std::int32_t>(first * divisor - dividend);
    const std::int64_t apart = std::int64_t{1} << (31 - by.shift);
    const std::int64_t quotient = apart / divisor;
    stride = {static_cast<std::uint32_t>(quotient),
              static_cast<std::int32_t>(apart - quotient * divisor)};
  }
  constexpr void next() noexcept {
    remainder -= stride.remainder;
    const std::int32_t borrow = remainder >> 31;
    remainder += borrow & divisor;
    sum += stride.sum - static_cast<std::uint32_t>(borrow);
  }
};

/// How many steps include_by_vectors takes at a time: two vectors of doubles.
#ifdef __AVX2__
inline constexpr int step_lanes = 8;
#else
inline constexpr int step_lanes = 4;
#endif

/// Includes the steps to levels in [level, end), step_lanes or more.
template <conversion How, bool Fused, bool SumsAreFloats>
inline void include_by_vectors(const step_walk& walk, std::int32_t level, std::int32_t end,
                               float scale, step_offsets& offsets) noexcept {
  constexpr int lanes = step_lanes, half = lanes / 2;
  using integers = std::int32_t __attribute__((vector_size(4 * lanes)));
  using naturals = std::uint32_t __attribute__((vector_size(4 * lanes)));
  using floats = float __attribute__((vector_size(4 * lanes)));
  using doubles = double __attribute__((vector_size(8 * lanes)));
  using half_doubles = double __attribute__((vector_size(8 * half)));
  naturals sum = naturals{} + walk.sum;
  integers remainder = integers{} + walk.remainder;
  // No vector is passed or returned by value: how that is done depends on the instruction set.
  const auto move = [&](step_stride by, const integers& which) __attribute__((always_inline)) {
    remainder -= by.remainder & which;
    const integers borrow = remainder >> 31;
    remainder += borrow & walk.divisor;
    sum += (by.sum & reinterpret_cast<naturals>(which)) - reinterpret_cast<naturals>(borrow);
  };
  // Each lane goes as many levels ahead as its number is. Where the levels are not whole vectors,
  // the second vector repeats some of the first.
  const int rest = (end - level) % lanes;
  step_stride to_second{};
  step_stride stride = walk.stride;
  integers lane{};
  for (int i = 0; i < lanes; ++i) {
    lane[i] = i;
  }
  for (int bit = 1; bit < lanes; bit *= 2) {
    move(stride, (lane & bit) != 0);
    const step_stride further = to_second.plus(stride, walk.divisor);
    to_second = (rest & bit) != 0 ? further : to_second;
    stride = stride.plus(stride, walk.divisor);
  }
  half_doubles least = half_doubles{} + offsets.least;
  half_doubles below = half_doubles{} + offsets.below;
  const auto wide_scale = static_cast<double>(scale);
  const auto subtract_products = [&](const naturals& at, half_doubles& first, half_doubles& second)
      __attribute__((always_inline)) {
    doubles wide;
    if constexpr (SumsAreFloats) {
      wide = __builtin_convertvector(reinterpret_cast<integers>(at), doubles);
    } else if constexpr (Fused) {
      wide = __builtin_convertvector(
          __builtin_convertvector(reinterpret_cast<integers>(at), floats), doubles);
    } else {
      const floats product =
          __builtin_convertvector(reinterpret_cast<integers>(at), floats) * scale;
      wide = __builtin_convertvector(product, doubles);
    }
    const double by = Fused ? wide_scale : 1;
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      first -= __builtin_shufflevector(wide, wide, I...) * by;
      second -= __builtin_shufflevector(wide, wide, (half + I)...) * by;
    }
    (std::make_index_sequence<half>{});
  };
  const auto include = [&](std::int32_t from) __attribute__((always_inline)) {
    const double* const bounds = &rounding_bounds<How>[static_cast<std::size_t>(from)];
    half_doubles first;
    half_doubles second;
    __builtin_memcpy(&first, bounds, sizeof first);
    __builtin_memcpy(&second, bounds + half, sizeof second);
    half_doubles first_before = first;
    half_doubles second_before = second;
    subtract_products(sum, first, second);
    if constexpr (SumsAreFloats) { // one scale more, which is added at the end
      first_before = first;
      second_before = second;
    } else {
      subtract_products(sum - 1, first_before, second_before);
    }
    least = first > least ? first : least;
    least = second > least ? second : least;
    below = first_before < below ? first_before : below;
    below = second_before < below ? second_before : below;
  };
  const integers all = integers{} - 1;
  include(level);
  move(rest != 0 ? to_second : stride, all);
  level += rest != 0 ? rest : lanes;
  for (; level < end; level += lanes) {
    include(level);
    move(stride, all);
  }
  const double further = SumsAreFloats ? wide_scale : 0;
  for (int i = 0; i < half; ++i) {
    offsets.include(least[i], below[i] + further);
  }
}

/// Includes the steps to levels in [level, end), the first of which has this dividend.
template <conversion How, bool Fused, bool SumsAreFloats>
constexpr void include_steps(std::int64_t dividend, quantized_multiplier by, std::int32_t level,
                             std::int32_t end, float scale, step_offsets& offsets) noexcept {
  step_walk walk(dividend, by);
  if (!std::is_constant_evaluated() && end - level >= step_lanes) {
    include_by_vectors<How, Fused, SumsAreFloats>(walk, level, end, scale, offsets);
    return;
  }
  for (; level < end; ++level, walk.next()) {
    const double bound = rounding_bounds<How>[static_cast<std::size_t>(level)];
    const auto sum = static_cast<std::int32_t>(walk.sum);
    offsets.include(bound - scaled<Fused>(sum, scale), bound - scaled<Fused>(sum - 1, scale));
  }
}

/// Sums (or magnitudes of negative sums) from `low` to `high`, whose levels go from `first` to
/// `last`; what is below `lowest` or above `highest` is clamped. Level `origin` is result 0.
struct side {
  std::int32_t low = 0;
  std::int32_t high = 0;
  std::int32_t first = 0;
  std::int32_t last = 0;
  std::int32_t lowest = 0;
  std::int32_t highest = 0;
  std::int32_t origin = 0;
  bool mirrored = false;
};

/// Includes all that must hold for the sums of one side.
template <conversion How, bool Fused>
constexpr void include_side(quantized_multiplier by, const side& of, float scale,
                            step_offsets& offsets) noexcept {
  if (of.first > of.lowest) {
    offsets.least =
        std::max(offsets.least, rounding_bounds<How>[static_cast<std::size_t>(of.first)] -
                                    scaled<Fused>(of.low, scale));
  }
  if (of.last < of.highest) {
    const std::int32_t beyond = of.last + 1;
    offsets.below = std::min(offsets.below, rounding_bounds<How>[static_cast<std::size_t>(beyond)] -
                                                scaled<Fused>(of.high, scale));
  }
  constexpr std::int32_t floats_are_whole = 1 << 24;
  const bool whole = Fused && of.low >= -floats_are_whole && of.high <= floats_are_whole;
  const auto include = [&](std::int32_t level, std::int32_t end) {
    if (level < end) {
      const std::int64_t dividend = of.mirrored ? mirrored_dividend_of(level - of.origin, by).value
                                                : dividend_of(level - of.origin, by).value;
      whole ? include_steps<How, Fused, true>(dividend, by, level, end, scale, offsets)
            : include_steps<How, Fused, false>(dividend, by, level, end, scale, offsets);
    }
  };
  // Dividends of results up to 0 and above are not equally far apart.
  const std::int32_t split = std::clamp(of.origin + 1, of.first + 1, of.last + 1);
  include(of.first + 1, split);
  include(split, of.last + 1);
}

} // namespace inlay::detail
