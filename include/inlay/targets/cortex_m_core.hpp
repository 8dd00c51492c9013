// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace inlay::targets {

/// Cores of microcontrollers.
enum class core : std::uint8_t { m0plus, m3, m4, m7, m33, m55 };

constexpr std::string_view name_of(core which) {
  switch (which) {
  case core::m0plus:
    return "cortex-m0plus";
  case core::m3:
    return "cortex-m3";
  case core::m4:
    return "cortex-m4";
  case core::m7:
    return "cortex-m7";
  case core::m33:
    return "cortex-m33";
  case core::m55:
    return "cortex-m55";
  }
  return "cortex-m";
}

} // namespace inlay::targets
