// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/npu.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

// What the core driver is given: actions, of which the last one is the command stream
// (ethosu/vela/driver_actions.py).

namespace inlay::ethos_u {

/// Words before the command stream, which must be aligned to 16 bytes.
inline constexpr std::size_t payload_head_words = 8;
/// Words that a command stream may have.
inline constexpr std::size_t most_stream_words = (std::size_t{1} << 24) - 1;

constexpr std::array<std::uint32_t, payload_head_words> payload_head(const npu& on,
                                                                     std::size_t stream_words) {
  constexpr std::uint32_t magic = 0x31504F43; // "COP1"
  constexpr std::uint32_t configuration_follows = 0x00100001;
  constexpr std::uint32_t architecture = 0x10060000; // 1.0.6
  constexpr std::uint32_t nothing = 5;
  constexpr std::uint32_t stream_follows = 2;
  const auto words = static_cast<std::uint32_t>(stream_words);
  return {magic,
          configuration_follows,
          on.config_word(),
          architecture,
          nothing,
          nothing,
          nothing,
          stream_follows | (words >> 16 & 0xFF) << 8 | (words & 0xFFFF) << 16};
}

} // namespace inlay::ethos_u
