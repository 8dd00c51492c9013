// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

namespace inlay::kernels::simd {

/// Calls function(std::integral_constant<int, I>) for each I from First to below Count, written
/// out. Eight calls at a level, and no function between: g++ copies all that is called inside for
/// every level that it inlines.
template <int Count, int First = 0, class Function>
[[gnu::always_inline]] constexpr void unroll(Function&& function) noexcept {
  if constexpr (Count > First) {
    function(std::integral_constant<int, First>{});
  }
  if constexpr (Count > First + 1) {
    function(std::integral_constant<int, First + 1>{});
  }
  if constexpr (Count > First + 2) {
    function(std::integral_constant<int, First + 2>{});
  }
  if constexpr (Count > First + 3) {
    function(std::integral_constant<int, First + 3>{});
  }
  if constexpr (Count > First + 4) {
    function(std::integral_constant<int, First + 4>{});
  }
  if constexpr (Count > First + 5) {
    function(std::integral_constant<int, First + 5>{});
  }
  if constexpr (Count > First + 6) {
    function(std::integral_constant<int, First + 6>{});
  }
  if constexpr (Count > First + 7) {
    function(std::integral_constant<int, First + 7>{});
  }
  if constexpr (Count > First + 8) {
    unroll<Count, First + 8>(function);
  }
}

} // namespace inlay::kernels::simd
