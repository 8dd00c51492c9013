// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/weight_stream.hpp>
#include <inlay/plan/plan.hpp>

#include <cstdint>
#include <limits>

namespace inlay {

/// Choices about an engine for an Ethos-U.
struct ethos_u_options {
  /// Where the caller has the image: in memory of his own, or in the arena.
  placement input = placement::caller;
  /// Bytes that the arena, and the command stream, may have at most.
  std::int64_t arena_limit = std::numeric_limits<std::int64_t>::max();
  std::int64_t stream_limit = std::numeric_limits<std::int64_t>::max();
};

namespace ethos_u {

/// Weights as they are; the compiler knows where each operation's lie without reading one.
struct uncompressed {
  template <const auto& Layers>
  static constexpr auto table = uncompressed_table(Layers);
};

} // namespace ethos_u
} // namespace inlay
