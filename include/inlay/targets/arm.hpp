// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/neon/convolution.hpp>
#include <inlay/kernels/neon/depthwise_convolution.hpp>
#include <inlay/kernels/neon/depthwise_taps.hpp>
#include <inlay/kernels/neon/inverted_residual.hpp>
#include <inlay/kernels/neon/mean.hpp>
#include <inlay/kernels/neon/pack.hpp>
#include <inlay/kernels/neon/requantize_tensor.hpp>
#include <inlay/targets/instructions.hpp>
#include <inlay/targets/reference.hpp>

namespace inlay::targets {

/// What lowering, plans and reports ask of arm<Isa>, on any machine.
/// @tparam Isa a type of kernels/neon/architecture.hpp
template <class Isa>
struct arm_plan {
  static constexpr std::string_view name = Isa::name;
  static constexpr std::int64_t alignment = 64;

  static constexpr bool fuses(const step::inverted_residual& block) {
    return kernels::neon::has_kernel(block);
  }
  static constexpr inlay::lowering lowering{.fuses = &fuses};

  /// Whether a step has a kernel of kernels/neon.
  static constexpr bool is_own(const step::any& what) {
    return what.visit([](const auto& step) {
      using kind = std::remove_cvref_t<decltype(step)>;
      if constexpr (std::is_same_v<kind, step::depthwise_convolution>) {
        return kernels::neon::has_kernel(step) || kernels::neon::has_taps_kernel(step);
      } else if constexpr (requires { kernels::neon::has_kernel(step); }) {
        return kernels::neon::has_kernel(step);
      } else {
        return std::is_same_v<kind, step::convolution>;
      }
    });
  }
  static constexpr std::string_view kernel_of(const step::any& what) {
    return is_own(what) ? name : reference::kernel_of(what);
  }

  /// What scratch_bytes is for a step, given as step::any or as one of its kinds.
  static constexpr std::size_t scratch_bytes_of(const step::any& what) {
    return what.visit([](const auto& step) { return scratch_bytes_of(step); });
  }
  template <class Step>
  static constexpr std::size_t scratch_bytes_of(const Step& step) {
    if constexpr (requires { kernels::neon::scratch_bytes_of<Isa>(step); }) {
      return static_cast<std::size_t>(kernels::neon::scratch_bytes_of<Isa>(step));
    } else {
      return 0;
    }
  }
};

/// What the targets of Arm processors have in common. Where a translation unit is not compiled for
/// one, there is everything but run().
/// @tparam Isa a type of kernels/neon/architecture.hpp
template <class Isa>
struct arm : reference {
  using plan = arm_plan<Isa>;
  static constexpr std::string_view name = plan::name;
  static constexpr std::int64_t alignment = plan::alignment;
  static constexpr inlay::lowering lowering = plan::lowering;
  static constexpr std::string_view kernel_of(const step::any& what) {
    return plan::kernel_of(what);
  }

  template <auto Step>
  static constexpr std::size_t packed_bytes = [] {
    constexpr auto step = Step;
    if constexpr (requires { kernels::neon::packed_bytes_of<Isa>(step); }) {
      return kernels::neon::packed_bytes_of<Isa>(step);
    } else {
      return std::size_t{0};
    }
  }();
  template <auto Step>
  static constexpr std::size_t scratch_bytes = plan::scratch_bytes_of(Step);
  template <auto Step>
  static constexpr std::int32_t units = [] {
    constexpr auto step = Step;
    if constexpr (requires { kernels::neon::units_of<Isa>(step); }) {
      return kernels::neon::units_of<Isa>(step);
    } else {
      return 1;
    }
  }();

  template <auto Step>
  static constexpr void pack(kernels::layers constants, unsigned char* out) noexcept {
    constexpr auto step = Step;
    if constexpr (requires { kernels::neon::pack<Isa>(step, constants, out); }) {
      kernels::neon::pack<Isa>(step, constants, out);
    }
  }

  template <auto Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    constexpr bool compiled = kernels::neon::is_compiled<Isa>;
    static_assert(require<detail::instructions_found<name, compiled>>);
    using kernel = decltype(choose<Step>());
    if constexpr (!compiled || std::is_same_v<kernel, std::nullptr_t>) {
      reference::run<Step>(given);
    } else {
      kernel::run(given);
    }
  }

private:
  /// The kernel of a step, a type with run(); none where the reference's runs it.
  template <auto Step>
  static constexpr auto choose() {
#if defined(__ARM_NEON)
    constexpr auto step = Step;
    using kind = std::remove_cvref_t<decltype(step)>;
    if constexpr (std::is_same_v<kind, step::convolution>) {
      return kernels::neon::convolution<Isa, step>{};
    } else if constexpr (std::is_same_v<kind, step::inverted_residual>) {
      return kernels::neon::inverted_residual<Isa, step>{};
    } else if constexpr (std::is_same_v<kind, step::depthwise_convolution>) {
      if constexpr (kernels::neon::has_kernel(step)) {
        return kernels::neon::depthwise_convolution<Isa, step>{};
      } else if constexpr (kernels::neon::has_taps_kernel(step)) {
        return kernels::neon::depthwise_taps<step>{};
      } else {
        return nullptr;
      }
    } else if constexpr (requires { kernels::neon::has_kernel(step); }) {
      if constexpr (!kernels::neon::has_kernel(step)) {
        return nullptr;
      } else if constexpr (std::is_same_v<kind, step::add>) {
        return kernels::neon::addition<step>{};
      } else if constexpr (std::is_same_v<kind, step::mean>) {
        return kernels::neon::mean<step>{};
      } else {
        return kernels::neon::requantize<step>{};
      }
    } else {
      return nullptr;
    }
#else
    return nullptr;
#endif
  }
};

/// AArch64 without extensions.
struct neon : arm<kernels::neon::armv8> {};
/// AArch64 with the dot product instructions of ARMv8.2 (Cortex-A55, A75 and newer).
struct dotprod : arm<kernels::neon::dotprod> {};
/// AArch64 with the matrix multiplication instructions of ARMv8.6 (Cortex-A510, A710 and newer).
struct i8mm : arm<kernels::neon::i8mm> {};
/// ARMv7 with NEON.
struct armv7 : arm<kernels::neon::armv7> {};

} // namespace inlay::targets
