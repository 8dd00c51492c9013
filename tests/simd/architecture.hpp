// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/x86.hpp>

#include <cstddef>

namespace inlay::test {

/// The architecture that these sources are compiled for and with: INLAY_TEST_ARCHITECTURE.
using architecture = kernels::simd::INLAY_TEST_ARCHITECTURE;
using target = targets::simd<architecture>;

/// Every how many configurations are compiled: INLAY_TEST_EVERY, more than 1 with sanitizers.
inline constexpr std::size_t every = INLAY_TEST_EVERY;

} // namespace inlay::test
