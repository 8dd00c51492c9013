// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/tensor/bytes.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace inlay {

/// The parameters of a layer whose network is only counted and planned, never run.
struct shape_only {};

namespace detail {

template <const auto& Values>
inline constexpr auto bytes_of = [] {
  using value = std::remove_cvref_t<decltype(Values[0])>;
  std::array<unsigned char, sizeof(Values)> bytes{};
  for (std::size_t i = 0; i < sizeof(Values) / sizeof(value); ++i) {
    store(bytes.data() + i * sizeof(value), Values[i]);
  }
  return bytes;
}();

/// A parameter is either a std::array of its elements, or a `constant` that points to them.
template <const auto& Values>
constexpr constant constant_of() {
  if constexpr (std::is_same_v<std::remove_cvref_t<decltype(Values)>, constant>) {
    return Values;
  } else {
    return {bytes_of<Values>.data(), bytes_of<Values>.size()};
  }
}

template <class Parameters>
constexpr constant weights_of() {
  if constexpr (requires { Parameters::weights; }) {
    return constant_of<Parameters::weights>();
  } else {
    return {};
  }
}

template <class Parameters>
constexpr constant bias_of() {
  if constexpr (requires { Parameters::bias; }) {
    return constant_of<Parameters::bias>();
  } else {
    return {};
  }
}

template <class Parameters>
constexpr constant scales_of() {
  if constexpr (requires { Parameters::scales; }) {
    return constant_of<Parameters::scales>();
  } else {
    return {};
  }
}

} // namespace detail

} // namespace inlay
