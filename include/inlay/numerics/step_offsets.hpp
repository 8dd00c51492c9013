// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/rounding_bounds.hpp>
#include <inlay/numerics/staircase.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <type_traits>

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

/// The sums at which levels begin, one after the other. All of them are inside the reachable range
/// and their dividends lie equally far apart, so that there is no division for each.
struct step_walk {
  std::uint32_t sum = 0;
  std::int32_t remainder = 0;
  std::uint32_t sum_step = 0;
  std::int32_t remainder_step = 0;
  std::int32_t divisor = 0;

  /// From the dividend of the first; the shift must not be to the left.
  constexpr step_walk(std::int64_t dividend, quantized_multiplier by) noexcept
      : divisor(by.mantissa) {
    const std::int64_t first = divide_up(dividend, divisor);
    sum = static_cast<std::uint32_t>(first);
    remainder = static_cast<std::int32_t>(first * divisor - dividend);
    const std::int64_t apart = std::int64_t{1} << (31 - by.shift);
    const std::int64_t quotient = apart / divisor;
    sum_step = static_cast<std::uint32_t>(quotient);
    remainder_step = static_cast<std::int32_t>(apart - quotient * divisor);
  }
  constexpr void next() noexcept {
    sum += sum_step;
    remainder -= remainder_step;
    if (remainder < 0) {
      remainder += divisor;
      ++sum;
    }
  }
};

/// Several steps at a time; the levels that are left over are for the caller.
template <conversion How, bool Fused, bool SumsAreFloats>
inline std::int32_t include_by_vectors(step_walk& walk, std::int32_t level, std::int32_t end,
                                       float scale, step_offsets& offsets) noexcept {
#ifdef __AVX__
  constexpr int lanes = 4;
#else
  constexpr int lanes = 2;
#endif
  using integers = std::int32_t __attribute__((vector_size(4 * lanes)));
  using naturals = std::uint32_t __attribute__((vector_size(4 * lanes)));
  using floats = float __attribute__((vector_size(4 * lanes)));
  using doubles = double __attribute__((vector_size(8 * lanes)));
  if (end - level < lanes) {
    return level;
  }
  naturals sum{};
  integers remainder{};
  const step_walk first = walk;
  for (int lane = 0; lane < lanes; ++lane, walk.next()) {
    sum[lane] = walk.sum;
    remainder[lane] = walk.remainder;
  }
  // These steps of the walk as one.
  const bool borrows = walk.remainder > first.remainder;
  const std::int32_t remainder_step =
      first.remainder - walk.remainder + (borrows ? first.divisor : 0);
  const std::uint32_t sum_step = walk.sum - first.sum - (borrows ? 1U : 0U);
  doubles least = doubles{} + offsets.least;
  doubles below = doubles{} + offsets.below;
  const auto wide_scale = static_cast<double>(scale);
  // No vector is returned: how that is done depends on the instruction set.
  const auto subtract_product = [&](naturals at, doubles& from) {
    if constexpr (SumsAreFloats) {
      from -= __builtin_convertvector((integers)at, doubles) * wide_scale;
    } else if constexpr (Fused) {
      const floats real = __builtin_convertvector((integers)at, floats);
      from -= __builtin_convertvector(real, doubles) * wide_scale;
    } else {
      const floats product = __builtin_convertvector((integers)at, floats) * scale;
      from -= __builtin_convertvector(product, doubles);
    }
  };
  for (; level + lanes <= end; level += lanes) {
    doubles at;
    __builtin_memcpy(&at, &rounding_bounds<How>[static_cast<std::size_t>(level)], sizeof at);
    doubles before = at;
    subtract_product(sum, at);
    if constexpr (SumsAreFloats) {
      before = at; // one scale more, which is added at the end
    } else {
      subtract_product(sum - 1, before);
    }
    least = at > least ? at : least;
    below = before < below ? before : below;
    remainder -= remainder_step;
    const integers borrow = remainder >> 31;
    remainder += borrow & first.divisor;
    sum = sum + sum_step - (naturals)borrow;
  }
  walk.sum = sum[0];
  walk.remainder = remainder[0];
  const double further = SumsAreFloats ? wide_scale : 0;
  for (int lane = 0; lane < lanes; ++lane) {
    offsets.include(least[lane], below[lane] + further);
  }
  return level;
}

/// Includes the steps to levels in [level, end), the first of which has this dividend.
template <conversion How, bool Fused, bool SumsAreFloats>
constexpr void include_steps(std::int64_t dividend, quantized_multiplier by, std::int32_t level,
                             std::int32_t end, float scale, step_offsets& offsets) noexcept {
  step_walk walk(dividend, by);
  if (!std::is_constant_evaluated()) {
    level = include_by_vectors<How, Fused, SumsAreFloats>(walk, level, end, scale, offsets);
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
