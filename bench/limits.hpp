// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Memory of one size that is read over and over.
struct memory_level {
  std::string name;
  std::size_t bytes = 0;
  double gigabytes_per_second = 0;
};

/// What one core of this machine can do at most.
struct limits {
  /// Exact products of bytes, summed up in 32 bits, in 10^9 a second; 0 where the kernel set's
  /// instructions are not known.
  double gmac_per_second = 0;
  /// How that is done.
  std::string instruction;
  /// L1, L2, L3, memory.
  std::vector<memory_level> levels;
};

/// Measures for about a tenth of a second each.
limits measure_limits(std::string_view isa);

} // namespace bench
