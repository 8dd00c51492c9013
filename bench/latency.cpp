// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"
#include "times.hpp"

#include <CLI/CLI.hpp>
#include <exception>
#include <map>

namespace {

using namespace bench;

struct options {
  std::string model;
  std::string isa;
  int repeat = 0;
  int threads = 1;
  bool inner = false;
  bool layers = false;
  bool json = false;
  bool list = false;
};

/// What is measured of one model.
struct measured {
  const model& from;
  const network& what;
  kernel_set_runner& program;
  int threads;
  times whole;
  double prepare;
  std::vector<times> layers;

  [[nodiscard]] std::int64_t multiply_accumulates() const {
    return what.multiply_accumulates(0, what.graph.node_count - 1);
  }
};

times measure(kernel_set_runner& program, bool inner, int repeat) {
  const auto infer = [&] { inner ? program.infer_inner() : program.infer(); };
  times warm;
  for (int i = 0; i < 3; ++i) {
    warm.add(time_of(infer));
  }
  times taken;
  const int count = repeat > 0 ? repeat : affordable(warm.min());
  for (int i = 0; i < count; ++i) {
    taken.add(time_of(infer));
  }
  return taken;
}

void print(const measured& all) {
  fmt::print("{}: {} inferences, {} thread{}, target {}\n", all.from.name, all.whole.count(),
             all.threads, all.threads > 1 ? "s" : "", all.program.set().name);
  fmt::print("  min {:.1f}  p10 {:.1f}  median {:.1f}  p90 {:.1f} µs  ({} GMAC/s)\n",
             all.whole.min(), all.whole.percentile(10), all.whole.median(),
             all.whole.percentile(90), rate(all.multiply_accumulates(), all.whole.median()));
  fmt::print("  prepare {:.0f} µs, workspace {} bytes, parameters {} bytes\n", all.prepare,
             all.program.set().workspace_bytes(all.threads), all.program.set().parameters_bytes);
}

void print_layers(const measured& all) {
  struct sums {
    int pieces = 0;
    double microseconds = 0;
    std::int64_t multiply_accumulates = 0;
  };
  std::map<std::string, sums> kernels;
  table rows({">operators", "last one", "its output", "kernel", ">median µs", ">GMAC/s"});
  for (std::size_t i = 0; i < all.layers.size(); ++i) {
    const piece& part = all.program.pieces()[i];
    const auto products = all.what.multiply_accumulates(part.first_node, part.last_node);
    const double median = all.layers[i].median();
    rows.add({numbers_of(part), operator_of(all.what, part), output_of(all.what, part), part.kernel,
              fmt::format("{:.1f}", median), rate(products, median)});
    for (sums* each : {&kernels[part.kernel], &kernels["sum"]}) {
      ++each->pieces;
      each->microseconds += median;
      each->multiply_accumulates += products;
    }
  }
  const auto add_sum = [&](const std::string& name) {
    const sums& of = kernels[name];
    rows.add({"", "", fmt::format("{} steps", of.pieces), name,
              fmt::format("{:.1f}", of.microseconds),
              rate(of.multiply_accumulates, of.microseconds)});
  };
  for (const auto& [name, of] : kernels) {
    if (name != "sum") {
      add_sum(name);
    }
  }
  add_sum("sum");
  rows.print();
}

nlohmann::ordered_json json_of(const measured& all) {
  const inlay::kernel_set& set = all.program.set();
  nlohmann::ordered_json made{{"model", all.from.name},
                              {"target", set.name},
                              {"threads", all.threads},
                              {"repeat", all.whole.count()},
                              {"min_us", all.whole.min()},
                              {"p10_us", all.whole.percentile(10)},
                              {"median_us", all.whole.median()},
                              {"p90_us", all.whole.percentile(90)},
                              {"prepare_us", all.prepare},
                              {"multiply_accumulates", all.multiply_accumulates()},
                              {"arena_bytes", set.arena_bytes},
                              {"parameters_bytes", set.parameters_bytes},
                              {"weights_bytes", all.what.weights_bytes()}};
  for (std::size_t i = 0; i < all.layers.size(); ++i) {
    made["layers"].push_back(json_of_piece(all.what, all.program.pieces()[i]));
    made["layers"].back()["median_us"] = all.layers[i].median();
  }
  return made;
}

int run(int count, char** arguments) {
  options wished;
  CLI::App app("Measures how long an inference of each model that is built in takes.\n"
               "Example: latency --repeat 20 --layers");
  add_model_options(app, wished.model, wished.isa);
  app.add_option("--repeat", wished.repeat, "Inferences; as many as take 2 s if left out")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--threads", wished.threads, "On how many threads")->check(CLI::Range(1, 256));
  app.add_flag("--inner", wished.inner,
               "Without the quantization and the SOFTMAX at the network's ends");
  app.add_flag("--layers", wished.layers, "Measure each step as well");
  app.add_flag("--json", wished.json, "Print JSON");
  app.add_flag("--list-isa", wished.list,
               "Print the names of the kernel sets that run here, the fastest first");
  CLI11_PARSE(app, count, arguments);

  if (wished.list) {
    for (const inlay::targets::instruction_set& each : inlay::instruction_sets()) {
      if (each.supported() && find_kernel_set(models().at(0).sets, each.name) != nullptr) {
        fmt::print("{}\n", each.name);
      }
    }
    return 0;
  }
  auto list = nlohmann::ordered_json::array();
  for (const model& from : models()) {
    if (!wished.model.empty() && wished.model != from.name) {
      continue;
    }
    const auto what = read_network(from);
    kernel_set_runner program(*what, choose(from, wished.isa), wished.threads);
    times prepare;
    for (int i = 0; i < 5; ++i) {
      prepare.add(time_of([&] { program.prepare(); }));
    }
    measured all{from,
                 *what,
                 program,
                 wished.threads,
                 measure(program, wished.inner, wished.repeat),
                 prepare.min(),
                 {}};
    if (wished.layers) {
      all.layers = time_pieces(program, static_cast<int>(all.whole.count()));
    }
    if (wished.json) {
      list.push_back(json_of(all));
      continue;
    }
    print(all);
    if (wished.layers) {
      print_layers(all);
    }
  }
  if (wished.json) {
    fmt::print("{}\n", list.dump(2));
  }
  return 0;
}

} // namespace

int main(int count, char** arguments) {
  return bench::guarded([&] { return run(count, arguments); });
}
