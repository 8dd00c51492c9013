// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace inlay::test {

/// Extensions that a device lacks, in OpenCL C: the variants of a source can then be tested on any.
inline constexpr std::string_view emulated_dots = R"(
static inline int emulated_dot(const char4 a, const char4 b) {
  return a.s0 * b.s0 + a.s1 * b.s1 + a.s2 * b.s2 + a.s3 * b.s3;
}
#define arm_dot(a, b) emulated_dot(a, b)
#define arm_dot_acc(a, b, sum) (emulated_dot(a, b) + (sum))
#define dot(a, b) emulated_dot(a, b)
)";

} // namespace inlay::test
