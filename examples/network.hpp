// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/inlay.hpp>

#include <models/app_model.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <span>
#include <string>

namespace app {

/// The network that this program is built for.
using network = inlay::tflite::network<models::app_model>;

/// An input or output in words: "uint8 224x224x3".
inline std::string words(const inlay::tensor_type& type) {
  inlay::text out;
  out << inlay::name_of(type.element) << " " << type.shape;
  return std::string(out.view());
}

template <class Tensor>
inline constexpr std::size_t bytes_of = static_cast<std::size_t>(Tensor::type.bytes());

/// One picture as the network takes it.
using image = std::array<network::input::value_type, network::input::view::extent>;

/// Fills `image` from raw bytes, of which there must be enough.
inline void copy_bytes(std::span<const unsigned char> from, image& to) {
  std::memcpy(to.data(), from.data(), sizeof(to));
}

/// All bytes of a tensor.
template <class T, inlay::shape Shape>
std::span<const unsigned char> bytes_in(inlay::tensor_view<T, Shape> view) {
  return {view.bytes(), view.size() * sizeof(T)};
}

} // namespace app
