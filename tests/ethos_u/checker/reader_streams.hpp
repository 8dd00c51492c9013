// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../model/machine.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace inlay::test::npu_model {

/// What an engine gives to the driver.
struct captured {
  std::vector<std::byte> payload;
  std::vector<std::byte> constants;
  std::vector<std::byte> arena;
  std::int64_t image_bytes = 0;
};

/// The generator's stream of the bundled network for an NPU of `machines`, and one image. Constants
/// are read where they lie.
[[nodiscard]] const captured& reader_stream(std::size_t npu);

/// The same in bands of rows, for Ethos-U55-128.
[[nodiscard]] const captured& cascaded_reader_stream();

/// Streams that copy constants into the arena ahead of use: for an Ethos-U55-128, for an
/// Ethos-U65-256, which does two copies at once, and in bands of rows.
[[nodiscard]] const std::vector<captured>& copying_reader_streams();

} // namespace inlay::test::npu_model
