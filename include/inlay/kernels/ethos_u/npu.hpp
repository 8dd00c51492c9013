// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/tensor/shape.hpp>

#include <cstdint>

namespace inlay::ethos_u {

enum class family : std::uint8_t { u55, u65 };

/// A block of an image as an NPU works on it.
struct block {
  std::int32_t height = 1;
  std::int32_t width = 1;
  std::int32_t depth = 1;

  friend constexpr bool operator==(const block&, const block&) = default;
  friend constexpr text& operator<<(text& out, const block& self) {
    return out << self.height << "x" << self.width << "x" << self.depth;
  }
};

inline constexpr std::int32_t most_transfers_of_all = 2;

/// One configuration of an Arm Ethos-U55 or U65 (ArchitectureFeatures in
/// ethosu/vela/architecture_features.py).
struct npu {
  ethos_u::family family = family::u55;
  /// Multiply-accumulates a cycle, of all cores together.
  std::int32_t macs = 0;
  std::int32_t cores = 1;
  /// What is made at once; blocks are multiples of it.
  block micro_block{};
  /// Memory inside the NPU, for each core, in banks of 1024 bytes; and in which multiples
  /// an operation takes them for inputs and for sums.
  std::int32_t banks = 0;
  std::int32_t input_granule = 1;
  std::int32_t sum_granule = 1;

  /// The bank behind the last one that an operation may use.
  [[nodiscard]] constexpr std::int32_t last_bank() const { return banks > 16 ? banks - 2 : banks; }

  /// How many transfers run at once.
  [[nodiscard]] constexpr std::int32_t most_transfers() const {
    return family == family::u55 ? 1 : most_transfers_of_all;
  }

  /// What the driver compares with the NPU's own register CONFIG.
  [[nodiscard]] constexpr std::uint32_t config_word() const {
    std::uint32_t log2 = 0;
    while ((std::int32_t{1} << log2) < macs) {
      ++log2;
    }
    const auto kilobytes = static_cast<std::uint32_t>(banks * cores);
    return log2 | kilobytes << 8 | (family == family::u65 ? 1U << 28 : 0U);
  }

  friend constexpr bool operator==(const npu&, const npu&) = default;
};

inline constexpr block largest_block{32, 64, 128};
inline constexpr std::int32_t bank_bytes = 1024;
/// Banks at the beginning, through which outputs leave.
inline constexpr std::int32_t output_banks = 2;
/// Rows and columns of a kernel that are read at once.
inline constexpr std::int32_t kernel_part = 8;
/// Alignment of base addresses, blocked rows, weights and scales.
inline constexpr std::int64_t address_alignment = 16;

/// The Ethos-U55 with so many multiply-accumulates a cycle: 32, 64, 128 or 256.
constexpr npu u55(std::int32_t macs) {
  switch (macs) {
  case 32:
    return {family::u55, 32, 1, {1, 1, 4}, 16, 2, 4};
  case 64:
    return {family::u55, 64, 1, {1, 1, 8}, 16, 2, 4};
  case 128:
    return {family::u55, 128, 1, {1, 2, 8}, 24, 4, 8};
  default:
    return {family::u55, 256, 1, {2, 2, 8}, 48, 8, 16};
  }
}

/// The Ethos-U65 with so many multiply-accumulates a cycle: 256, or 512 on two cores.
constexpr npu u65(std::int32_t macs) {
  return {family::u65, macs, macs / 256, {2, 2, 8}, 48, 8, 16};
}

} // namespace inlay::ethos_u
