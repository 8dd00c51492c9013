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

/// The best variant for a device with these extensions, separated by spaces.
constexpr dot dot_of(std::string_view extensions) {
  const auto has = [&](std::string_view wanted) {
    while (!extensions.empty() || !wanted.empty()) {
      const std::size_t at = extensions.find(wanted);
      if (at == std::string_view::npos) {
        return false;
      }
      const std::size_t end = at + wanted.size();
      if ((at == 0 || extensions[at - 1] == ' ') &&
          (end == extensions.size() || extensions[end] == ' ')) {
        return true;
      }
      extensions.remove_prefix(end);
    }
    return false;
  };
  const std::string_view all = extensions;
  for (const auto& [name, how] :
       {std::pair{std::string_view("cl_khr_integer_dot_product"), dot::khr},
        std::pair{std::string_view("cl_arm_integer_dot_product_accumulate_int8"),
                  dot::arm_accumulate},
        std::pair{std::string_view("cl_arm_integer_dot_product_int8"), dot::arm}}) {
    extensions = all;
    if (has(name)) {
      return how;
    }
  }
  return dot::plain;
}

} // namespace inlay::opencl
