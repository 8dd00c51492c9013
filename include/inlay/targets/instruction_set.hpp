// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace inlay::targets {

/// An instruction set that a kernel set may need, by the name of its target.
struct instruction_set {
  std::string_view name;
  /// Whether this processor and its operating system have it.
  bool (*supported)() noexcept = nullptr;
};

} // namespace inlay::targets
