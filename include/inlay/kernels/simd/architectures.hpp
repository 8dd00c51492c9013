// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/rounding_bounds.hpp>

#include <string_view>

// What plans and packing need to know of each architecture, on any machine; portable.hpp says what
// the members mean. The types with the instructions derive from these.

namespace inlay::kernels::simd {

struct avx512_vnni_numbers {
  static constexpr std::string_view name = "avx512_vnni";
  static constexpr int lanes = 16;
  static constexpr int registers = 32;
  static constexpr int slices = 1;
  static constexpr bool fused_multiply_add = true;
  static constexpr conversion rounding = conversion::truncate;
};

struct avx_vnni_numbers {
  static constexpr std::string_view name = "avx_vnni";
  static constexpr int lanes = 8;
  static constexpr int registers = 16;
  static constexpr int slices = 1;
  static constexpr bool fused_multiply_add = true;
  static constexpr conversion rounding = conversion::truncate;
};

struct avx2_numbers {
  static constexpr std::string_view name = "avx2";
  static constexpr int lanes = 8;
  static constexpr int registers = 16;
  static constexpr int slices = 2;
  static constexpr bool fused_multiply_add = true;
  static constexpr conversion rounding = conversion::truncate;
};

struct sse41_numbers {
  static constexpr std::string_view name = "sse41";
  static constexpr int lanes = 4;
  static constexpr int registers = 16;
  static constexpr int slices = 2;
  static constexpr bool fused_multiply_add = false;
  static constexpr conversion rounding = conversion::truncate;
};

} // namespace inlay::kernels::simd
