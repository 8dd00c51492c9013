// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/matrix.hpp>
#include <inlay/kernels/portable/mean.hpp>
#include <inlay/kernels/portable/planes.hpp>

namespace inlay::kernels::portable {

/// Any 32-bit processor.
struct core : staging, matrix, planes, byte_sums {};

} // namespace inlay::kernels::portable
