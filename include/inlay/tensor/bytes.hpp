// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace inlay {

static_assert(std::endian::native == std::endian::little,
              "inlay reads model files and memory as little-endian");

/// Reads a T from unaligned bytes; also in constant expressions, there in as few steps as can be,
/// because compilers limit them.
template <class T>
constexpr T load(const unsigned char* from) noexcept {
  if constexpr (sizeof(T) == 1) {
    return static_cast<T>(*from);
  } else {
    if (std::is_constant_evaluated()) {
      if constexpr (sizeof(T) == 2) {
        return std::bit_cast<T>(static_cast<std::uint16_t>(from[0] | from[1] << 8));
      } else {
        const std::uint32_t low = from[0] | std::uint32_t{from[1]} << 8 |
                                  std::uint32_t{from[2]} << 16 | std::uint32_t{from[3]} << 24;
        if constexpr (sizeof(T) == 4) {
          return std::bit_cast<T>(low);
        } else {
          return std::bit_cast<T>(low | std::uint64_t{load<std::uint32_t>(from + 4)} << 32);
        }
      }
    }
    std::array<unsigned char, sizeof(T)> bytes{};
    std::memcpy(bytes.data(), from, sizeof(T));
    return std::bit_cast<T>(bytes);
  }
}

/// Writes a T to unaligned bytes; also in constant expressions.
template <class T>
constexpr void store(unsigned char* to, T value) noexcept {
  if constexpr (sizeof(T) == 1) {
    *to = static_cast<unsigned char>(value);
  } else {
    const auto bytes = std::bit_cast<std::array<unsigned char, sizeof(T)>>(value);
    if (std::is_constant_evaluated()) {
      for (std::size_t i = 0; i < sizeof(T); ++i) {
        to[i] = bytes[i];
      }
    } else {
      std::memcpy(to, bytes.data(), sizeof(T));
    }
  }
}

/// A constant of a network (weights, biases, scales) where it lies: in the model file's bytes or
/// in an array of a hand-written network. Little-endian, in no particular alignment.
struct constant {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;

  [[nodiscard]] constexpr bool empty() const { return size == 0; }

  /// Element `index` of the constant seen as an array of T.
  template <class T>
  [[nodiscard]] constexpr T at(std::size_t index) const noexcept {
    return load<T>(bytes + index * sizeof(T));
  }
};

} // namespace inlay
