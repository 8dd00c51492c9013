// SPDX-License-Identifier: Apache-2.0
#include "peers/peer.hpp"
#include "report.hpp"
#include "times.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace {

using namespace bench;

struct options {
  std::string model;
  std::string isa;
  std::vector<std::string> peers;
  std::string peer_isa;
  int repeat = 0;
  int threads = 1;
  bool layers = false;
  bool json = false;
};

/// Somebody who takes part.
struct contender {
  std::string version;
  std::unique_ptr<runner> owned;
  runner* program = nullptr;
  /// Which pieces run.
  std::size_t first = 0;
  std::size_t last = 0;
  times whole{};
  /// For each of inlay's inferences its time over that of the inference beside it.
  times ratio{};
  /// By how much its outputs differ from inlay's at most.
  int difference = 0;
  /// Each piece alone.
  std::vector<times> layers{};

  double infer() {
    return time_of([&] { program->run_pieces(first, last); });
  }
};

/// All of them, inlay first.
std::vector<contender> gather(const options& wished, const network& what,
                              kernel_set_runner& inlay) {
  std::vector<contender> all;
  all.push_back({.version = inlay.name(),
                 .owned = nullptr,
                 .program = &inlay,
                 .first = inlay.inner_first,
                 .last = inlay.inner_last});
  inlay.make_inner_input();
  inlay.infer_inner();
  const std::vector<int> expected = inlay.output();
  for (const peer& each : peers()) {
    const auto& names = wished.peers;
    if (!names.empty() && std::find(names.begin(), names.end(), each.name) == names.end()) {
      continue;
    }
    contender made{.version = each.version(), .owned = nullptr};
    try {
      made.owned = each.make(what, inlay.make_inner_input(), wished.peer_isa, wished.threads);
    } catch (const std::runtime_error& error) {
      fmt::print(stderr, "left out: {}\n", error.what());
      continue;
    }
    made.program = made.owned.get();
    made.last = made.program->pieces().size();
    made.infer();
    const std::vector<int> found = made.program->output();
    for (std::size_t i = 0; i < found.size(); ++i) {
      made.difference = std::max(made.difference, std::abs(found[i] - expected[i]));
    }
    all.push_back(std::move(made));
  }
  return all;
}

/// Inferences of all, in turns, so that what disturbs one disturbs the others.
void measure(std::vector<contender>& all, int repeat) {
  std::vector<double> round(all.size());
  for (int i = -3; i < repeat; ++i) {
    for (std::size_t k = 0; k < all.size(); ++k) {
      round[k] = all[k].infer();
    }
    for (std::size_t k = 0; i >= 0 && k < all.size(); ++k) {
      all[k].whole.add(round[k]);
      all[k].ratio.add(round[0] / round[k]);
    }
  }
}

void print(const std::vector<contender>& all) {
  table rows({"", ">min µs", ">p10", ">median", ">inlay's ratio", ">largest difference"});
  for (const contender& each : all) {
    rows.add({each.version, fmt::format("{:.0f}", each.whole.min()),
              fmt::format("{:.0f}", each.whole.percentile(10)),
              fmt::format("{:.0f}", each.whole.median()),
              fmt::format("{:.3f}", each.ratio.median()), std::to_string(each.difference)});
  }
  rows.print();
}

/// The time of a contender's pieces that end in operators [first, last].
double sum_of(const contender& all, int first, int last) {
  double sum = 0;
  for (std::size_t i = 0; i < all.layers.size(); ++i) {
    const piece& part = all.program->pieces()[all.first + i];
    sum += part.last_node >= first && part.last_node <= last ? all.layers[i].median() : 0;
  }
  return sum;
}

/// Whether all have a piece that ends in this operator, so that sums up to there can be compared.
bool is_border(const std::vector<contender>& all, int node) {
  return std::all_of(all.begin(), all.end(), [&](const contender& each) {
    const auto& pieces = each.program->pieces();
    return std::any_of(pieces.begin(), pieces.end(),
                       [&](const piece& part) { return part.last_node == node; });
  });
}

