// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace inlay::ethos_u {

/// Some of an operator's output channels.
struct channel_range {
  std::int32_t first = 0;
  std::int32_t count = 0;

  friend constexpr bool operator==(const channel_range&, const channel_range&) = default;
};

/// Where operations divide the channels: multiples of this, the depth of a slice.
inline constexpr std::int32_t channel_granule = 16;

} // namespace inlay::ethos_u
