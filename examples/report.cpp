// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

namespace app {

latency summarize(std::vector<double> microseconds) {
  std::sort(microseconds.begin(), microseconds.end());
  const std::size_t half = microseconds.size() / 2;
  const double median = microseconds.size() % 2 == 1
                            ? microseconds[half]
                            : (microseconds[half - 1] + microseconds[half]) / 2;
  return {static_cast<int>(microseconds.size()), microseconds.front(), median};
}

namespace {

/// A bar of up to 20 characters, in eighths of one.
std::string bar(double part) {
  constexpr std::string_view eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const long count = std::lround(std::clamp(part, 0.0, 1.0) * 160);
  std::string drawn;
  for (long i = 0; i < count / 8; ++i) {
    drawn += "█";
  }
  return drawn += eighths[count % 8];
}

} // namespace

void print(const answer& given) {
  fmt::print("{}\n", given.picture);
  std::size_t widest = 0;
  for (const candidate& one : given.best) {
    widest = std::max(widest, fmt::formatted_size("{}", one.label));
  }
  int rank = 0;
  for (const candidate& one : given.best) {
    fmt::print("{:>4}  {:<{}}  {:>6.2f} %  {}\n", ++rank, one.label, widest, 100 * one.probability,
               bar(one.probability));
  }
  if (given.time) {
    fmt::print("      {:.0f} µs at best, {:.0f} µs in the median of {} runs\n", given.time->min_us,
               given.time->median_us, given.time->runs);
  }
  if (!given.profile.empty()) {
    print(given.profile);
  }
}

void print_json(const std::vector<answer>& answers) {
  auto results = nlohmann::ordered_json::array();
  for (const answer& given : answers) {
    nlohmann::ordered_json one{{"picture", given.picture}};
    if (!given.error.empty()) {
      one["error"] = given.error;
      results.push_back(one);
      continue;
    }
    one["top"] = nlohmann::ordered_json::array();
    for (const candidate& each : given.best) {
      one["top"].push_back(
          {{"class", each.number}, {"label", each.label}, {"probability", each.probability}});
    }
    if (given.time) {
      one["latency_us"] = {{"runs", given.time->runs},
                           {"min", given.time->min_us},
                           {"median", given.time->median_us}};
    }
    for (const kernel_span& each : given.profile) {
      one["kernels"].push_back({{"kernel", each.kernel},
                                {"computes", each.step},
                                {"begin_us", each.begin},
                                {"end_us", each.end}});
    }
    results.push_back(one);
  }
  using handler = nlohmann::ordered_json::error_handler_t;
  fmt::print("{}\n",
             nlohmann::ordered_json{{"results", results}}.dump(2, ' ', false, handler::replace));
}

} // namespace app
