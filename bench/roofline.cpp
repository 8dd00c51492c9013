// SPDX-License-Identifier: Apache-2.0
//
// Each step of a network against what this machine can do (Williams, Waterman and Patterson, 2009,
// "Roofline: An Insightful Visual Performance Model for Multicore Architectures").
#include "limits.hpp"
#include "report.hpp"
#include "roofline_picture.hpp"
#include "times.hpp"

#include <CLI/CLI.hpp>
#include <fstream>

namespace {

using namespace bench;

struct options {
  std::string model;
  std::string isa;
  std::string svg;
  int repeat = 0;
  bool json = false;
};

/// Bytes that a piece must read and write: tensors of others, constants, its result.
std::int64_t bytes_of(const network& what, const piece& part, const inlay::kernel_step& step) {
  const auto bytes = [&](int number) { return what.tensor(number).type.bytes(); };
  std::int64_t sum = bytes(what.graph[part.last_node].output);
  for (int i = part.first_node; i <= part.last_node; ++i) {
    const inlay::node& which = what.graph[i];
    for (int k = 0; k < which.input_count; ++k) {
      const int number = which.inputs[static_cast<std::size_t>(k)];
      if (number < 0) {
        continue;
      }
      if (what.tensor(number).is_constant) {
        sum += step.packed_bytes > 0 ? 0 : bytes(number);
        continue;
      }
      bool own = false;
      for (int before = part.first_node; before < i; ++before) {
        own = own || what.graph[before].output == number;
      }
      sum += own ? 0 : bytes(number);
    }
  }
  return sum + static_cast<std::int64_t>(step.packed_bytes);
}

std::vector<roofline_point> measure(const network& what, kernel_set_runner& program,
                                    const limits& most, int repeat) {
  const std::vector<times> taken = time_pieces(program, repeat);
  std::vector<roofline_point> points;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const piece& part = program.pieces()[i];
    roofline_point made{.part = part,
                        .microseconds = taken[i].median(),
                        .products = what.multiply_accumulates(part.first_node, part.last_node),
                        .bytes = bytes_of(what, part, program.set().steps[i])};
    made.bound = "products";
    made.least = most.gmac_per_second > 0
                     ? static_cast<double>(made.products) / most.gmac_per_second / 1e3
                     : 0;
    const memory_level& second = most.levels.at(1);
    const double moved = static_cast<double>(made.bytes) / second.gigabytes_per_second / 1e3;
    if (moved > made.least) {
      made.least = moved;
      made.bound = second.name;
    }
    points.push_back(made);
  }
  return points;
}

std::string percent(double part, double whole) {
  return whole > 0 ? fmt::format("{:.0f} %", 100 * part / whole) : "";
}

void print(const network& what, const std::vector<roofline_point>& points, const limits& most) {
  fmt::print("  at most ");
  if (most.gmac_per_second > 0) {
    fmt::print("{:.0f} GMAC/s ({}), ", most.gmac_per_second, most.instruction);
  }
  fmt::print("reading");
  for (const memory_level& level : most.levels) {
    fmt::print(" {} {:.0f} GB/s", level.name, level.gigabytes_per_second);
  }
  fmt::print("\n");
  table rows({">operators", "last one", "its output", "kernel", ">µs", ">GMAC/s", ">bytes", ">GB/s",
              ">limit µs", "by", ">of the limit"});
  double sum = 0;
  double least = 0;
  std::int64_t products = 0;
  std::int64_t bytes = 0;
  for (const roofline_point& each : points) {
    rows.add({numbers_of(each.part), operator_of(what, each.part), output_of(what, each.part),
              each.part.kernel, fmt::format("{:.1f}", each.microseconds),
              rate(each.products, each.microseconds), std::to_string(each.bytes),
              fmt::format("{:.1f}", static_cast<double>(each.bytes) / each.microseconds / 1e3),
              fmt::format("{:.1f}", each.least), each.bound,
              percent(each.least, each.microseconds)});
    sum += each.microseconds;
    least += each.least;
    products += each.products;
    bytes += each.bytes;
  }
  rows.add({"", "", "", "sum", fmt::format("{:.1f}", sum), rate(products, sum),
            std::to_string(bytes), fmt::format("{:.1f}", static_cast<double>(bytes) / sum / 1e3),
            fmt::format("{:.1f}", least), "", percent(least, sum)});
  rows.print();
}

nlohmann::ordered_json json_of(const network& what, const std::vector<roofline_point>& points,
                               const limits& most) {
  nlohmann::ordered_json made{{"gmac_per_second", most.gmac_per_second},
                              {"instruction", most.instruction}};
  for (const memory_level& level : most.levels) {
    made["memory"].push_back({{"name", level.name},
                              {"bytes", level.bytes},
                              {"gigabytes_per_second", level.gigabytes_per_second}});
  }
  for (const roofline_point& each : points) {
    made["layers"].push_back(json_of_piece(what, each.part));
    made["layers"].back().update({{"median_us", each.microseconds},
                                  {"bytes", each.bytes},
                                  {"limit_us", each.least},
                                  {"bound", each.bound}});
  }
  return made;
}

/// The file for one of several models: NAME.svg, or NAME.MODEL.svg.
std::string svg_file(const options& wished, const model& from) {
  if (models().size() == 1 || !wished.model.empty()) {
    return wished.svg;
  }
  const std::size_t dot = wished.svg.rfind('.');
  return wished.svg.substr(0, dot) + "." + std::string(from.name) +
         (dot == std::string::npos ? "" : wished.svg.substr(dot));
}

void write(const std::string& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.close();
  if (!out) {
    throw std::runtime_error(file + ": cannot be written");
  }
}

int run(int count, char** arguments) {
  options wished;
  CLI::App app(
      "Measures each step of the models that are built in, on one thread, beside what this "
      "processor can do.\nExample: roofline --isa avx2 --svg roofline.svg");
  add_model_options(app, wished.model, wished.isa);
  app.add_option("--repeat", wished.repeat, "Inferences; as many as take 2 s if left out")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--svg", wished.svg, "Write a chart to this file");
  app.add_flag("--json", wished.json, "Print JSON");
  CLI11_PARSE(app, count, arguments);

  auto list = nlohmann::ordered_json::array();
  for (const model& from : models()) {
    if (!wished.model.empty() && wished.model != from.name) {
      continue;
    }
    const auto what = read_network(from);
    const inlay::kernel_set& set = choose(from, wished.isa);
    kernel_set_runner program(*what, set, 1);
    const limits most = measure_limits(set.name);
    if (most.levels.empty()) {
      throw std::runtime_error("this processor's limits are not known; expected x86-64");
    }
    const int affordably = affordable(time_of([&] { program.infer(); }));
    const std::vector<roofline_point> points =
        measure(*what, program, most, wished.repeat > 0 ? wished.repeat : affordably);
    if (!wished.svg.empty()) {
      write(svg_file(wished, from),
            roofline_picture(fmt::format("{}, {}", from.name, set.name), points, most));
    }
    if (wished.json) {
      list.push_back({{"model", from.name}, {"target", set.name}});
      list.back().update(json_of(*what, points, most));
    } else {
      fmt::print("{}, {}\n", from.name, set.name);
      print(*what, points, most);
    }
  }
  if (wished.json) {
    fmt::print("{}\n", list.dump(2));
  }
  return 0;
}

} // namespace

int main(int count, char** arguments) {
  return guarded([&] { return run(count, arguments); });
}
