// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "files.hpp"

#include <inlay/inlay.hpp>

#include <models/app_model.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>

namespace app {

/// The network that this program is built for.
using network = inlay::tflite::network<models::app_model>;

/// One picture as the network takes it.
using image = std::array<network::input::value_type, network::input::view::extent>;

/// An input or output in words: "uint8 224x224x3".
inline std::string words(const inlay::tensor_type& type) {
  inlay::text out;
  out << inlay::name_of(type.element) << " " << type.shape;
  return std::string(out.view());
}

/// Fills `image` from a file that holds exactly its bytes. Throws user_error.
inline void read_input(const std::string& path, image& to) {
  const auto bytes = read_tensor(path, sizeof(to), "an input of " + words(network::input::type));
  std::memcpy(to.data(), bytes.data(), sizeof(to));
}

/// All bytes of a tensor.
template <class T, inlay::shape Shape>
std::span<const unsigned char> bytes_in(inlay::tensor_view<T, Shape> view) {
  return {view.bytes(), view.size() * sizeof(T)};
}

} // namespace app
