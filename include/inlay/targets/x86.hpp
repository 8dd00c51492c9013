// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/avx2.hpp>
#include <inlay/kernels/simd/avx512_vnni.hpp>
#include <inlay/kernels/simd/avx_vnni.hpp>
#include <inlay/kernels/simd/sse41.hpp>
#include <inlay/targets/simd.hpp>

// The targets of x86-64 for which this translation unit is compiled.

namespace inlay::targets {

#if defined(INLAY_HAS_AVX512_VNNI)
using avx512_vnni = simd<kernels::simd::avx512_vnni>;
#endif
#if defined(INLAY_HAS_AVX_VNNI)
using avx_vnni = simd<kernels::simd::avx_vnni>;
#endif
#if defined(INLAY_HAS_AVX2)
using avx2 = simd<kernels::simd::avx2>;
#endif
#if defined(INLAY_HAS_SSE41)
using sse41 = simd<kernels::simd::sse41>;
#endif

} // namespace inlay::targets
