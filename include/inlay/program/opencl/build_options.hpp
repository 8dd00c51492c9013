// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace inlay::opencl {

/// How a kernel multiplies four bytes by four and adds them up; all give the same numbers.
enum class dot : std::uint8_t {
  /// Without any extension.
  plain,
  /// arm_dot of cl_arm_integer_dot_product_int8.
  arm,
  /// arm_dot_acc of cl_arm_integer_dot_product_accumulate_int8.
  arm_accumulate,
  /// dot of cl_khr_integer_dot_product.
  khr
};

inline constexpr std::array<dot, 4> every_dot{dot::plain, dot::arm, dot::arm_accumulate, dot::khr};

constexpr std::string_view name_of(dot how) {
  switch (how) {
  case dot::plain:
    return "plain";
  case dot::arm:
    return "arm";
  case dot::arm_accumulate:
    return "acc";
  case dot::khr:
    return "khr";
  }
  return "?";
}

/// The options with which a program's source must be built. No other option may allow a compiler to
/// change arithmetic (-cl-mad-enable, -cl-unsafe-math-optimizations, -cl-fast-relaxed-math): the
/// proofs of requantization hold for fma, which rounds once.
constexpr std::string_view build_options(dot how) {
  switch (how) {
  case dot::plain:
    return "-cl-std=CL1.2";
  case dot::arm:
    return "-cl-std=CL1.2 -DINLAY_DOT_ARM";
  case dot::arm_accumulate:
    return "-cl-std=CL1.2 -DINLAY_DOT_ACC";
  case dot::khr:
    return "-cl-std=CL1.2 -DINLAY_DOT_KHR";
  }
  return "";
}

/// Whether a list of words, separated by spaces, has this one.
constexpr bool has_word(std::string_view list, std::string_view word) {
  for (std::size_t at = list.find(word); at != std::string_view::npos;
       at = list.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) {
      return true;
    }
  }
  return false;
}

/// The best variant for a device with these extensions, separated by spaces.
constexpr dot dot_of(std::string_view extensions) {
  return has_word(extensions, "cl_khr_integer_dot_product")                   ? dot::khr
         : has_word(extensions, "cl_arm_integer_dot_product_accumulate_int8") ? dot::arm_accumulate
         : has_word(extensions, "cl_arm_integer_dot_product_int8")            ? dot::arm
                                                                              : dot::plain;
}

} // namespace inlay::opencl
