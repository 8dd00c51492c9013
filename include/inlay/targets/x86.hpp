// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/architectures.hpp>
#include <inlay/kernels/simd/avx2.hpp>
#include <inlay/kernels/simd/avx512_vnni.hpp>
#include <inlay/kernels/simd/avx_vnni.hpp>
#include <inlay/kernels/simd/sse41.hpp>
#include <inlay/targets/simd.hpp>

// The targets of x86-64. Those that this translation unit is not compiled for only plan and pack.

namespace inlay::targets {

#if defined(INLAY_HAS_AVX512_VNNI)
using avx512_vnni = simd<kernels::simd::avx512_vnni>;
#else
using avx512_vnni = simd<kernels::simd::avx512_vnni_numbers>;
#endif
#if defined(INLAY_HAS_AVX_VNNI)
using avx_vnni = simd<kernels::simd::avx_vnni>;
#else
using avx_vnni = simd<kernels::simd::avx_vnni_numbers>;
#endif
#if defined(INLAY_HAS_AVX2)
using avx2 = simd<kernels::simd::avx2>;
#else
using avx2 = simd<kernels::simd::avx2_numbers>;
#endif
#if defined(INLAY_HAS_SSE41)
using sse41 = simd<kernels::simd::sse41>;
#else
using sse41 = simd<kernels::simd::sse41_numbers>;
#endif

} // namespace inlay::targets
