// SPDX-License-Identifier: Apache-2.0
//
//   golden_main SET [INPUT FOLDER]...
//
// Runs the network of engines.hpp on the functional model of its NPU, planned as SET says: plain or
// cascaded. For each INPUT it writes every operator's output as FOLDER/NNN.bin and the network's as
// FOLDER/output.bin. With INLAY_PACKED the weights are those that were compressed while building.
#include "observe.hpp"

#include <engines.hpp>
#ifdef INLAY_PACKED
#include <packed_sets.hpp>
#endif

#include <string_view>

namespace {

using namespace inlay;

#ifdef INLAY_PACKED
using golden::cascaded_set;
using golden::plain_set;
#else
template <class Engine>
struct uncompressed_set {
  using engine = Engine;
  static const typename engine::constants& constants() { return test::packed_constants<engine>(); }
};
using plain_set = uncompressed_set<golden::plain>;
using cascaded_set = uncompressed_set<golden::cascaded>;
#endif

void write_file(const std::filesystem::path& path, const test::bytes& data) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  if (!out) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

/// Operators that only rename their input have it as their output.
template <class Engine>
void add_renamed(std::map<int, test::bytes>& layers) {
  constexpr const auto& graph = Engine::network::graph;
  for (int i = 0; i < Engine::schedule.step_count; ++i) {
    const auto& step = Engine::schedule[i];
    if (step.what.template is<step::alias>()) {
      for (int before = 0; before < step.node; ++before) {
        if (graph[before].output == step.inputs[0]) {
          layers[step.node] = layers[before];
        }
      }
    }
  }
}

template <class Set>
void run(char** pairs) {
  using engine = typename Set::engine;
  if (const std::string found = test::findings<engine>(); !found.empty()) {
    throw std::runtime_error("the checker found\n" + found);
  }
  for (; pairs[0] != nullptr && pairs[1] != nullptr; pairs += 2) {
    test::observed found =
        test::run_on_npu<engine>(test::read_file(pairs[0]), 0x55, Set::constants());
    add_renamed<engine>(found.layers);
    const std::filesystem::path folder = pairs[1];
    for (const auto& [index, layer] : found.layers) {
      write_file(folder / (std::to_string(1000 + index).substr(1) + ".bin"), layer);
    }
    write_file(folder / "output.bin", found.outputs);
  }
}

int run_set(std::string_view set, char** pairs) {
  if (set == "plain") {
    run<plain_set>(pairs);
  } else if (set == "cascaded") {
    using engine = cascaded_set::engine;
    static_assert(engine::arena_bytes <= golden::most_bytes_of_cascades, "with the image");
    static_assert(engine::options.arena_limit == ethos_u_options{}.arena_limit ||
                      static_cast<std::int64_t>(engine::arena_bytes) > engine::plan.arena_bytes,
                  "copies take what an arena_limit leaves");
    static_assert(engine::stream_bytes <= 100 * 1024);
    run<cascaded_set>(pairs);
  } else {
    std::cerr << "expected plain or cascaded\n";
    return 2;
  }
  return 0;
}

} // namespace

int main(int count, char** arguments) {
  return run_set(count > 1 ? arguments[1] : "", arguments + 2);
}
