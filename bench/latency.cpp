// SPDX-License-Identifier: Apache-2.0
#include "latency.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>

namespace {

struct options {
  std::string name;
  int repeat = 0;
  bool layers = false;
  bool json = false;
};

/// Sorted times in µs.
struct times {
  std::vector<double> sorted;

  explicit times(std::vector<double> taken) : sorted(std::move(taken)) {
    std::sort(sorted.begin(), sorted.end());
  }
  /// The time that `percent` of all are not above.
  [[nodiscard]] double percentile(std::size_t percent) const {
    return sorted[(sorted.size() - 1) * percent / 100];
  }
  [[nodiscard]] double median() const { return percentile(50); }
};

/// A few inferences that do not count; gives how often to repeat it, if nobody said.
int warm_up(const bench::model& model) {
  constexpr double budget = 2e6;
  double fastest = budget;
  for (int i = 0; i < 3; ++i) {
    const auto start = bench::clock::now();
    model.infer();
    fastest = std::min(fastest, bench::duration(bench::clock::now() - start).count());
  }
  return std::clamp(static_cast<int>(budget / fastest), 5, 2000);
}

times measure(const bench::model& model, int repeat) {
  std::vector<double> taken;
  taken.reserve(static_cast<std::size_t>(repeat));
  for (int i = 0; i < repeat; ++i) {
    const auto start = bench::clock::now();
    model.infer();
    taken.push_back(bench::duration(bench::clock::now() - start).count());
  }
  return times(std::move(taken));
}

/// The median time of each layer, in µs.
std::vector<double> measure_layers(const bench::model& model, int repeat) {
  std::vector<std::vector<double>> taken(model.layers.size());
  std::vector<bench::duration> once(model.layers.size());
  for (int i = 0; i < repeat; ++i) {
    model.infer_layers(once.data());
    for (std::size_t layer = 0; layer < once.size(); ++layer) {
      taken[layer].push_back(once[layer].count());
    }
  }
  std::vector<double> medians;
  medians.reserve(taken.size());
  for (auto& layer : taken) {
    medians.push_back(times(std::move(layer)).median());
  }
  return medians;
}

double gmac_per_second(std::int64_t multiply_accumulates, double microseconds) {
  return microseconds > 0 ? static_cast<double>(multiply_accumulates) / microseconds / 1e3 : 0;
}

std::string rate(std::int64_t multiply_accumulates, double microseconds) {
  return multiply_accumulates > 0
             ? fmt::format("{:.2f}", gmac_per_second(multiply_accumulates, microseconds))
             : "";
}

void print(const bench::model& model, const times& whole) {
  fmt::print("{}: {} inferences, one thread, target {}\n", model.name, whole.sorted.size(),
             model.target);
  fmt::print("  min {:.1f}  p10 {:.1f}  median {:.1f}  p90 {:.1f} µs  ({:.2f} GMAC/s)\n",
             whole.percentile(0), whole.percentile(10), whole.median(), whole.percentile(90),
             gmac_per_second(model.multiply_accumulates, whole.median()));
}

void print_layers(const bench::model& model, const std::vector<double>& medians) {
  struct part {
    int layers = 0;
    double microseconds = 0;
    std::int64_t multiply_accumulates = 0;
  };
  part sum;
  std::map<std::string_view, part> kernels;
  constexpr std::string_view row = "  {:>5}  {:<18} {:<14} {:<24} {:>11} {:>7}\n";
  fmt::print(fmt::runtime(row), "index", "layer", "output", "kernel", "median µs", "GMAC/s");
  for (std::size_t i = 0; i < medians.size(); ++i) {
    const bench::layer& layer = model.layers[i];
    fmt::print(fmt::runtime(row), layer.index, layer.name, layer.output, layer.kernel,
               fmt::format("{:.1f}", medians[i]), rate(layer.multiply_accumulates, medians[i]));
    for (part* each : {&sum, &kernels[layer.kernel]}) {
      ++each->layers;
      each->microseconds += medians[i];
      each->multiply_accumulates += layer.multiply_accumulates;
    }
  }
  const auto print_part = [&](std::string_view name, const part& all) {
    fmt::print(fmt::runtime(row), "", fmt::format("{} layers", all.layers), "", name,
               fmt::format("{:.1f}", all.microseconds),
               rate(all.multiply_accumulates, all.microseconds));
  };
  for (const auto& [name, all] : kernels) {
    print_part(name, all);
  }
  print_part("sum", sum);
}

nlohmann::ordered_json json_of(const bench::model& model, const times& whole) {
  return {{"model", model.name},
          {"target", model.target},
          {"repeat", whole.sorted.size()},
          {"min_us", whole.percentile(0)},
          {"p10_us", whole.percentile(10)},
          {"median_us", whole.median()},
          {"p90_us", whole.percentile(90)},
          {"multiply_accumulates", model.multiply_accumulates},
          {"arena_bytes", model.arena_bytes},
          {"weights_bytes", model.weights_bytes}};
}

nlohmann::ordered_json json_of_layers(const bench::model& model,
                                      const std::vector<double>& medians) {
  auto list = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < medians.size(); ++i) {
    const bench::layer& layer = model.layers[i];
    list.push_back({{"index", layer.index},
                    {"layer", layer.name},
                    {"output", layer.output},
                    {"kernel", layer.kernel},
                    {"median_us", medians[i]},
                    {"multiply_accumulates", layer.multiply_accumulates}});
  }
  return list;
}

int run(int count, char** arguments) {
  options wished;
  CLI::App app("Measures how long an inference of each model that is built in takes, on one "
               "thread.\nExample: latency --repeat 20 --layers");
  std::vector<std::string> names;
  for (const bench::model& model : bench::models()) {
    names.emplace_back(model.name);
  }
  app.add_option("--model", wished.name, "Only this one")->check(CLI::IsMember(names));
  app.add_option("--repeat", wished.repeat, "Inferences; as many as take 2 s if left out")
      ->check(CLI::Range(1, 1'000'000));
  app.add_flag("--layers", wished.layers, "Measure each layer as well");
  app.add_flag("--json", wished.json, "Print JSON");
  CLI11_PARSE(app, count, arguments);

  auto list = nlohmann::ordered_json::array();
  for (const bench::model& model : bench::models()) {
    if (!wished.name.empty() && wished.name != model.name) {
      continue;
    }
    const int affordable = warm_up(model);
    const int repeat = wished.repeat > 0 ? wished.repeat : affordable;
    const times whole = measure(model, repeat);
    const std::vector<double> medians =
        wished.layers ? measure_layers(model, repeat) : std::vector<double>{};
    if (wished.json) {
      list.push_back(json_of(model, whole));
      if (wished.layers) {
        list.back()["layers"] = json_of_layers(model, medians);
      }
    } else {
      print(model, whole);
      if (wished.layers) {
        print_layers(model, medians);
      }
    }
  }
  if (wished.json) {
    fmt::print("{}\n", list.dump(2));
  }
  return 0;
}

} // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "latency: {}\n", error.what());
    return 1;
  }
}
