// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/cortex_m.hpp>

namespace board {

/// What networks on this board run on.
using target = inlay::targets::cortex_m<inlay::targets::core::INLAY_CORE>;

} // namespace board
