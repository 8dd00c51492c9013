// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace app {

/// When a kernel ran, in µs since the first one began, and what it computes.
struct kernel_span {
  std::string kernel;
  std::string step;
  double begin = 0;
  double end = 0;
};

/// Prints a table: each kernel's time, and how long none ran.
void print(const std::vector<kernel_span>& profile);

/// A picture of the kernels on a line of time, as SVG.
std::string draw(const std::vector<kernel_span>& profile, const std::string& title);

} // namespace app
