// SPDX-License-Identifier: Apache-2.0
//
// Says what is in a .tflite file and what inlay makes of it, or what commands are in a payload of
// an Ethos-U.

#include "arena_picture.hpp"
#include "cascade_picture.hpp"
#include "command_report.hpp"
#include "graph_picture.hpp"
#include "inspection.hpp"
#include "json_report.hpp"
#include "npu_json.hpp"
#include "payload_json.hpp"
#include "stream_json.hpp"
#include "text_report.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <stdexcept>

namespace {

struct options {
  std::string file;
  std::string svg_graph;
  std::string svg_arena;
  std::string npu;
  std::int64_t arena_limit = 0;
  std::string constants_in = "flash";
  std::string svg_cascade;
  std::string target = inspect::targets().front().name;
  int recomputation = 0;
  bool json = false;
};

std::vector<unsigned char> read_file(const std::string& path) {
  if (std::filesystem::is_directory(path)) {
    throw std::runtime_error(path + ": is a folder, expected a .tflite file");
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw std::runtime_error(fmt::format("{}: cannot be opened ({}), expected a .tflite file", path,
                                         std::strerror(errno)));
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) {
    throw std::runtime_error(fmt::format("{}: cannot be written ({})", path, std::strerror(errno)));
  }
}

/// The target that was asked for; the parser has checked that there is one.
const inspect::target& target_named(const std::string& name) {
  const auto& known = inspect::targets();
  return *std::find_if(known.begin(), known.end(),
                       [&](const inspect::target& one) { return one.name == name; });
}

void run_payload(const options& wishes, const std::vector<unsigned char>& file) {
  if (!wishes.svg_graph.empty() || !wishes.svg_arena.empty() || !wishes.npu.empty()) {
    throw std::runtime_error(wishes.file +
                             ": is a payload of an Ethos-U, of which there is a listing only");
  }
  try {
    const inspect::npu_payload payload = inspect::read_payload(file);
    (wishes.json ? inspect::print_payload_json : inspect::print_payload)(wishes.file, payload);
  } catch (const std::runtime_error& problem) {
    throw std::runtime_error(fmt::format("{}: {}", wishes.file, problem.what()));
  }
}

/// A model on the NPU that was asked for.
/// @param out where to add it as JSON; nullptr prints tables
void run_npu(const options& wishes, const inspect::inspection& seen, inspect::json* out) {
  const auto* npu = std::find_if(inspect::npus.begin(), inspect::npus.end(),
                                 [&](const auto& one) { return one.name == wishes.npu; });
  inlay::ethos_u_options options;
  options.arena_limit = wishes.arena_limit > 0 ? wishes.arena_limit : options.arena_limit;
  options.constants_in = wishes.constants_in == "sram" ? inlay::constants_memory::sram
                                                       : inlay::constants_memory::flash;
  inlay::diagnosis found;
  const auto on = inspect::inspect_for_npu(seen, npu->npu, options, found);
  if (!on) {
    throw std::runtime_error(fmt::format("{}: {}", wishes.file, found.message().view()));
  }
  if (!wishes.svg_cascade.empty()) {
    write_file(wishes.svg_cascade, inspect::cascade_picture(seen, *on, npu->name).draw());
  }
  if (out != nullptr) {
    (*out)["npu"] = json_of(seen, *on, npu->name);
  } else {
    inspect::print_npu(seen, *on, npu->name);
  }
}

void run(const options& wishes) {
  std::vector<unsigned char> file = read_file(wishes.file);
  if (inspect::is_payload(file)) {
    run_payload(wishes, file);
    return;
  }
  inlay::diagnosis found;
  const auto seen =
      inspect::inspect_file(wishes.file, std::move(file), target_named(wishes.target), found);
  if (!seen) {
    throw std::runtime_error(fmt::format("{}: {}", wishes.file, found.message().view()));
  }
  if (wishes.recomputation > 0 && !seen->target.streams) {
    throw std::runtime_error(fmt::format("--recomputation: {} has no kernels for rows, expected "
                                         "--target reference or a Cortex-M",
                                         wishes.target));
  }
  if (!wishes.svg_graph.empty()) {
    write_file(wishes.svg_graph, inspect::graph_picture(*seen).draw());
  }
  if (!wishes.svg_arena.empty()) {
    write_file(wishes.svg_arena, inspect::arena_picture(*seen).draw());
  }
  if (wishes.json) {
    inspect::json out = json_of(*seen);
    if (seen->target.streams) {
      out["streamed"] = inspect::stream_json_of(*seen, wishes.recomputation);
    }
    if (!wishes.npu.empty()) {
      run_npu(wishes, *seen, &out);
    }
    inspect::print_line(out);
  } else {
    inspect::print_text(*seen);
    if (seen->target.streams) {
      fmt::print("\nStreamed by rows\n");
      inspect::print_stream(*seen, wishes.recomputation);
    }
    if (!wishes.npu.empty()) {
      run_npu(wishes, *seen, nullptr);
    }
  }
}

/// Reads the command line.
/// @param exit_code set if there is nothing to do after all: 0 after --help, 2 after a mistake
std::optional<options> read_options(int argc, char** argv, int& exit_code) {
  options wishes;
  std::vector<std::string> names;
  for (const inspect::target& one : inspect::targets()) {
    names.push_back(one.name);
  }
  std::vector<std::string> npus;
  npus.reserve(inspect::npus.size());
  for (const inspect::named_npu& one : inspect::npus) {
    npus.emplace_back(one.name);
  }
  CLI::App parser(
      "Shows a .tflite file as inlay reads it: its layers, their shapes, quantization "
      "and costs, and the memory plan. Of a payload for an Ethos-U it lists the commands.",
      "inlay-inspect");
  parser.add_option("FILE", wishes.file, "the model, or the payload")->required();
  parser.add_flag("--json", wishes.json, "print JSON");
  parser.add_option("--svg-graph", wishes.svg_graph, "draw the network to this file");
  parser.add_option("--svg-arena", wishes.svg_arena, "draw the arena over time to this file");
  parser.add_option("--target", wishes.target, "whose kernels and memory plan to show")
      ->capture_default_str()
      ->check(CLI::IsMember(names));
  parser
      .add_option("--recomputation", wishes.recomputation,
                  "by how many percent of its multiply-accumulates the network may compute more "
                  "for a smaller arena by rows")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
  auto* npu = parser.add_option("--npu", wishes.npu, "an Arm Ethos-U: what its operations take")
                  ->check(CLI::IsMember(npus));
  parser
      .add_option("--arena-limit", wishes.arena_limit,
                  "the NPU's fastest cascades in an arena of so many bytes, copies included")
      ->check(CLI::Range(std::int64_t{1}, std::numeric_limits<std::int64_t>::max()))
      ->needs(npu);
  parser.add_option("--constants-in", wishes.constants_in, "the memory of the NPU's weights")
      ->capture_default_str()
      ->check(CLI::IsMember({"flash", "sram"}))
      ->needs(npu);
  parser
      .add_option("--svg-cascade", wishes.svg_cascade,
                  "draw the NPU's operations and the arena over time to this file")
      ->needs(npu);
  parser.footer(
      "Examples:\n"
      "  inlay-inspect mobilenet_v2.tflite\n"
      "  inlay-inspect --svg-graph graph.svg --svg-arena arena.svg mobilenet_v2.tflite\n"
      "  inlay-inspect --target avx2 mobilenet_v2.tflite\n"
      "  inlay-inspect --json mobilenet_v2.tflite | jq .plan.arena_bytes\n"
      "  inlay-inspect --target cortex-m7 --recomputation 6 mobilenet_v2.tflite\n"
      "  inlay-inspect --npu ethos-u55-128 --arena-limit 300000 --constants-in sram "
      "mobilenet_v2.tflite\n"
      "  inlay-inspect --npu ethos-u55-128 --json mobilenet_v2.tflite | jq .npu.cascaded\n"
      "  inlay-inspect payload.bin");
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    exit_code = parser.exit(problem) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return wishes;
}

} // namespace

int main(int argc, char** argv) {
  try {
    int exit_code = 0;
    if (const auto wishes = read_options(argc, argv, exit_code)) {
      run(*wishes);
    }
    return exit_code;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "inlay-inspect: %s\n", problem.what());
    return 1;
  }
}
