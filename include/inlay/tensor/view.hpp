// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/tensor/bytes.hpp>
#include <inlay/tensor/shape.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

namespace inlay {

/// A tensor that somebody else owns: a pointer whose shape and element type are in its type.
/// Elements lie in row-major order (height, width, channels). `operator[]`, `operator()` and
/// `set` also work in constant expressions; `data`, iteration and `span` do not.
/// @tparam T element type, const for a view that only reads
/// @tparam Shape extents without the batch
template <class T, inlay::shape Shape>
class tensor_view {
  using byte = std::conditional_t<std::is_const_v<T>, const unsigned char, unsigned char>;

public:
  using value_type = std::remove_const_t<T>;
  static constexpr inlay::shape shape = Shape;
  static constexpr std::size_t extent = static_cast<std::size_t>(Shape.elements());

  /// Views `extent` elements at `first`.
  constexpr explicit tensor_view(T* first) noexcept : bytes_(as_bytes(first)) {}

  /// Views an array or span whose length is known and equals the number of elements.
  template <std::size_t N>
  constexpr explicit(false) tensor_view(std::span<T, N> elements) noexcept
      : tensor_view(elements.data()) {
    static_assert(N == extent, "inlay: the span's length is not the tensor's number of elements");
  }

  /// A view that writes can be read from.
  template <class Other>
    requires(std::is_const_v<T>&& std::is_same_v<Other, value_type>)
  constexpr explicit(false) tensor_view(tensor_view<Other, Shape> other) noexcept
      : bytes_(other.bytes()) {}

  /// Views elements in raw memory, for example a place in an arena.
  [[nodiscard]] static constexpr tensor_view from_bytes(byte* first) noexcept {
    tensor_view view;
    view.bytes_ = first;
    return view;
  }

  [[nodiscard]] static constexpr std::size_t size() noexcept { return extent; }

  /// Element `index` in row-major order; `index` must be less than size().
  [[nodiscard]] constexpr value_type operator[](std::size_t index) const noexcept {
    return load<value_type>(bytes_ + index * sizeof(value_type));
  }
  /// The element at row `y`, column `x`, channel `c`.
  [[nodiscard]] constexpr value_type operator()(std::size_t y, std::size_t x,
                                                std::size_t c) const noexcept {
    return (*this)[(y * static_cast<std::size_t>(Shape.width()) + x) *
                       static_cast<std::size_t>(Shape.channels()) +
                   c];
  }
  constexpr void set(std::size_t index, value_type value) const noexcept
      requires(!std::is_const_v<T>) {
    store(bytes_ + index * sizeof(value_type), value);
  }

  [[nodiscard]] T* data() const noexcept { return reinterpret_cast<T*>(bytes_); }
  [[nodiscard]] T* begin() const noexcept { return data(); }
  [[nodiscard]] T* end() const noexcept { return data() + extent; }
  [[nodiscard]] std::span<T, extent> span() const noexcept {
    return std::span<T, extent>(data(), extent);
  }
  [[nodiscard]] constexpr byte* bytes() const noexcept { return bytes_; }

private:
  constexpr tensor_view() = default;

  static constexpr byte* as_bytes(T* first) noexcept {
    if constexpr (std::is_same_v<value_type, unsigned char>) {
      return first;
    } else {
      return reinterpret_cast<byte*>(first);
    }
  }

  byte* bytes_ = nullptr;
};

} // namespace inlay