void print_layers(const network& what, const std::vector<contender>& all) {
  std::vector<std::string> titles{">operators", "last one", "its output", "inlay's kernel"};
  for (const contender& each : all) {
    titles.push_back(">" + each.program->name() + " µs");
  }
  titles.emplace_back(">GMAC/s");
  table rows(std::move(titles));
  const auto& pieces = all[0].program->pieces();
  piece part = pieces[all[0].first];
  for (std::size_t i = all[0].first; i < all[0].last; ++i) {
    part.last_node = pieces[i].last_node;
    part.kernel = pieces[i].kernel;
    if (!is_border(all, part.last_node)) {
      continue;
    }
    std::vector<std::string> cells{numbers_of(part), operator_of(what, part), output_of(what, part),
                                   part.kernel};
    for (const contender& each : all) {
      cells.push_back(fmt::format("{:.1f}", sum_of(each, part.first_node, part.last_node)));
    }
    cells.push_back(rate(what.multiply_accumulates(part.first_node, part.last_node),
                         sum_of(all[0], part.first_node, part.last_node)));
    rows.add(std::move(cells));
    part.first_node = part.last_node + 1;
  }
  rows.print();
}

nlohmann::ordered_json json_of(const contender& each) {
  nlohmann::ordered_json made{
      {"name", each.program->name()},        {"version", each.version},
      {"repeat", each.whole.count()},        {"min_us", each.whole.min()},
      {"p10_us", each.whole.percentile(10)}, {"median_us", each.whole.median()},
      {"ratio", each.ratio.median()},        {"difference", each.difference}};
  for (std::size_t i = 0; i < each.layers.size(); ++i) {
    const piece& part = each.program->pieces()[each.first + i];
    made["layers"].push_back({{"first_operator", part.first_node},
                              {"last_operator", part.last_node},
                              {"kernel", part.kernel},
                              {"median_us", each.layers[i].median()}});
  }
  return made;
}

void compare(const options& wished, const model& from, nlohmann::ordered_json& list) {
  const auto what = read_network(from);
  kernel_set_runner inlay(*what, choose(from, wished.isa), wished.threads);
  std::vector<contender> all = gather(wished, *what, inlay);
  double once = 0;
  for (contender& each : all) {
    once += each.infer();
  }
  const int repeat = wished.repeat > 0 ? wished.repeat : affordable(once / 2);
  measure(all, repeat);
  for (contender& each : all) {
    if (wished.layers) {
      each.layers = time_pieces_alone(*each.program, each.first, each.last, std::min(repeat, 100));
    }
  }
  if (wished.json) {
    list.push_back({{"model", from.name}, {"threads", wished.threads}});
    for (const contender& each : all) {
      list.back()["contenders"].push_back(json_of(each));
    }
    return;
  }
  fmt::print("{}: {} inferences each, in turns, {} thread{}, without quantization and SOFTMAX at "
             "the ends\n",
             from.name, repeat, wished.threads, wished.threads > 1 ? "s" : "");
  print(all);
  if (wished.layers) {
    fmt::print("each layer alone, median:\n");
    print_layers(*what, all);
  }
}

int run(int count, char** arguments) {
  options wished;
  CLI::App app("Measures inlay and other libraries on the same network and input, in turns.\n"
               "Example: compare --isa avx2 --peer oneDNN --peer-isa AVX2 --layers");
  std::vector<std::string> names;
  for (const peer& each : peers()) {
    names.emplace_back(each.name);
  }
  add_model_options(app, wished.model, wished.isa);
  app.add_option("--peer", wished.peers, "Only these; may be repeated")
      ->check(CLI::IsMember(names));
  app.add_option("--peer-isa", wished.peer_isa,
                 "Limits oneDNN's instructions: AVX512_CORE_VNNI, AVX2_VNNI, AVX2, ...");
  app.add_option("--repeat", wished.repeat, "Inferences of each; as many as take 4 s if left out")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--threads", wished.threads, "On how many threads each")
      ->check(CLI::Range(1, 256));
  app.add_flag("--layers", wished.layers, "Measure each layer alone as well");
  app.add_flag("--json", wished.json, "Print JSON");
  CLI11_PARSE(app, count, arguments);

  auto list = nlohmann::ordered_json::array();
  for (const model& from : models()) {
    if (wished.model.empty() || wished.model == from.name) {
      compare(wished, from, list);
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
