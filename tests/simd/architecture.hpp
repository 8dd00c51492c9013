// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/x86.hpp>

namespace inlay::test {

/// The architecture that these sources are compiled for and with: INLAY_TEST_ARCHITECTURE.
using architecture = kernels::simd::INLAY_TEST_ARCHITECTURE;
using target = targets::simd<architecture>;

} // namespace inlay::test
