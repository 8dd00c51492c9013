// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/npu.hpp>
#include <inlay/targets/cortex_m.hpp>

namespace inlay::targets {

namespace detail {

/// The processor beside an NPU: of a microcontroller, the one that is compiled for.
#if defined(__ARM_FEATURE_MVE)
using beside_npu = cortex_m<core::m55>;
#elif defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && defined(__ARM_FEATURE_DSP)
using beside_npu = cortex_m<core::m33>;
#elif defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
using beside_npu = cortex_m<core::m3>;
#else
using beside_npu = reference;
#endif

} // namespace detail

/// An Arm Ethos-U55 with `Macs` multiply-accumulates a cycle. Operators that it does not take
/// (SOFTMAX, QUANTIZE at the ends) are for the processor, with the kernels of `Processor`.
template <int Macs, class Processor = detail::beside_npu>
struct ethos_u55 : Processor {
  static_assert(Macs == 32 || Macs == 64 || Macs == 128 || Macs == 256,
                "inlay: an Ethos-U55 has 32, 64, 128 or 256 multiply-accumulates a cycle");
  static constexpr std::string_view name = Macs == 32    ? "ethos-u55-32"
                                           : Macs == 64  ? "ethos-u55-64"
                                           : Macs == 128 ? "ethos-u55-128"
                                                         : "ethos-u55-256";
  static constexpr ethos_u::npu npu = ethos_u::u55(Macs);
};

/// An Arm Ethos-U65 with `Macs` multiply-accumulates a cycle.
template <int Macs, class Processor = detail::beside_npu>
struct ethos_u65 : Processor {
  static_assert(Macs == 256 || Macs == 512,
                "inlay: an Ethos-U65 has 256 or 512 multiply-accumulates a cycle");
  static constexpr std::string_view name = Macs == 256 ? "ethos-u65-256" : "ethos-u65-512";
  static constexpr ethos_u::npu npu = ethos_u::u65(Macs);
};

} // namespace inlay::targets
