// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/weight_stream.hpp>
#include <inlay/plan/plan.hpp>

#include <cstdint>
#include <limits>

namespace inlay {

/// Where weights and scales will lie while an NPU runs.
enum class constants_memory : std::uint8_t {
  /// Memory of an eighth of the arena's rate. Where it saves cycles, and the arena has place,
  /// constants are copied into the arena ahead of use.
  flash,
  /// Memory as fast as the arena's: nothing is copied.
  sram
};

/// Choices about an engine for an Ethos-U.
struct ethos_u_options {
  /// Where the caller has the image: in memory of his own, or in the arena.
  placement input = placement::caller;
  /// Whether tensors may be made in bands of rows, several operators in turn, so that of what is
  /// between them only a few rows exist at a time. With an arena_limit the program is the fastest
  /// that was found within it, copies included; without one the arena is as small as was found with
  /// 100 KiB of commands and, copies left out, a tenth more cycles at most.
  bool cascades = false;
  /// What the weights' memory is. Copies take place of the arena that tensors leave free, and with
  /// an arena_limit all up to the limit.
  constants_memory constants_in = constants_memory::flash;
  /// Bytes that the arena, and the command stream, may have at most.
  std::int64_t arena_limit = std::numeric_limits<std::int64_t>::max();
  std::int64_t stream_limit = std::numeric_limits<std::int64_t>::max();
};

namespace ethos_u {

/// Weights as they are; the compiler knows where each operation's lie without reading one.
struct uncompressed {
  template <const auto& Layers>
  static constexpr auto table = uncompressed_table(Layers);
  /// @return false if a layer's constants are not for an NPU
  template <const auto& Layers>
  static constexpr bool write(unsigned char* block) noexcept {
    return write_uncompressed(Layers, table<Layers>, block) < 0;
  }
};

} // namespace ethos_u
} // namespace inlay
