// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "profile.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// A class and its probability.
struct candidate {
  std::size_t number = 0;
  std::string label;
  double probability = 0;
};

/// How long an inference takes.
struct latency {
  int runs = 0;
  double min_us = 0;
  double median_us = 0;
};

/// What became of one picture: candidates, best first, or an error.
struct answer {
  std::string picture;
  std::vector<candidate> best;
  std::optional<latency> time;
  std::string error;
  /// When each kernel ran, where that was asked for.
  std::vector<kernel_span> profile;
};

/// The least and the median of at least one time.
latency summarize(std::vector<double> microseconds);

/// Prints an answer as a table.
void print(const answer& given);

/// Prints all answers as JSON.
void print_json(const std::vector<answer>& answers);

} // namespace app
