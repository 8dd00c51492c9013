// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/architecture.hpp>
#include <inlay/kernels/simd/architectures.hpp>
#include <inlay/lower/channel.hpp>
#include <inlay/targets/arm.hpp>
#include <inlay/targets/cortex_m.hpp>
#include <inlay/targets/reference.hpp>
#include <inlay/targets/simd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inspect {

/// A target as far as its reports need it.
struct target {
  std::string name;
  std::int64_t alignment = 1;
  inlay::lowering lowering{};
  std::string (*kernel_of)(const inlay::step::any&) = nullptr;
  /// Bytes that the kernel of a step may overwrite.
  std::int64_t (*scratch_bytes_of)(const inlay::step::any&) = nullptr;
  /// How many channels of a step are requantized in the form that `form` describes.
  inlay::forms (*forms_of)(const inlay::step::any&, const inlay::layer_constants&) = nullptr;
  /// Empty if the target has one form only.
  std::string_view form;
  /// Whether streamed_engine runs it by its own rows.
  bool streams = false;
};

inline constexpr std::string_view by_channels =
    "channels (for ADD: 1) whose sums one multiply-add in single precision takes to the "
    "reference's outputs; the others are requantized in integers.";
inline constexpr std::string_view by_vectors =
    "channels (for ADD: 1) that one multiply-add in single precision requantizes, because it is "
    "proved to be exact for all of their vector; the others are requantized in integers.";

/// @tparam Plan a target, or its plan alone
template <class Plan>
target describe() {
  target made;
  made.name = Plan::name;
  made.alignment = Plan::alignment;
  made.lowering = Plan::lowering;
  made.kernel_of = [](const inlay::step::any& what) { return std::string(Plan::kernel_of(what)); };
  made.scratch_bytes_of = [](const inlay::step::any& what) -> std::int64_t {
    if constexpr (requires { Plan::scratch_bytes_of(what); }) {
      return static_cast<std::int64_t>(Plan::scratch_bytes_of(what));
    } else {
      return 0;
    }
  };
  made.forms_of = [](const inlay::step::any& what, const inlay::layer_constants& layer) {
    if constexpr (requires { Plan::forms_of(what, layer); }) {
      return Plan::forms_of(what, layer);
    } else {
      return inlay::forms{};
    }
  };
  return made;
}

template <class Numbers>
target describe_simd() {
  target made = describe<inlay::targets::simd_plan<Numbers>>();
  made.form = by_vectors;
  return made;
}

template <inlay::targets::core Core>
target describe_cortex_m() {
  target made = describe<inlay::targets::cortex_m<Core>>();
  made.streams = true;
  return made;
}

/// The targets that --target can name.
inline const std::vector<target>& targets() {
  static const std::vector<target> known = [] {
    namespace simd = inlay::kernels::simd;
    using inlay::targets::core;
    namespace neon = inlay::kernels::neon;
    // What other targets could do.
    target reference = describe<inlay::targets::reference>();
    reference.forms_of = [](const inlay::step::any& what, const inlay::layer_constants& layer) {
      return inlay::forms_of(what, layer);
    };
    reference.form = by_channels;
    reference.streams = true;
    return std::vector<target>{std::move(reference),
                               describe_simd<simd::avx512_vnni_numbers>(),
                               describe_simd<simd::avx_vnni_numbers>(),
                               describe_simd<simd::avx2_numbers>(),
                               describe_simd<simd::sse41_numbers>(),
                               describe<inlay::targets::arm_plan<neon::i8mm>>(),
                               describe<inlay::targets::arm_plan<neon::dotprod>>(),
                               describe<inlay::targets::arm_plan<neon::armv8>>(),
                               describe<inlay::targets::arm_plan<neon::armv7>>(),
                               describe_cortex_m<core::m0plus>(),
                               describe_cortex_m<core::m3>(),
                               describe_cortex_m<core::m4>(),
                               describe_cortex_m<core::m7>(),
                               describe_cortex_m<core::m33>(),
                               describe_cortex_m<core::m55>()};
  }();
  return known;
}

} // namespace inspect
