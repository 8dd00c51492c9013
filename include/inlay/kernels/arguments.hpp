// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/layer_constants.hpp>

#include <array>
#include <span>

namespace inlay::kernels {

/// The constants of a step's convolutions, in the order of execution: what is packed.
using layers = std::span<const layer_constants>;

/// Some of the units that a step can be divided into: [first, last).
struct part {
  std::int32_t first = 0;
  std::int32_t last = 0;
};

/// What a kernel is given besides its step: where its tensors and constants lie. Tensors are
/// row-major (height, width, channels), each with the alignment that the target asks for.
struct arguments {
  std::array<const unsigned char*, 2> inputs{};
  unsigned char* output = nullptr;
  /// Of a step with one convolution, as the model has them.
  constant weights{};
  /// int32, one an output channel; empty if there is none.
  constant bias{};
  /// One, or one an output channel.
  const quantized_multiplier* multipliers = nullptr;
  /// What the target's `pack` has written for this step.
  const unsigned char* packed = nullptr;
  /// Memory that the step may overwrite, as much as the target asks for.
  unsigned char* scratch = nullptr;
  /// What to do of the step.
  part units{};
};

} // namespace inlay::kernels
