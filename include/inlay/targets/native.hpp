// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(INLAY_PACK_FOR)
#include <inlay/targets/arm.hpp>
#include <inlay/targets/x86.hpp>
#elif defined(__SSE4_1__)
#include <inlay/targets/x86.hpp>
#elif defined(__ARM_NEON)
#include <inlay/targets/arm.hpp>
#else
#include <inlay/targets/reference.hpp>
#endif

namespace inlay::targets {

/// The best target for the processor that this translation unit is compiled for; in a program that
/// packs while building, the one that it packs for.
#if defined(INLAY_PACK_FOR)
using native = INLAY_PACK_FOR;
#elif defined(INLAY_HAS_AVX512_VNNI)
using native = avx512_vnni;
#elif defined(INLAY_HAS_AVX_VNNI)
using native = avx_vnni;
#elif defined(INLAY_HAS_AVX2)
using native = avx2;
#elif defined(INLAY_HAS_SSE41)
using native = sse41;
#elif defined(__ARM_FEATURE_MATMUL_INT8) && defined(__ARM_FEATURE_DOTPROD)
using native = i8mm;
#elif defined(__ARM_FEATURE_DOTPROD)
using native = dotprod;
#elif defined(__ARM_NEON) && defined(__aarch64__)
using native = neon;
#elif defined(__ARM_NEON)
using native = armv7;
#else
using native = reference;
#endif

} // namespace inlay::targets
