// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/launch.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace inlay::opencl {

/// Bytes in the arena.
struct arena_place {
  std::size_t offset = 0;
  std::size_t bytes = 0;
};

/// An OpenCL program without its types.
struct program_view {
  std::string_view source{};
  std::span<const launch> launches{};
  std::size_t arena_bytes = 0;
  std::size_t parameters_bytes = 0;
  arena_place input{};
  std::span<const arena_place> outputs{};
  /// Of the source and what it was made for.
  std::uint64_t hash = 0;
  /// Writes `parameters_bytes` bytes: the packed constants.
  void (*prepare)(unsigned char* parameters) noexcept = nullptr;
};

} // namespace inlay::opencl
