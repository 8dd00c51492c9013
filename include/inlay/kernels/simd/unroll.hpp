// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <utility>

namespace inlay::kernels::simd {

/// Calls function(std::integral_constant<int, I>) for each I below Count, written out.
template <int Count, class Function>
[[gnu::always_inline]] constexpr void unroll(Function&& function) noexcept {
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    (function(std::integral_constant<int, I>{}), ...);
  }
  (std::make_integer_sequence<int, Count>{});
}

} // namespace inlay::kernels::simd
