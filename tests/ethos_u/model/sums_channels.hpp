// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "operation.hpp"

namespace inlay::test::npu_model {

/// Whether an operation sums over the channels of its input.
inline bool sums_channels(const operation& what) {
  return what.kind == kind::convolution ||
         (what.kind == kind::pool && what.pool_mode() == pooling::reduce_sum);
}

} // namespace inlay::test::npu_model
