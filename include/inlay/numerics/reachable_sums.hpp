// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/quantization.hpp>

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace inlay {

/// The sum of a channel's positive weights and that of its negative ones, zero point removed.
struct weight_sums {
  std::int64_t positive = 0;
  std::int64_t negative = 0;

  [[nodiscard]] constexpr std::int64_t total() const noexcept { return positive + negative; }
  constexpr void add(std::int32_t weight) noexcept {
    positive += weight > 0 ? weight : 0;
    negative += weight < 0 ? weight : 0;
  }
};

/// The least and the largest sum that a channel can reach, both included.
struct reachable_sums {
  std::int64_t low = 0;
  std::int64_t high = 0;

  friend constexpr bool operator==(const reachable_sums&, const reachable_sums&) = default;
};

/// bias + sum of w * (x - zero_point) for any x in `input`, where any of the taps may be left out.
constexpr reachable_sums reachable(std::int64_t bias, weight_sums weights, value_range input,
                                   std::int32_t zero_point) noexcept {
  const std::int64_t least = std::min<std::int64_t>(input.low - zero_point, 0);
  const std::int64_t most = std::max<std::int64_t>(input.high - zero_point, 0);
  return {bias + weights.positive * least + weights.negative * most,
          bias + weights.positive * most + weights.negative * least};
}

/// The same for inputs anywhere in the element type's range.
constexpr reachable_sums reachable(std::int64_t bias, weight_sums weights, element input,
                                   std::int32_t zero_point) noexcept {
  return reachable(bias, weights, {lowest_of(input), highest_of(input)}, zero_point);
}

namespace detail {

/// The leading weights, 16 at a time: their sums, and how many were read.
inline std::int64_t add_int8_weights(const unsigned char* weights, std::int64_t count,
                                     weight_sums& sums) noexcept {
  using bytes = std::int8_t __attribute__((vector_size(16)));
  using halves = std::int16_t __attribute__((vector_size(32)));
  constexpr std::int64_t lanes = 16;
  constexpr std::int64_t additions_without_overflow = 256;
  std::int64_t read = 0;
  while (read + lanes <= count) {
    halves positive{};
    halves negative{};
    const std::int64_t end =
        std::min(count - lanes, read + (additions_without_overflow - 1) * lanes);
    for (; read <= end; read += lanes) {
      bytes some;
      __builtin_memcpy(&some, weights + read, sizeof some);
      const halves wide = __builtin_convertvector(some, halves);
      positive += wide & (wide > 0);
      negative += wide & (wide < 0);
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      sums.positive += positive[lane];
      sums.negative += negative[lane];
    }
  }
  return read;
}

} // namespace detail

/// Sums of `count` weights that lie `stride` elements apart.
template <element Type>
constexpr weight_sums sums_of_weights(const unsigned char* weights, std::int64_t count,
                                      std::int64_t stride, std::int32_t zero_point) noexcept {
  weight_sums sums{};
  std::int64_t read = 0;
  if (!std::is_constant_evaluated() && Type == element::int8 && stride == 1 && zero_point == 0) {
    read = detail::add_int8_weights(weights, count, sums);
  }
  for (; read < count; ++read) {
    sums.add(static_cast<element_t<Type>>(weights[read * stride]) - zero_point);
  }
  return sums;
}

} // namespace inlay
