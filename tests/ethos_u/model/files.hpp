// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace inlay::test::npu_model {

/// @throws stream_error with the file's name.
[[nodiscard]] std::vector<std::byte> read_file(const std::string& path);

/// An empty path is the standard output.
/// @throws stream_error with the file's name.
void write_file(const std::string& path, std::span<const std::byte> bytes);

} // namespace inlay::test::npu_model
