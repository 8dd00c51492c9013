// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "operation.hpp"

#include <span>

namespace inlay::test::npu_model {

/// Reads a driver payload: its header and every command up to STOP.
/// @throws stream_error where it is not one, with the number of the word in the stream.
[[nodiscard]] program decode(std::span<const std::byte> payload);

} // namespace inlay::test::npu_model
