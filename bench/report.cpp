// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <CLI/CLI.hpp>
#include <exception>
#include <functional>

namespace bench {

void add_model_options(CLI::App& app, std::string& model, std::string& isa) {
  std::vector<std::string> names;
  for (const bench::model& each : models()) {
    names.emplace_back(each.name);
  }
  app.add_option("--model", model, "Only this one")->check(CLI::IsMember(names));
  app.add_option("--isa", isa, "The kernel set; the fastest that runs here if left out");
}

std::string rate(std::int64_t multiply_accumulates, double microseconds) {
  return multiply_accumulates > 0 && microseconds > 0
             ? fmt::format("{:.2f}", static_cast<double>(multiply_accumulates) / microseconds / 1e3)
             : "";
}

std::string numbers_of(const piece& part) {
  return part.first_node == part.last_node ? std::to_string(part.last_node)
                                           : fmt::format("{}-{}", part.first_node, part.last_node);
}

std::string operator_of(const network& what, const piece& part) {
  return std::string(inlay::name_of(what.graph[part.last_node].what));
}

std::string output_of(const network& what, const piece& part) {
  inlay::text output;
  output << what.tensor(what.graph[part.last_node].output).type.shape;
  return std::string(output.view());
}

nlohmann::ordered_json json_of_piece(const network& what, const piece& part) {
  return {{"index", part.last_node},
          {"operators", part.last_node - part.first_node + 1},
          {"layer", operator_of(what, part)},
          {"output", output_of(what, part)},
          {"kernel", part.kernel},
          {"multiply_accumulates", what.multiply_accumulates(part.first_node, part.last_node)}};
}

int guarded(const std::function<int()>& program) {
  try {
    return program();
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}

} // namespace bench
