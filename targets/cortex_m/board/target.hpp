// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/reference.hpp>

namespace board {

/// What networks on this board run on.
using target = inlay::targets::reference;

} // namespace board
