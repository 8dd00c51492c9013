// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/dsp/core.hpp>
#include <inlay/kernels/mve/add.hpp>
#include <inlay/kernels/mve/convolution.hpp>
#include <inlay/kernels/mve/depthwise.hpp>
#include <inlay/kernels/mve/flip.hpp>
#include <inlay/kernels/mve/mean.hpp>
#include <inlay/kernels/portable/convolution.hpp>
#include <inlay/kernels/portable/core.hpp>
#include <inlay/kernels/portable/depthwise.hpp>
#include <inlay/kernels/portable/flip.hpp>
#include <inlay/kernels/row_arguments.hpp>
#include <inlay/targets/cortex_m_core.hpp>
#include <inlay/targets/reference.hpp>

namespace inlay::targets {

/// Cortex-M, by rows: `run` is `run_row` for each row of the output. Constants are packed (on the
/// machine that compiles, if one likes) into one block to be read in place, nothing of the model
/// file is needed besides. Any core's kernels also run elsewhere, as C++ with the same results.
template <core Core>
struct cortex_m : reference {
  static constexpr std::string_view name = name_of(Core);
  static constexpr std::int64_t alignment = 16;

private:
  /// Cores with vectors have kernels of their own, all others share theirs.
  static constexpr bool has_vectors = Core == core::m55;
  using kernels_of_core = std::conditional_t<Core == core::m0plus || Core == core::m3,
                                             kernels::portable::core, kernels::dsp::core>;

  template <auto Step>
  static constexpr bool is_convolution =
      std::is_same_v<std::remove_const_t<decltype(Step)>, step::convolution>;
  template <auto Step>
  static constexpr bool is_depthwise =
      std::is_same_v<std::remove_const_t<decltype(Step)>, step::depthwise_convolution>;
  /// Whether a step has packed constants, and this target's own kernel.
  template <auto Step>
  static constexpr bool is_packed = [] {
    if constexpr (is_convolution<Step> || is_depthwise<Step>) {
      return kernels::portable::is_packed(Step);
    } else {
      return false;
    }
  }();

  static constexpr auto order = has_vectors ? kernels::portable::weights_order::apart
                                            : kernels::portable::weights_order::together;

  template <auto Step>
  static constexpr const auto& plan() {
    if constexpr (has_vectors && is_convolution<Step>) {
      return kernels::mve::convolution_plan_of<Step>;
    } else if constexpr (has_vectors) {
      return kernels::mve::depthwise_plan_of<Step>;
    } else if constexpr (is_convolution<Step>) {
      return kernels::portable::convolution_plan_of<kernels_of_core, Step>;
    } else {
      return kernels::portable::depthwise_plan_of<kernels_of_core, Step>;
    }
  }
  template <auto Step>
  static constexpr std::size_t packed_size() {
    if constexpr (!is_packed<Step>) {
      return 0;
    } else {
      return plan<Step>().packed.bytes;
    }
  }
  static constexpr std::size_t scratch_size(const step::convolution& step) {
    const auto shape = kernels::portable::make_shape(step);
    if (!kernels::portable::is_packed(step)) {
      return 0;
    }
    return has_vectors
               ? kernels::mve::convolution_plan::of(shape).bytes
               : kernels::portable::convolution_plan::template of<kernels_of_core>(shape).bytes;
  }
  static constexpr std::size_t scratch_size(const step::depthwise_convolution& step) {
    const auto shape = kernels::portable::make_shape(step);
    if (!kernels::portable::is_packed(step)) {
      return 0;
    }
    return has_vectors
               ? kernels::mve::depthwise_plan::of(shape).bytes
               : kernels::portable::depthwise_plan::template of<kernels_of_core>(shape).bytes;
  }

public:
  template <auto Step>
  static constexpr std::size_t packed_bytes = packed_size<Step>();
  template <auto Step>
  static constexpr std::size_t scratch_bytes = [] {
    if constexpr (is_convolution<Step> || is_depthwise<Step>) {
      return scratch_size(Step);
    } else {
      return std::size_t{0};
    }
  }();

  template <auto Step>
  static constexpr void pack(kernels::layers constants, unsigned char* out) noexcept {
    if constexpr (is_convolution<Step>) {
      kernels::portable::pack_convolution<order, Step>(constants[0], out);
    } else {
      kernels::portable::pack_depthwise<order, Step>(constants[0], out);
    }
  }

private:
  // What this target does otherwise than the reference. Not overloads of `run` and `run_row`: clang
  // 14 would take them for the same templates as those of the base, and hide all of them.
  template <step::convolution Step>
  static void make_row(const kernels::row_arguments& given) noexcept {
    constexpr element type = Step.type;
    if constexpr (!is_packed<Step>) {
      reference::run_row<Step>(given);
    } else if constexpr (has_vectors) {
      kernels::mve::convolution_row<type>(plan<Step>(), given.rows, given.packed, given.scratch,
                                          given.output);
    } else {
      kernels::portable::convolution_row<kernels_of_core, type>(
          plan<Step>(), given.rows, given.packed, given.scratch, given.output);
    }
  }
  template <step::depthwise_convolution Step>
  static void make_row(const kernels::row_arguments& given) noexcept {
    constexpr element type = Step.type;
    if constexpr (!is_packed<Step>) {
      reference::run_row<Step>(given);
    } else if constexpr (has_vectors) {
      kernels::mve::depthwise_row<type>(plan<Step>(), given.rows, given.packed, given.scratch,
                                        given.output);
    } else {
      kernels::portable::depthwise_row<kernels_of_core, type>(
          plan<Step>(), given.rows, given.packed, given.scratch, given.output);
    }
  }
  template <step::add Step>
  static void make_row(const kernels::row_arguments& given) noexcept {
    add<Step>({.inputs = {given.rows[0], given.rows[1]}, .output = given.output}, given.elements);
  }
  template <step::requantize Step>
  static void make_row(const kernels::row_arguments& given) noexcept {
    if constexpr (step::is_flip(Step)) {
      flip(given.rows[0], given.output, given.elements);
    } else {
      reference::run_row<Step>(given);
    }
  }

