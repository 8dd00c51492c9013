// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "svg.hpp"
#include "words.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace inspect {

/// Draws the arena over time: steps to the right, offsets upward, a rectangle for each tensor from
/// the step that writes it to the last one that reads it.
class arena_picture {
public:
  explicit arena_picture(const inspection& seen)
      : seen_(seen), steps_(std::max(seen.schedule.step_count, 1)),
        column_(std::clamp(960.0 / steps_, 6.0, 160.0)),
        bytes_(static_cast<double>(std::max<std::int64_t>(seen.plan.arena_bytes, 1))) {}

  std::string draw() {
    out_.text(left, 24,
              fmt::format("{}: arena of {} bytes ({})", shortened(seen_.file_name(), 60),
                          grouped(seen_.plan.arena_bytes), in_kib(seen_.plan.arena_bytes)),
              R"(class="title")");
    mark_busiest_step();
    draw_offsets();
    draw_steps();
    for (int i = 0; i < seen_.plan.count; ++i) {
      draw_tensor(seen_.plan[i]);
    }
    draw_lower_bound();
    return out_.finish(std::max(x_of(steps_) + 30, 700.0), top + height + 172, seen_.file_name());
  }

private:
  static constexpr double left = 80;
  static constexpr double top = 70;
  static constexpr double height = 420;

  [[nodiscard]] double x_of(double step) const { return left + column_ * step; }
  [[nodiscard]] double y_of(double offset) const { return top + height * (1 - offset / bytes_); }
  [[nodiscard]] std::string_view operator_at(int step) const {
    return name_of(seen_.graph[seen_.schedule[step].node].what);
  }

  void mark_busiest_step() {
    if (seen_.schedule.step_count == 0) {
      return;
    }
    const int busiest = seen_.busiest_step();
    out_.box(x_of(busiest), top - 14, column_, height + 14,
             R"(fill="#ffe0c2" stroke="#bc4c00" stroke-width="0.8")");
    const bool late = busiest > steps_ / 2;
    out_.text(x_of(busiest + (late ? 1 : 0)), top - 20,
              fmt::format("busiest step {} ({}): {} live", busiest, operator_at(busiest),
                          in_kib(seen_.live_bytes[static_cast<std::size_t>(busiest)])),
              late ? R"(class="note right alert")" : R"(class="note alert")");
  }

  /// The vertical axis, with a line at about every fifth of it.
  void draw_offsets() {
    const double kib = bytes_ / 1024;
    double tick = std::pow(10, std::floor(std::log10(kib / 5)));
    tick *= kib / tick > 25 ? 5 : kib / tick > 10 ? 2 : 1;
    for (int i = 0; i * tick <= kib * 1.0001; ++i) {
      const double y = y_of(i * tick * 1024);
      out_.line(left - 4, y, x_of(steps_), y, R"(stroke="#d0d7de")");
      out_.text(left - 8, y + 4, fmt::format("{:g}", i * tick), R"(class="note right")");
    }
    out_.turned_text(26, top + height / 2, "offset in KiB", R"(class="note middle")");
  }

  /// The horizontal axis, with the operator of each step while there is room.
  void draw_steps() {
    const int every = static_cast<int>(std::ceil(11 / column_));
    for (int i = 0; i < seen_.schedule.step_count; i += every) {
      out_.turned_text(x_of(i + 0.5) + 3.5, top + height + 8,
                       fmt::format("{} {}", seen_.schedule[i].node, operator_at(i)),
                       R"(class="note right")");
    }
    out_.text(x_of(steps_ / 2.0), top + height + 158, "operator, one step each",
              R"(class="note middle")");
  }

  void draw_tensor(const inlay::allocation& one) {
    const bool taken_over = std::any_of(seen_.plan.allocations.begin(),
                                        seen_.plan.allocations.begin() + seen_.plan.count,
                                        [&](const inlay::allocation& other) {
                                          return one.tensor >= 0 && other.in_place_of == one.tensor;
                                        });
    // Where one tensor replaces another in its place, both share the step: half of it each.
    const double begin = x_of(one.first + (one.in_place_of < 0 ? 0.0 : 0.5));
    const double end = x_of(std::min(one.last + (taken_over ? 0.5 : 1.0), double(steps_)));
    const double low = y_of(static_cast<double>(one.offset));
    const double high = y_of(static_cast<double>(one.offset + one.bytes));
    const bool is_scratch = one.tensor < 0;
    const auto* const type = is_scratch ? nullptr : &seen_.tensor(one.tensor).type;
    const bool is_input = one.first < 0;
    out_.box(begin, high, end - begin, low - high,
             fmt::format(R"(fill="{}" fill-opacity="0.85" stroke="#57606a" stroke-width="0.7")",
                         is_input || is_scratch ? "#ffffff" : color_of(operator_at(one.first))),
             fmt::format("{}\n{}\n{} bytes at offset {}\nsteps {} to {}", seen_.name_of(one),
                         is_scratch ? "" : words(*type), grouped(one.bytes), grouped(one.offset),
                         one.first, one.last));
    const std::string label = is_scratch ? "scratch" : words(type->shape);
    if (low - high >= 12 && end - begin >= 5.9 * static_cast<double>(label.size())) {
      out_.text((begin + end) / 2, (low + high) / 2 + 4, label, R"(class="note middle")");
    } else if (end - begin >= 11 && low - high >= 5.9 * static_cast<double>(label.size())) {
      out_.turned_text((begin + end) / 2 + 3.5, (low + high) / 2, label, R"(class="note middle")");
    }
  }

  void draw_lower_bound() {
    const double y = y_of(static_cast<double>(seen_.plan.lower_bound));
    out_.line(left, y, x_of(steps_), y, R"(stroke="#bc4c00" stroke-dasharray="5 4")");
    out_.text(x_of(steps_) - 4, y - 4,
              fmt::format("lower bound {} bytes", grouped(seen_.plan.lower_bound)),
              R"(class="note right alert")");
  }

  const inspection& seen_;
  int steps_;
  double column_;
  double bytes_;
  svg out_;
};

} // namespace inspect
