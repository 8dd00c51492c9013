// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "operation.hpp"

namespace inlay::test::npu_model {

/// A driver payload of operations, each with all of its registers: what decode reads, backwards.
[[nodiscard]] std::vector<std::byte> assemble(const program& what);

} // namespace inlay::test::npu_model
