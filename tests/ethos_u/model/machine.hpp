// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace inlay::test::npu_model {

/// One of the NPUs, as far as a stream can see it. Banks are of 1024 bytes; granules are numbers of
/// banks that a buffer's size is a multiple of.
struct machine {
  std::string_view name;
  std::uint32_t config = 0; ///< in the payload: MACs and SHRAM of the whole NPU, product
  int cores = 1;
  int banks = 0;
  int block_height = 0; ///< of a micro-block, like width and depth
  int block_width = 0;
  int block_depth = 0;
  int input_granule = 0;
  int input_granule_32 = 0;
  int sum_granule = 0;
  int sum_granule_40 = 0;
  int outstanding_dma = 1;

  /// Banks at the end that no operation's buffers may use; look-up tables lie there.
  [[nodiscard]] constexpr int reserved_banks() const { return banks > 16 ? 2 : 0; }

  /// Where buffers end in an operation with or without a look-up table.
  [[nodiscard]] constexpr int top(bool table) const {
    return banks - (table || reserved_banks() > 0 ? 2 : 0);
  }

  /// The address in SHRAM of the look-up tables, 2048 bytes up to its end.
  [[nodiscard]] constexpr std::int64_t tables_at() const { return (banks - 2) * 1024; }
};

inline constexpr std::array<machine, 6> machines{{
    {"ethos-u55-32", 0x1005, 1, 16, 1, 1, 4, 2, 4, 4, 4, 1},
    {"ethos-u55-64", 0x1006, 1, 16, 1, 1, 8, 2, 4, 4, 8, 1},
    {"ethos-u55-128", 0x1807, 1, 24, 1, 2, 8, 4, 8, 8, 12, 1},
    {"ethos-u55-256", 0x3008, 1, 48, 2, 2, 8, 8, 16, 16, 20, 1},
    {"ethos-u65-256", 0x10003008, 1, 48, 2, 2, 8, 8, 16, 16, 20, 2},
    {"ethos-u65-512", 0x10006009, 2, 48, 2, 2, 8, 8, 16, 16, 20, 2},
}};

/// The NPU that a payload's config word names.
constexpr std::optional<machine> machine_of(std::uint32_t config) {
  for (const machine& candidate : machines) {
    if (candidate.config == config) {
      return candidate;
    }
  }
  return std::nullopt;
}

} // namespace inlay::test::npu_model
