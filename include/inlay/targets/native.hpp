// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__SSE4_1__)
#include <inlay/targets/x86.hpp>
#else
#include <inlay/targets/reference.hpp>
#endif

namespace inlay::targets {

/// The best target for the processor that this translation unit is compiled for.
#if defined(INLAY_HAS_AVX512_VNNI)
using native = avx512_vnni;
#elif defined(INLAY_HAS_AVX_VNNI)
using native = avx_vnni;
#elif defined(INLAY_HAS_AVX2)
using native = avx2;
#elif defined(INLAY_HAS_SSE41)
using native = sse41;
#else
using native = reference;
#endif

} // namespace inlay::targets
