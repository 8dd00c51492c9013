// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "network.hpp"

/// A target that wants 64 bytes of packed constants for each step.
struct packing : targets::reference {
  template <auto Step>
  static constexpr std::size_t packed_bytes = 64;
};
