// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

namespace inlay::test::npu_model {

/// Bytes of a region. @throws stream_error where the range is not inside.
[[nodiscard]] std::span<const std::byte> readable(std::span<const region> regions, int number,
                                                  std::int64_t offset, std::int64_t bytes);
[[nodiscard]] std::span<std::byte> writable(std::span<const region> regions, int number,
                                            std::int64_t offset, std::int64_t bytes);

/// Calls visit(y, x, channel, count, offset) for each run of channels that lie side by side.
template <class Visit>
void each_run(const feature_map& map, Visit visit) {
  const int longest = map.layout == tensor_layout::nhwc ? map.depth : 16;
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      for (int c = 0; c < map.depth; c += longest) {
        visit(y, x, c, c + longest < map.depth ? longest : map.depth - c, map.address(y, x, c));
      }
    }
  }
}

/// @throws stream_error where extents or types are not what an NPU takes.
void expect_sound(const feature_map& map, std::string_view name);

/// An element of 1, 2 or 4 bytes, the lowest first.
[[nodiscard]] inline std::int64_t load(const std::byte* from, int bytes, bool is_signed) {
  std::uint32_t bits = 0;
  for (int i = 0; i < bytes; ++i) {
    bits |= std::to_integer<std::uint32_t>(from[i]) << (8 * i);
  }
  if (!is_signed || bytes == 4) {
    return is_signed ? std::int64_t{static_cast<std::int32_t>(bits)} : std::int64_t{bits};
  }
  const std::int64_t sign = std::int64_t{1} << (8 * bytes - 1);
  return (static_cast<std::int64_t>(bits) ^ sign) - sign;
}

inline void save(std::byte* to, int bytes, std::int64_t value) {
  for (int i = 0; i < bytes; ++i) {
    to[i] = static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
}

} // namespace inlay::test::npu_model
