// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/reference.hpp>

namespace inlay::targets {

/// The best target for the processor that this translation unit is compiled for.
using native = reference;

} // namespace inlay::targets
