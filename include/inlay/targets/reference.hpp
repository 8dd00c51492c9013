// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/reference/add.hpp>
#include <inlay/kernels/reference/average_pool.hpp>
#include <inlay/kernels/reference/convolution.hpp>
#include <inlay/kernels/reference/depthwise_convolution.hpp>
#include <inlay/kernels/reference/logistic.hpp>
#include <inlay/kernels/reference/mean.hpp>
#include <inlay/kernels/reference/pad.hpp>
#include <inlay/kernels/reference/quantize.hpp>
#include <inlay/kernels/reference/softmax.hpp>
#include <inlay/lower/lower.hpp>

namespace inlay::targets {

/// Any processor, with kernels written to be read; usable in constant expressions. All other
/// targets are held to its numbers.
///
/// A target is a type with these members: a name; the alignment of tensors, scratch and packed
/// constants in bytes; what it wishes of lowering; and for each step, as a template argument,
/// - packed_bytes: how much `pack` writes for it, 0 if its kernel reads the model's constants;
/// - pack(layers, out): brings its constants into the kernel's order, once, before inferences;
/// - scratch_bytes: memory that the kernel may overwrite, for each thread;
/// - units: into how many pieces the work can be divided among threads;
/// - run(arguments): calls the kernel of its choice;
/// - run_row(row_arguments): the same for one row of the output, of those steps that it can do by
///   rows; streamed_engine does the others whole.
/// Most targets derive from this one and hide what they do otherwise.
struct reference {
  static constexpr std::string_view name = "reference";
  static constexpr std::int64_t alignment = 16;
  static constexpr inlay::lowering lowering{};
  template <auto Step>
  static constexpr std::size_t packed_bytes = 0;
  template <auto Step>
  static constexpr std::size_t scratch_bytes = 0;
  template <auto Step>
  static constexpr std::int32_t units = 1;

  template <auto Step>
  static constexpr void pack(kernels::layers /*constants*/, unsigned char* /*out*/) noexcept {}

  template <step::convolution Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::convolution<Step>(given);
  }
  template <step::depthwise_convolution Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::depthwise_convolution<Step>(given);
  }
  template <step::add Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::add<Step>(given);
  }
  template <step::average_pool Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::average_pool<Step>(given);
  }
  template <step::mean Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::mean<Step>(given);
  }
  template <step::pad Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::pad<Step>(given);
  }
  template <step::softmax Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::softmax<Step>(given);
  }
  template <step::logistic Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::logistic<Step>(given);
  }
  template <step::requantize Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::requantize<Step>(given);
  }
  template <step::quantize Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::quantize<Step>(given);
  }
  template <step::dequantize Step>
  static constexpr void run(const kernels::arguments& given) noexcept {
    kernels::reference::dequantize<Step>(given);
  }

  template <step::convolution Step>
  static constexpr void run_row(const kernels::row_arguments& given) noexcept {
    kernels::reference::convolution_row<Step>(by_address(given), given, given.output);
  }
  template <step::depthwise_convolution Step>
  static constexpr void run_row(const kernels::row_arguments& given) noexcept {
    kernels::reference::depthwise_convolution_row<Step>(by_address(given), given, given.output);
  }
  template <step::average_pool Step>
  static constexpr void run_row(const kernels::row_arguments& given) noexcept {
    kernels::reference::average_pool_row<Step>(by_address(given), given.output);
  }
  template <step::pad Step>
  static constexpr void run_row(const kernels::row_arguments& given) noexcept {
    kernels::reference::pad_row<Step>(given.rows[0], given.rows[0] != nullptr, given.output);
  }
  template <step::add Step>
  static constexpr void run_row(const kernels::row_arguments& given) noexcept {
    kernels::reference::add<Step>(
        {.inputs = {given.rows[0], given.rows[1]}, .output = given.output}, given.elements);
  }
  template <step::logistic Step>
  static constexpr void run_row(const kernels::row_arguments& given) noexcept {
    kernels::reference::logistic<Step>({.inputs = {given.rows[0]}, .output = given.output},
                                       given.elements);
  }
  template <step::requantize Step>
  static constexpr void run_row(const kernels::row_arguments& given) noexcept {
    kernels::reference::requantize<Step>({.inputs = {given.rows[0]}, .output = given.output},
                                         given.elements);
  }
  template <step::quantize Step>
  static constexpr void run_row(const kernels::row_arguments& given) noexcept {
    kernels::reference::quantize<Step>({.inputs = {given.rows[0]}, .output = given.output},
                                       given.elements);
  }
  template <step::dequantize Step>
  static constexpr void run_row(const kernels::row_arguments& given) noexcept {
    kernels::reference::dequantize<Step>({.inputs = {given.rows[0]}, .output = given.output},
                                         given.elements);
  }

  /// The kernel that a step gets, for reports.
  static constexpr std::string_view kernel_of(const step::any& what) {
    return what.visit([](const auto& chosen) { return std::string_view(chosen.name); });
  }

private:
  static constexpr kernels::reference::rows_by_address
  by_address(const kernels::row_arguments& given) {
    return {given.rows};
  }
};

} // namespace inlay::targets
