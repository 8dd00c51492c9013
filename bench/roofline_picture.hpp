// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../targets/host/svg.hpp"
#include "limits.hpp"
#include "runner.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace bench {

/// One step beside its limit.
struct roofline_point {
  piece part;
  double microseconds = 0;
  std::int64_t products = 0;
  std::int64_t bytes = 0;
  /// The least time that it could take, in µs, and what limits it.
  double least = 0;
  std::string bound{};
};

/// A chart on logarithmic axes: products a byte, and products a second.
class roofline_chart {
public:
  roofline_chart(const std::vector<roofline_point>& points, const limits& most)
      : points_(points), most_(most) {}

  std::string draw(const std::string& title) {
    axes();
    roofs();
    dots();
    drawn_.text(left, 24, title, R"(font-size="15")");
    return drawn_.finish(width, height, title);
  }

private:
  static constexpr double width = 900;
  static constexpr double height = 560;
  static constexpr double left = 70;
  static constexpr double right = 690;
  static constexpr double top = 50;
  static constexpr double bottom = 500;
  // Decades: products a byte from 0.1 to 10,000, GMAC/s from 0.1 to 1,000.
  static constexpr double first_x = -1;
  static constexpr double last_x = 4;
  static constexpr double first_y = -1;
  static constexpr double last_y = 3;

  static double x_of(double products_a_byte) {
    const double at = std::clamp(std::log10(products_a_byte), first_x, last_x);
    return left + (at - first_x) / (last_x - first_x) * (right - left);
  }
  static double y_of(double gmac_per_second) {
    const double at = std::clamp(std::log10(gmac_per_second), first_y, last_y);
    return bottom - (at - first_y) / (last_y - first_y) * (bottom - top);
  }

  void axes() {
    for (int decade = static_cast<int>(first_x); decade <= static_cast<int>(last_x); ++decade) {
      const double x = x_of(std::pow(10, decade));
      drawn_.path(fmt::format("M{0:.1f} {1:.1f}V{2:.1f}", x, top, bottom), R"(stroke="#d0d7de")");
      drawn_.text(x - 8, bottom + 18, fmt::format("{:g}", std::pow(10, decade)));
    }
    for (int decade = static_cast<int>(first_y); decade <= static_cast<int>(last_y); ++decade) {
      const double y = y_of(std::pow(10, decade));
      drawn_.path(fmt::format("M{0:.1f} {1:.1f}H{2:.1f}", left, y, right), R"(stroke="#d0d7de")");
      drawn_.text(left - 40, y + 4, fmt::format("{:g}", std::pow(10, decade)));
    }
    drawn_.text((left + right) / 2 - 60, bottom + 42, "products a byte moved");
    drawn_.turned_text(18, (top + bottom) / 2 + 30, "GMAC/s", "");
  }

  /// What the processor multiplies at most, and what it reads from each level.
  void roofs() {
    const double peak = most_.gmac_per_second > 0 ? most_.gmac_per_second : std::pow(10, last_y);
    if (most_.gmac_per_second > 0) {
      drawn_.path(fmt::format("M{:.1f} {:.1f}H{:.1f}", left, y_of(peak), right),
                  R"(stroke="#cf222e" stroke-width="1.5")");
      drawn_.text(right + 8, y_of(peak) + 4,
                  fmt::format("{:.0f} GMAC/s: {}", peak, most_.instruction));
    }
    double y = top + 60;
    for (const memory_level& level : most_.levels) {
      const double speed = level.gigabytes_per_second;
      const double from = std::max(std::pow(10, first_x), std::pow(10, first_y) / speed);
      const double to = std::min(peak / speed, std::pow(10, last_x));
      drawn_.path(fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}", x_of(from), y_of(from * speed),
                              x_of(to), y_of(to * speed)),
                  R"(stroke="#0969da" stroke-width="1.2")");
      drawn_.text(x_of(from) + 4, y_of(from * speed) - 4, level.name, R"(fill="#0969da")");
      drawn_.text(right + 8, y += 18, fmt::format("{}: {:.0f} GB/s", level.name, speed));
    }
  }

  void dots() {
    static constexpr const char* colors[] = {"#1a7f37", "#9a6700", "#8250df",
                                             "#bf3989", "#0550ae", "#57606a"};
    std::map<std::string, std::size_t> kernels;
    double y = top + 180;
    for (const roofline_point& each : points_) {
      if (each.products == 0 || each.bytes == 0) {
        continue;
      }
      const auto [kernel, is_new] = kernels.try_emplace(each.part.kernel, kernels.size());
      const std::string fill =
          fmt::format(R"(fill="{}")", colors[kernel->second % std::size(colors)]);
      if (is_new) {
        drawn_.box(right + 8, (y += 18) - 9, 9, 9, fill);
        drawn_.text(right + 24, y, each.part.kernel);
      }
      const double speed = static_cast<double>(each.products) / each.microseconds / 1e3;
      drawn_.box(x_of(static_cast<double>(each.products) / static_cast<double>(each.bytes)) - 3,
                 y_of(speed) - 3, 6, 6, fill,
                 fmt::format("operators {} to {}, {}: {:.1f} µs, {:.1f} GMAC/s",
                             each.part.first_node, each.part.last_node, each.part.kernel,
                             each.microseconds, speed));
    }
  }

  const std::vector<roofline_point>& points_;
  const limits& most_;
  inspect::svg drawn_;
};

inline std::string roofline_picture(const std::string& title,
                                    const std::vector<roofline_point>& points, const limits& most) {
  return roofline_chart(points, most).draw(title);
}

} // namespace bench