  template <step::convolution Step>
  static void make(const kernels::arguments& given) noexcept {
    if constexpr (is_packed<Step>) {
      run_rows<Step>(given);
    } else {
      reference::run<Step>(given);
    }
  }
  template <step::depthwise_convolution Step>
  static void make(const kernels::arguments& given) noexcept {
    if constexpr (is_packed<Step>) {
      run_rows<Step>(given);
    } else {
      reference::run<Step>(given);
    }
  }
  template <step::add Step>
  static void make(const kernels::arguments& given) noexcept {
    constexpr auto step = Step;
    add<Step>(given, step.elements);
  }
  template <step::requantize Step>
  static void make(const kernels::arguments& given) noexcept {
    constexpr auto step = Step;
    if constexpr (step::is_flip(Step)) {
      flip(given.inputs[0], given.output, step.elements);
    } else {
      reference::run<Step>(given);
    }
  }
  template <step::mean Step>
  static void make(const kernels::arguments& given) noexcept {
    constexpr element type = Step.type;
    if constexpr (!kernels::portable::is_averaging(Step)) {
      reference::run<Step>(given);
    } else if constexpr (has_vectors) {
      kernels::mve::mean<type>(kernels::portable::averaging_of<Step>, given.inputs[0],
                               given.output);
    } else {
      kernels::portable::mean<kernels_of_core, type>(kernels::portable::averaging_of<Step>,
                                                     given.inputs[0], given.output);
    }
  }

public:
  template <auto Step>
  static void run(const kernels::arguments& given) noexcept {
    if constexpr (requires { make<Step>(given); }) {
      make<Step>(given);
    } else {
      reference::run<Step>(given);
    }
  }
  template <auto Step>
    requires(requires(const kernels::row_arguments& row) { reference::run_row<Step>(row); })
  static void run_row(const kernels::row_arguments& given) noexcept {
    if constexpr (requires { make_row<Step>(given); }) {
      make_row<Step>(given);
    } else {
      reference::run_row<Step>(given);
    }
  }

  /// What scratch_bytes is for a step.
  static constexpr std::size_t scratch_bytes_of(const step::any& what) {
    return what.visit([](const auto& step) {
      if constexpr (requires { scratch_size(step); }) {
        return scratch_size(step);
      } else {
        return std::size_t{0};
      }
    });
  }

  /// The kernel that a step gets, for reports.
  static constexpr std::string_view kernel_of(const step::any& what) {
    constexpr std::string_view own = has_vectors ? "vectors of 16"
                                     : std::is_same_v<kernels_of_core, kernels::dsp::core>
                                         ? "two products an instruction"
                                         : "one product an instruction";
    const bool is_own =
        (what.is<step::convolution>() &&
         kernels::portable::is_packed(what.as<step::convolution>())) ||
        (what.is<step::depthwise_convolution>() &&
         kernels::portable::is_packed(what.as<step::depthwise_convolution>())) ||
        (what.is<step::add>() && kernels::portable::is_addition(what.as<step::add>())) ||
        (what.is<step::mean>() && kernels::portable::is_averaging(what.as<step::mean>()));
    return is_own ? own : reference::kernel_of(what);
  }

private:
  static void flip(const unsigned char* from, unsigned char* to, std::int64_t count) noexcept {
    if constexpr (has_vectors) {
      kernels::mve::flip(from, to, count);
    } else {
      kernels::portable::flip(from, to, count);
    }
  }

  template <step::add Step>
  static void add(const kernels::arguments& given, std::int64_t count) noexcept {
    constexpr element type = Step.type;
    if constexpr (!kernels::portable::is_addition(Step)) {
      kernels::reference::add<Step>(given, count);
    } else if constexpr (has_vectors) {
      kernels::mve::add<type>(kernels::portable::addition_of<Step>, given.inputs[0],
                              given.inputs[1], given.output, count);
    } else {
      kernels::portable::add<kernels_of_core, type>(kernels::portable::addition_of<Step>,
                                                    given.inputs[0], given.inputs[1], given.output,
                                                    count);
    }
  }

  template <auto Step>
  static void run_rows(const kernels::arguments& given) noexcept {
    constexpr auto step = Step;
    constexpr step::sliding_window window = step.window;
    constexpr std::size_t in_bytes = static_cast<std::size_t>(step.in.width) * step.in.channels;
    constexpr std::size_t out_bytes = static_cast<std::size_t>(step.out.width) * step.out.channels;
    const unsigned char* rows[std::size_t{window.kernel.height}];
    kernels::row_arguments row{
        .rows = rows, .output = given.output, .packed = given.packed, .scratch = given.scratch};
    for (std::int32_t y = 0; y < step.out.height; ++y, row.output += out_bytes) {
      std::int32_t at = y * window.stride.height - window.padding_top;
      for (const unsigned char*& from : rows) {
        const bool inside = at >= 0 && at < step.in.height;
        from = inside ? given.inputs[0] + static_cast<std::size_t>(at) * in_bytes : nullptr;
        at += window.dilation.height;
      }
      run_row<Step>(row);
    }
  }
};

} // namespace inlay::targets
