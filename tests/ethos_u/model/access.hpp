// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "operation.hpp"

#include <functional>

namespace inlay::test::npu_model {

/// Bytes of a region (or of SHRAM), the end not included.
struct interval {
  int region = 0;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

using intervals = std::vector<interval>;

inline constexpr int shram_region = 0x100;

/// A box of a tensor's elements.
struct box {
  int y = 0;
  int x = 0;
  int c = 0;
  int end_y = 0;
  int end_x = 0;
  int end_c = 0;
};

[[nodiscard]] box whole(const feature_map& map);

/// The bytes of a box, in the order of its rows, neighbors joined.
[[nodiscard]] intervals bytes_of(const feature_map& map, const box& part);

/// Sorted, and overlapping ones joined.
[[nodiscard]] intervals united(intervals some);

/// Whether two sorted lists meet.
[[nodiscard]] bool meet(const intervals& a, const intervals& b);

/// All that an operation reads and writes, sorted; SHRAM only as far as DMA can meet it.
struct accesses {
  intervals reads;
  intervals writes;
};

[[nodiscard]] accesses accesses_of(const operation& what, const machine& npu);

/// "bytes 16 to 32 of region 1".
[[nodiscard]] std::string describe(const interval& where);

} // namespace inlay::test::npu_model
