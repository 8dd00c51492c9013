// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/quantized_addition.hpp>
#include <inlay/numerics/rounding_bounds.hpp>
#include <inlay/numerics/step_offsets.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace inlay::detail {

/// Calls `at(first, level)` for the 256 inputs from `least` on whose sums first * scale + start lie
/// within `tolerance` of a whole number, which is `level`.
template <class Function>
constexpr void near_whole_numbers(std::int32_t least, float scale, float start, float tolerance,
                                  const Function& at) noexcept {
  constexpr std::int32_t count = 256;
  constexpr float to_whole = 0x1.8p23F;
  const auto look = [&](std::int32_t first) {
    const float sum = static_cast<float>(first) * scale + start;
    const float whole = (sum + to_whole) - to_whole;
    if (sum - whole <= tolerance && whole - sum <= tolerance) {
      at(first, static_cast<std::int32_t>(whole));
    }
  };
  constexpr std::int32_t block = 16;
  const auto look_at_block = [&](std::int32_t begin) {
    for (std::int32_t first = begin; first < begin + block; ++first) {
      look(first);
    }
  };
  if (std::is_constant_evaluated()) {
    for (std::int32_t first = least; first < least + count; first += block) {
      look_at_block(first);
    }
    return;
  }
  using floats = float __attribute__((vector_size(32)));
  using integers = std::int32_t __attribute__((vector_size(32)));
  constexpr std::int32_t lanes = 8;
  const floats low = floats{0, 1, 2, 3, 4, 5, 6, 7} * scale;
  for (std::int32_t begin = least; begin < least + count; begin += block) {
    integers near{};
    for (std::int32_t part = 0; part < block; part += lanes) {
      const floats sum = low + (static_cast<float>(begin + part) * scale + start);
      const floats rest = sum - ((sum + to_whole) - to_whole);
      near |= (rest <= tolerance) & (rest >= -tolerance);
    }
    using longs = std::int64_t __attribute__((vector_size(32)));
    const auto any = reinterpret_cast<longs>(near);
    if ((any[0] | any[1] | any[2] | any[3]) != 0) {
      look_at_block(begin);
    }
  }
}

/// Searches the constants of a float_addition.
class addition_search {
public:
  /// The greatest output multiplier that is taken: a unit of the shared scale in outputs.
  static constexpr double greatest_unit = 0x1p-8;

  /// `nearest` has the real scales and offset, rounded.
  constexpr addition_search(const quantized_addition& exact, std::int32_t origin,
                            const float_addition& nearest, double unit) noexcept
      : exact_(exact), origin_(origin), nearest_(nearest),
        tolerance_(static_cast<float>(errors_of_form + errors_of_reference * unit)) {
    visit([&](const pair& near) {
      if (count_ < static_cast<int>(pairs_.size())) {
        pairs_[static_cast<std::size_t>(count_)] = near;
      }
      ++count_;
    });
    kept_ = std::min(count_, static_cast<int>(pairs_.size()));
  }

  template <bool Fused>
  constexpr float_addition find() noexcept {
    for (int trial = 0; trial < trials * trials; ++trial) {
      float_addition form{moved(nearest_.first_scale, units(trial / trials)),
                          moved(nearest_.second_scale, units(trial % trials)), 0, true};
      const float middle = offset_for(form);
      for (int step = 0; step < offsets; ++step) {
        form.offset = middle + static_cast<float>(units(step)) * offset_step;
        if (holds_for_kept<Fused>(form) && holds_for_all<Fused>(form)) {
          return form;
        }
      }
    }
    return {};
  }

private:
  struct pair {
    std::int16_t first = 0;
    std::int16_t second = 0;
    std::int16_t level = 0;
    /// Whether the reference's output is this level or more.
    bool reached = false;
  };

  static constexpr int trials = 9;  // scales 4 units in the last place up and down
  static constexpr int offsets = 9; // offsets 4 steps up and down
  static constexpr float offset_step = 0x1p-18F;
  static constexpr double largest_move = 0x1p-15;
  /// How far the form's sum may lie from the real one, for scales below 2 and inputs up to 256:
  /// two scales that are moved (2^-11.8), an offset that is (2^-14), and the roundings (2^-15).
  static constexpr double errors_of_form = 0x1p-11;
  /// How far the reference may, in units: both scaled inputs are within 3/4, the output within 1.
  static constexpr double errors_of_reference = 4;

  quantized_addition exact_;
  std::int32_t origin_ = 0;
  float_addition nearest_{};
  float tolerance_ = 0;
  std::array<pair, 512> pairs_{};
  int count_ = 0;
  int kept_ = 0;

  /// 0, 1, -1, 2, -2, ...
  static constexpr int units(int trial) noexcept {
    return trial % 2 != 0 ? (trial + 1) / 2 : -trial / 2;
  }

  /// Calls `at` for the pairs whose real sums lie near a level: elsewhere form and reference agree.
  template <class Function>
  constexpr void visit(const Function& at) const noexcept {
    const std::int32_t lowest = lowest_of(exact_.type);
    const std::int32_t least = lowest - origin_;
    for (std::int32_t second = least; second < least + 256; ++second) {
      const float start = static_cast<float>(second) * nearest_.second_scale + nearest_.offset;
      near_whole_numbers(
          least, nearest_.first_scale, start, tolerance_,
          [&](std::int32_t first, std::int32_t level) {
            if (level > exact_.clamp.low - lowest && level <= exact_.clamp.high - lowest) {
              const std::int32_t output = exact_.output(first + origin_, second + origin_);
              at({static_cast<std::int16_t>(first), static_cast<std::int16_t>(second),
                  static_cast<std::int16_t>(level), output - lowest >= level});
            }
          });
    }
  }

  /// In the middle of the offsets that would be right for exact arithmetic, or nearly so.
  [[nodiscard]] constexpr float offset_for(const float_addition& form) const noexcept {
    constexpr const auto& bounds = rounding_bounds<conversion::truncate>;
    const auto offset = static_cast<double>(nearest_.offset);
    step_offsets allowed{offset - largest_move, offset + largest_move};
    for (int i = 0; i < kept_; ++i) {
      const pair& near = pairs_[static_cast<std::size_t>(i)];
      const double limit = bounds[static_cast<std::size_t>(near.level)] -
                           near.first * static_cast<double>(form.first_scale) -
                           near.second * static_cast<double>(form.second_scale);
      near.reached ? allowed.include(std::min(limit, offset + largest_move), allowed.below)
                   : allowed.include(allowed.least, std::max(limit, offset - largest_move));
    }
    return allowed.middle();
  }

  template <bool Fused>
  static constexpr bool holds(const float_addition& form, const pair& near) noexcept {
    return (sum_of<Fused>(form, near.first, near.second) >= static_cast<float>(near.level)) ==
           near.reached;
  }

  /// Pairs that fail come first the next time.
  template <bool Fused>
  constexpr bool holds_for_kept(const float_addition& form) noexcept {
    for (int i = 0; i < kept_; ++i) {
      pair& near = pairs_[static_cast<std::size_t>(i)];
      if (!holds<Fused>(form, near)) {
        std::swap(near, pairs_[0]);
        return false;
      }
    }
    return true;
  }

  template <bool Fused>
  [[nodiscard]] constexpr bool holds_for_all(const float_addition& form) const noexcept {
    bool right = true;
    if (count_ > kept_) {
      visit([&](const pair& near) { right = right && holds<Fused>(form, near); });
    }
    return right;
  }
};

} // namespace inlay::detail
