// SPDX-License-Identifier: Apache-2.0
#include "profile.hpp"

#include "../targets/host/svg.hpp"

#include <algorithm>

namespace app {

namespace {

/// From the begin of the first kernel to the end of the last.
double whole_of(const std::vector<kernel_span>& profile) {
  double end = 0;
  for (const kernel_span& one : profile) {
    end = std::max(end, one.end);
  }
  return end;
}

} // namespace

void print(const std::vector<kernel_span>& profile) {
  const double whole = whole_of(profile);
  std::size_t widest = 6;
  for (const kernel_span& one : profile) {
    widest = std::max(widest, one.kernel.size());
  }
  fmt::print("      {:>9}  {:>6}  {:<{}}  computes\n", "µs", "%", "kernel", widest);
  double busy = 0;
  for (const kernel_span& one : profile) {
    const double taken = one.end - one.begin;
    busy += taken;
    fmt::print("      {:>8.1f}  {:>6.2f}  {:<{}}  {}\n", taken, 100 * taken / whole, one.kernel,
               widest, one.step);
  }
  fmt::print("      {:>8.1f}  {:>6.2f}  between kernels\n", whole - busy,
             100 * (whole - busy) / whole);
  fmt::print("      {:>8.1f}          {} launches\n", whole, profile.size());
}

std::string draw(const std::vector<kernel_span>& profile, const std::string& title) {
  constexpr double left = 290;
  constexpr double width = 900;
  constexpr double row = 15;
  constexpr double top = 50;
  const double whole = std::max(whole_of(profile), 1e-3);
  const auto x_of = [&](double time) { return left + time / whole * (width - left - 70); };
  inspect::svg drawn;
  drawn.text(12, 24, title, R"(class="title")");
  double y = top;
  for (const kernel_span& one : profile) {
    const double taken = one.end - one.begin;
    drawn.text(left - 8, y + 10, one.kernel, R"(class="note right")");
    drawn.box(x_of(one.begin), y, std::max(x_of(one.end) - x_of(one.begin), 0.5), row - 3,
              fmt::format(R"(fill="{}" stroke="#6e7781" stroke-width="0.5")",
                          inspect::color_of(one.step.substr(0, one.step.find(' ')))),
              fmt::format("{}: {:.1f} µs", one.step, taken));
    drawn.text(x_of(one.end) + 4, y + 10, fmt::format("{:.0f} µs", taken), R"(class="note")");
    y += row;
  }
  drawn.line(left, top - 4, left, y, R"(stroke="#6e7781")");
  drawn.text(left, y + 16, fmt::format("{:.0f} µs from the first kernel to the last", whole),
             R"(class="note")");
  return drawn.finish(width, y + 30, title);
}

} // namespace app
