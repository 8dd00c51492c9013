// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <type_traits>

namespace inlay {

/// The quotient, rounded up. The dividend may be negative, the divisor is positive.
template <std::integral Number>
constexpr Number divide_up(Number dividend, std::type_identity_t<Number> divisor) noexcept {
  return static_cast<Number>(dividend / divisor + (dividend % divisor > 0 ? 1 : 0));
}

/// The least multiple of `unit` that is not below `value`.
template <std::integral Number>
constexpr Number round_up(Number value, std::type_identity_t<Number> unit) noexcept {
  return static_cast<Number>(divide_up(value, unit) * unit);
}

} // namespace inlay
