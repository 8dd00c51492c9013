// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/add.hpp>
#include <inlay/kernels/simd/convolution.hpp>
#include <inlay/kernels/simd/depthwise_convolution.hpp>
#include <inlay/kernels/simd/inverted_residual.hpp>
#include <inlay/kernels/simd/mean.hpp>
#include <inlay/kernels/simd/portable.hpp>
#include <inlay/kernels/simd/requantize.hpp>
#include <inlay/targets/reference.hpp>

namespace inlay::targets {

/// The kernels of kernels/simd on one architecture, and the reference's for all other steps.
/// @tparam Arch says how vectors are computed with; see kernels/simd/portable.hpp
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
  static constexpr std::string_view name = Arch::name;
  static constexpr std::int64_t alignment = 64;
  static constexpr inlay::lowering lowering{.fold_padding = true,
                                            .fuses = &kernels::simd::fuses<Arch>};

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
    if constexpr (has_kernel<Step>) {
      kernel<Step>::run(given);
    } else {
      reference::run<Step>(given);
    }
  }

  static constexpr std::string_view kernel_of(const step::any& what) {
    if (what.is<step::convolution>() || what.is<step::inverted_residual>() ||
        what.is<step::add>() || what.is<step::mean>() ||
        (what.is<step::requantize>() && step::is_flip(what.as<step::requantize>())) ||
        (what.is<step::depthwise_convolution>() &&
         kernels::simd::fits_quads(what.as<step::depthwise_convolution>()))) {
      return Arch::name;
    }
    return reference::kernel_of(what);
  }
};

} // namespace inlay::targets
