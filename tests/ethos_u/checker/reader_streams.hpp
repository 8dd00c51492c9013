// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../model/machine.hpp"

#include <cstddef>
#include <vector>

namespace inlay::test::npu_model {

/// What an engine gives to the driver.
struct captured {
  std::vector<std::byte> payload;
  std::vector<std::byte> constants;
  std::vector<std::byte> arena;
};

/// The generator's stream of the bundled network for an NPU of `machines`, and one image.
[[nodiscard]] const captured& reader_stream(std::size_t npu);

} // namespace inlay::test::npu_model
