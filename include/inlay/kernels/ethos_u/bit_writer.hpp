// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace inlay::ethos_u {

/// Writes numbers of a few bits one after the other, least significant bit first.
class bit_writer {
public:
  /// @param out large enough for all that is written; nullptr: bits are only counted
  constexpr explicit bit_writer(unsigned char* out) noexcept : out_(out) {}

  /// The lowest `count` bits of `value`; count at most 32.
  constexpr void put(std::uint32_t value, int count) noexcept {
    bits_ += count;
    if (out_ == nullptr) {
      return;
    }
    pending_ |= std::uint64_t{value} << held_;
    for (held_ += count; held_ >= 8; held_ -= 8) {
      *out_++ = static_cast<unsigned char>(pending_);
      pending_ >>= 8;
    }
  }

  /// Ones until the bits are a multiple of 16 bytes.
  constexpr void fill_up() noexcept {
    while (bits_ % 128 != 0) {
      put(1, 1);
    }
  }

  /// Bits that were put.
  [[nodiscard]] constexpr std::int64_t bits() const noexcept { return bits_; }

private:
  unsigned char* out_;
  std::int64_t bits_ = 0;
  std::uint64_t pending_ = 0;
  int held_ = 0;
};

} // namespace inlay::ethos_u
