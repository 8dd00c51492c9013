// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/architecture.hpp>
#include <inlay/kernels/portable/forms.hpp>
#include <inlay/kernels/simd/architectures.hpp>
#include <inlay/lower/channel.hpp>
#include <inlay/targets/arm.hpp>
#include <inlay/targets/cortex_m.hpp>
#include <inlay/targets/reference.hpp>
#include <inlay/targets/simd.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inspect {

/// A way in which a target requantizes channels.
struct form {
  std::string_view name;
  std::string_view meaning;
};

/// How many channels take each of a target's forms; an ADD counts as one.
using form_counts = std::array<int, 3>;

/// A target as far as its reports need it.
struct target {
  std::string name;
  std::int64_t alignment = 1;
  inlay::lowering lowering{};
  std::string (*kernel_of)(const inlay::step::any&) = nullptr;
  /// Bytes that the kernel of a step may overwrite.
  std::int64_t (*scratch_bytes_of)(const inlay::step::any&) = nullptr;
  std::vector<form> forms;
  form_counts (*forms_of)(const inlay::step::any&, const inlay::layer_constants&) = nullptr;
  /// Whether streamed_engine runs it by its own rows.
  bool streams = false;
};

inline constexpr form integers{"integers", "the others, in the reference's integers."};

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
  return made;
}

/// As the counts of a target with two forms, the second of which takes what the first cannot.
inline form_counts counts_of(inlay::forms proved) {
  return {proved.exact, proved.all - proved.exact, 0};
}

inline target describe_reference() {
  target made = describe<inlay::targets::reference>();
  // What other targets could do.
  made.forms = {{"float", "channels (for ADD: 1) whose sums one multiply-add in single precision "
                          "takes to the reference's outputs."},
                integers};
  made.forms_of = [](const inlay::step::any& what, const inlay::layer_constants& layer) {
    return counts_of(inlay::forms_of(what, layer));
  };
  made.streams = true;
  return made;
}

template <class Numbers>
target describe_simd() {
  using plan = inlay::targets::simd_plan<Numbers>;
  target made = describe<plan>();
  made.forms = {{"float", "channels (for ADD: 1) that one multiply-add in single precision "
                          "requantizes, because it is proved to be exact for all of their vector."},
                integers};
  made.forms_of = [](const inlay::step::any& what, const inlay::layer_constants& layer) {
    return counts_of(plan::forms_of(what, layer));
  };
  return made;
}

/// Layers have one form for all channels, which is found by packing them.
template <class Isa>
target describe_arm() {
  target made = describe<inlay::targets::arm_plan<Isa>>();
  made.forms = {{"narrow", "channels (for ADD: 1) of layers whose results have 16 bits before the "
                           "zero point is added, proved for all of them."},
                {"wide", "of those with larger results."},
                {"general", "of those with any multiplier and any weight."}};
  made.forms_of = [](const inlay::step::any& what, const inlay::layer_constants& layer) {
    return what.visit([&](const auto& step) {
      namespace neon = inlay::kernels::neon;
      using kind = std::remove_cvref_t<decltype(step)>;
      form_counts counts{};
      if constexpr (requires { neon::form_of_packed(step, nullptr); }) {
        if (std::vector<unsigned char> packed(neon::packed_bytes_of<Isa>(step)); !packed.empty()) {
          neon::pack<Isa>(step, {&layer, 1}, packed.data());
          counts[static_cast<std::size_t>(neon::form_of_packed(step, packed.data()))] =
              step.out.channels;
        }
      } else if constexpr (std::is_same_v<kind, inlay::step::add>) {
        if (neon::has_kernel(step)) {
          counts[neon::is_narrow(step) ? 0 : 1] = 1;
        }
      }
      return counts;
    });
  };
  return made;
}

template <inlay::targets::core Core>
target describe_cortex_m() {
  target made = describe<inlay::targets::cortex_m<Core>>();
  made.forms = {{"short", "channels that one multiplication and one shift requantize, because it "
                          "is proved that twice their sums fit into 32 bits."},
                integers};
  made.forms_of = [](const inlay::step::any& what, const inlay::layer_constants& layer) {
    return counts_of(inlay::kernels::portable::forms_of(what, layer));
  };
  made.streams = true;
  return made;
}

/// The targets that --target can name.
inline const std::vector<target>& targets() {
  static const std::vector<target> known = [] {
    namespace simd = inlay::kernels::simd;
    using inlay::targets::core;
    namespace neon = inlay::kernels::neon;
    return std::vector<target>{describe_reference(),
                               describe_simd<simd::avx512_vnni_numbers>(),
                               describe_simd<simd::avx_vnni_numbers>(),
                               describe_simd<simd::avx2_numbers>(),
                               describe_simd<simd::sse41_numbers>(),
                               describe_arm<neon::i8mm>(),
                               describe_arm<neon::dotprod>(),
                               describe_arm<neon::armv8>(),
                               describe_arm<neon::armv7>(),
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
