// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/rounding_bounds.hpp>
#include <inlay/numerics/staircase.hpp>
#include <inlay/numerics/step_offsets.hpp>

#include <array>

// One multiply-add in single precision in place of the reference's two roundings in integers, with
// the proof that it is the same for every sum that a channel can reach.

namespace inlay {

/// A sum becomes an output by convert(float(sum) * scale + offset), where
/// - all outputs are at or above the zero point (as after RELU): that is the level, counted from
///   the type's least value;
/// - else (`requantization::has_two_sides`): the offset has the sign of the sum, and that is the
///   output without its zero point.
/// What is beyond the type's range or the clamp is then limited, by saturating packs or otherwise.
struct float_requantization {
  float scale = 0;
  float offset = 0;
  /// Whether this equals the reference at each reachable sum.
  bool exact = false;

  friend constexpr bool operator==(const float_requantization&,
                                   const float_requantization&) = default;
};

/// What the form gives for a sum, as the processor does it: with one rounding where the
/// multiply-add is fused, else with two.
template <conversion How, bool Fused>
constexpr std::int32_t output_of(const float_requantization& form, const requantization& how,
                                 std::int32_t sum) noexcept {
  const auto real = static_cast<float>(sum);
  const float offset = how.has_two_sides() && sum < 0 ? -form.offset : form.offset;
  const std::int32_t origin = how.has_two_sides() ? how.zero_point : lowest_of(how.type);
  const float level = multiply_add<Fused>(real, form.scale, offset);
  return clamp(to_integer<How>(level) + origin, how.clamp.low, how.clamp.high);
}

namespace detail {

/// The sides of a channel's sums; one of them may be without sums.
struct sides {
  std::array<side, 2> of{};
  int count = 0;

  constexpr sides(const requantization& how, std::int32_t low, std::int32_t high) noexcept {
    if (!how.has_two_sides()) {
      const std::int32_t origin = how.zero_point - lowest_of(how.type);
      of[static_cast<std::size_t>(count++)] = {
          low,    high, how.level(low), how.level(high), how.lowest_level(), how.highest_level(),
          origin, false};
      return;
    }
    const auto result = [&](std::int32_t sum) { return how.output(sum) - how.zero_point; };
    if (high >= 0) {
      const std::int32_t least = std::max<std::int32_t>(low, 0);
      of[static_cast<std::size_t>(count++)] = {
          least, high, result(least), result(high), 0, how.clamp.high - how.zero_point, 0, false};
    }
    if (low < 0) {
      const std::int32_t least = std::max<std::int32_t>(-high, 1);
      of[static_cast<std::size_t>(count++)] = {
          least, -low, -result(-least), -result(low), 0, how.zero_point - how.clamp.low, 0, true};
    }
  }
};

} // namespace detail

/// Looks for a scale and an offset, and proves them: both the reference and this form grow with the
/// sum, so it is enough that they agree on both sides of each of the reference's steps and at the
/// ends of the reachable range. `exact` is false where none were found.
/// A kernel whose multiply-add is not fused must be compiled so that the compiler does not fuse it.
template <conversion How, bool Fused>
constexpr float_requantization prove(const requantization& how, reachable_sums sums) noexcept {
  if (!how.is_monotone(sums) || sums.low == std::numeric_limits<std::int32_t>::min()) {
    return {};
  }
  const auto low = static_cast<std::int32_t>(sums.low);
  const auto high = static_cast<std::int32_t>(sums.high);
  const auto nearest = static_cast<float>(real_of(how.by));
  const auto greatest_sum = static_cast<double>(std::max(-sums.low, sums.high));
  // Multipliers of 1 and more do not occur; converting to an integer must not overflow.
  if (how.by.shift > 0 || how.clamp.high < how.zero_point ||
      greatest_sum * static_cast<double>(nearest) > 0x1p30) {
    return {};
  }
  if (const std::int32_t only = how.output(low); only == how.output(high)) {
    const float middle = How == conversion::truncate ? 0.5F : 0.0F;
    const std::int32_t result =
        how.has_two_sides() ? only - how.zero_point : only - lowest_of(how.type);
    return {0, static_cast<float>(result < 0 ? -result : result) + middle, true};
  }
  const detail::sides sides(how, low, high);
  constexpr int furthest = 4;
  for (int trial = 0; trial <= 2 * furthest; ++trial) {
    const float scale = detail::moved(nearest, trial % 2 != 0 ? (trial + 1) / 2 : -trial / 2);
    detail::step_offsets offsets{};
    if (how.has_two_sides()) {
      offsets.least = 0; // takes the sign of the sum
    }
    for (int i = 0; i < sides.count; ++i) {
      detail::include_side<How, Fused>(how.by, sides.of[static_cast<std::size_t>(i)], scale,
                                       offsets);
    }
    if (const float offset = offsets.middle(); offsets.hold(offset)) {
      return {scale, offset, true};
    }
  }
  return {};
}

} // namespace inlay
