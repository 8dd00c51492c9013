// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

namespace inlay {

/// The type of a tensor's elements.
enum class element : std::uint8_t { int8, uint8, int32, int64, float32 };

/// Bytes of one element.
constexpr std::size_t size_of(element type) {
  switch (type) {
  case element::int8:
  case element::uint8:
    return 1;
  case element::int32:
  case element::float32:
    return 4;
  case element::int64:
    return 8;
  }
  return 0;
}

constexpr std::string_view name_of(element type) {
  switch (type) {
  case element::int8:
    return "int8";
  case element::uint8:
    return "uint8";
  case element::int32:
    return "int32";
  case element::int64:
    return "int64";
  case element::float32:
    return "float32";
  }
  return "?";
}

/// Whether inlay's kernels compute with this type: signed or unsigned 8-bit integers.
constexpr bool is_quantized(element type) {
  return type == element::int8 || type == element::uint8;
}

constexpr std::int32_t lowest_of(element type) {
  return type == element::int8 ? -128 : 0;
}
constexpr std::int32_t highest_of(element type) {
  return type == element::int8 ? 127 : 255;
}

namespace detail {

template <element Type>
struct cpp_type;
template <>
struct cpp_type<element::int8> : std::type_identity<std::int8_t> {};
template <>
struct cpp_type<element::uint8> : std::type_identity<std::uint8_t> {};
template <>
struct cpp_type<element::int32> : std::type_identity<std::int32_t> {};
template <>
struct cpp_type<element::int64> : std::type_identity<std::int64_t> {};
template <>
struct cpp_type<element::float32> : std::type_identity<float> {};

} // namespace detail

/// The C++ type that holds one element.
template <element Type>
using element_t = typename detail::cpp_type<Type>::type;

} // namespace inlay
