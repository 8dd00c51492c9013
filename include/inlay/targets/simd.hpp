// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/add.hpp>
#include <inlay/kernels/simd/convolution.hpp>
#include <inlay/kernels/simd/depthwise_convolution.hpp>
#include <inlay/kernels/simd/depthwise_taps.hpp>
#include <inlay/kernels/simd/inverted_residual.hpp>
#include <inlay/kernels/simd/mean.hpp>
#include <inlay/kernels/simd/portable.hpp>
#include <inlay/kernels/simd/requantize.hpp>
#include <inlay/targets/instructions.hpp>
#include <inlay/targets/reference.hpp>

namespace inlay::targets {

/// What lowering, plans and reports ask of simd<Arch>, on any machine.
/// @tparam Arch an architecture, or its numbers alone (kernels/simd/architectures.hpp)
template <class Arch>
struct simd_plan {
  static constexpr std::string_view name = Arch::name;
  static constexpr std::int64_t alignment = 64;
  static constexpr inlay::lowering lowering{.fold_padding = true,
                                            .fuses = &kernels::simd::fuses<Arch>};

  /// Whether a step has a kernel of kernels/simd.
  static constexpr bool is_own(const step::any& what) {
    return what.is<step::convolution>() || what.is<step::inverted_residual>() ||
           what.is<step::add>() || what.is<step::mean>() ||
           (what.is<step::requantize>() && step::is_flip(what.as<step::requantize>())) ||
           (what.is<step::depthwise_convolution>() &&
            (kernels::simd::fits_quads(what.as<step::depthwise_convolution>()) ||
             kernels::simd::fits_taps(what.as<step::depthwise_convolution>())));
  }
  static constexpr std::string_view kernel_of(const step::any& what) {
    return is_own(what) ? Arch::name : reference::kernel_of(what);
  }

  /// How many channels of a step are requantized by a multiply-add: those of vectors for whose
  /// channels all that is proved.
  static constexpr forms forms_of(const step::any& what, const layer_constants& layer) {
    return inlay::forms_of<Arch::rounding, Arch::fused_multiply_add>(what, layer, Arch::lanes);
  }

  /// What scratch_bytes is for a step.
  static constexpr std::size_t scratch_bytes_of(const step::any& what) {
    return what.visit([](const auto& step) {
      if constexpr (requires { kernels::simd::scratch_bytes_of<Arch>(step); }) {
        return kernels::simd::scratch_bytes_of<Arch>(step);
      } else {
        return std::size_t{0};
      }
    });
  }
};

/// The kernels of kernels/simd on one architecture, and the reference's for all other steps.
/// @tparam Arch says how vectors are computed with; see kernels/simd/portable.hpp. With an
///   architecture's numbers alone there is everything but run()
template <class Arch>
struct simd : reference {
private:
  // Which kernel class does a step; void where it is the reference's.
  template <auto Step>
  struct chosen {
    using type = void;
  };
  template <step::convolution Step>
  struct chosen<Step> {
    using type = kernels::simd::convolution<Arch, Step>;
  };
  template <step::depthwise_convolution Step>
    requires(kernels::simd::fits_quads(Step))
  struct chosen<Step> {
    using type = kernels::simd::depthwise_convolution<Arch, Step>;
  };
  template <step::depthwise_convolution Step>
    requires(!kernels::simd::fits_quads(Step) && kernels::simd::fits_taps(Step))
  struct chosen<Step> {
    using type = kernels::simd::depthwise_taps<Arch, Step>;
  };
  template <step::inverted_residual Step>
  struct chosen<Step> {
    using type = kernels::simd::inverted_residual<Arch, Step>;
  };
  template <step::add Step>
  struct chosen<Step> {
    using type = kernels::simd::add<Arch, Step>;
  };
  template <step::mean Step>
  struct chosen<Step> {
    using type = kernels::simd::mean<Arch, Step>;
  };
  template <step::requantize Step>
    requires(step::is_flip(Step))
  struct chosen<Step> {
    using type = kernels::simd::requantize<Arch, Step>;
  };
  template <auto Step>
  using kernel = typename chosen<Step>::type;
  template <auto Step>
  static constexpr bool has_kernel = !std::is_void_v<kernel<Step>>;

public:
  using plan = simd_plan<Arch>;
  static constexpr std::string_view name = plan::name;
  static constexpr std::int64_t alignment = plan::alignment;
  static constexpr inlay::lowering lowering = plan::lowering;

  template <auto Step>
  static constexpr std::size_t packed_bytes = [] {
    if constexpr (has_kernel<Step>) {
      return kernel<Step>::packed_bytes;
    } else {
      return std::size_t{0};
    }
  }();
  template <auto Step>
  static constexpr std::size_t scratch_bytes = [] {
    if constexpr (has_kernel<Step>) {
      return kernel<Step>::scratch_bytes;
    } else {
      return std::size_t{0};
    }
  }();
  template <auto Step>
  static constexpr std::int32_t units = [] {
    if constexpr (has_kernel<Step>) {
      return kernel<Step>::units;
    } else {
      return std::int32_t{1};
    }
  }();

  template <auto Step>
  static constexpr void pack(kernels::layers constants, unsigned char* out) noexcept {
    if constexpr (has_kernel<Step>) {
      kernel<Step>::pack(constants, out);
    }
  }

  template <auto Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    constexpr bool compiled = requires {
      typename Arch::ints;
    };
    static_assert(require<detail::instructions_found<Arch::name, compiled>>);
    if constexpr (has_kernel<Step> && compiled) {
      kernel<Step>::run(given);
    } else {
      reference::run<Step>(given);
    }
  }

  static constexpr std::string_view kernel_of(const step::any& what) {
    return plan::kernel_of(what);
  }
};

} // namespace inlay::targets
