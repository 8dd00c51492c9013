// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../model/workbench.hpp"

namespace inlay::test::npu_model {

/// A cascade made by hand: a convolution of 1x1 writes bands of two rows into a ring, from which a
/// depthwise convolution of 3x3 reads; a table in SHRAM finishes its values. Each band's weights
/// come by DMA into a buffer of the arena.
struct ring {
  static constexpr int rows = 12;

  /// @param ring_rows rows in the ring; six are needed.
  ring(const machine& npu, int ring_rows);

  workbench bench;
  feature_map image;
  feature_map result;
};

/// What the result must be: the same operations on whole tensors.
[[nodiscard]] std::vector<std::int64_t> whole_result(const machine& npu);

} // namespace inlay::test::npu_model
