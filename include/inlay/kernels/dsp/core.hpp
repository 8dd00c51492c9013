// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/dsp/byte_sums.hpp>
#include <inlay/kernels/dsp/matrix.hpp>
#include <inlay/kernels/dsp/planes.hpp>

namespace inlay::kernels::dsp {

/// Cores with the DSP extension: Cortex-M4, M7, M33.
struct core : staging, matrix, planes, byte_sums {};

} // namespace inlay::kernels::dsp
