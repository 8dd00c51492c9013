// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/support/text.hpp>

#include <array>
#include <concepts>
#include <cstdint>

namespace inlay {

/// The extents of a tensor without its batch, outermost first: {height, width, channels} for an
/// image, {classes} for scores. inlay runs one picture at a time, so a batch is always 1 and is
/// not written. A missing height or width is 1.
struct shape {
  static constexpr int max_rank = 4;

  std::int32_t rank = 0;
  std::array<std::int32_t, max_rank> extents{};

  constexpr shape() = default;

  template <std::integral... Extents>
    requires(sizeof...(Extents) >= 1 && sizeof...(Extents) <= max_rank)
  constexpr shape(Extents... values)
      : rank(sizeof...(Extents)), extents{static_cast<std::int32_t>(values)...} {}

  constexpr void append(std::int32_t extent) { extents[static_cast<std::size_t>(rank++)] = extent; }

  [[nodiscard]] constexpr std::int32_t operator[](int axis) const {
    return extents[static_cast<std::size_t>(axis)];
  }
  /// The extent `back` places before the innermost one; 1 where the tensor has no such axis.
  [[nodiscard]] constexpr std::int32_t from_back(int back) const {
    return back < rank ? (*this)[rank - 1 - back] : 1;
  }
  [[nodiscard]] constexpr std::int32_t channels() const { return from_back(0); }
  [[nodiscard]] constexpr std::int32_t width() const { return from_back(1); }
  [[nodiscard]] constexpr std::int32_t height() const { return from_back(2); }

  [[nodiscard]] constexpr std::int64_t elements() const {
    std::int64_t count = 1;
    for (int axis = 0; axis < rank; ++axis) {
      count *= (*this)[axis];
    }
    return count;
  }

  friend constexpr bool operator==(const shape&, const shape&) = default;

  friend constexpr text& operator<<(text& out, const shape& self) {
    if (self.rank == 0) {
      out << "scalar";
    }
    for (int axis = 0; axis < self.rank; ++axis) {
      out << (axis > 0 ? "x" : "") << self[axis];
    }
    return out;
  }
};

/// A height and a width, in elements: of a kernel, a stride or a dilation.
struct extent {
  std::int32_t height = 1;
  std::int32_t width = 1;

  friend constexpr bool operator==(const extent&, const extent&) = default;
  friend constexpr text& operator<<(text& out, const extent& self) {
    return out << self.height << "x" << self.width;
  }
};

} // namespace inlay
