// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/fixed_point.hpp>
#include <inlay/tensor/bytes.hpp>

#include <array>

namespace inlay::kernels {

/// What a kernel is given besides its step: where its tensors and constants lie. Tensors are
/// row-major (height, width, channels), each with the alignment that the target asks for.
struct arguments {
  std::array<const unsigned char*, 2> inputs{};
  unsigned char* output = nullptr;
  constant weights{};
  /// int32, one an output channel; empty if there is none.
  constant bias{};
  /// One, or one an output channel.
  const quantized_multiplier* multipliers = nullptr;
};

} // namespace inlay::kernels
