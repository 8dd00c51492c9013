// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace inlay::test::npu_model {

/// value / by, rounded up.
constexpr int ceiling(int value, int by) {
  return (value + by - 1) / by;
}

/// The smallest multiple of `to` that is not less than the value.
constexpr int rounded_up(int value, int to) {
  return ceiling(value, to) * to;
}

} // namespace inlay::test::npu_model
