// SPDX-License-Identifier: Apache-2.0
//
//   golden_main SET [INPUT FOLDER]...
//
// Runs a network on the functional model of one NPU (INLAY_NPU, of targets), planned as SET says.
// For each INPUT it writes every operator's output as FOLDER/NNN.bin and the network's as
// FOLDER/output.bin.
#include "observe.hpp"

#include <models/ethos_u_golden.hpp>

#include <string_view>

namespace {

using namespace inlay;
using network = tflite::network<models::ethos_u_golden>;

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
  for (int i = 0; i < Engine::schedule.step_count; ++i) {
    const auto& step = Engine::schedule[i];
    if (step.what.template is<step::alias>()) {
      for (int before = 0; before < step.node; ++before) {
        if (network::graph[before].output == step.inputs[0]) {
          layers[step.node] = layers[before];
        }
      }
    }
  }
}

template <class Engine>
void run(char** pairs) {
  if (const std::string found = test::findings<Engine>(); !found.empty()) {
    throw std::runtime_error("the checker found\n" + found);
  }
  for (; pairs[0] != nullptr && pairs[1] != nullptr; pairs += 2) {
    test::observed found = test::run_on_npu<Engine>(test::read_file(pairs[0]), 0x55);
    add_renamed<Engine>(found.layers);
    const std::filesystem::path folder = pairs[1];
    for (const auto& [index, layer] : found.layers) {
      write_file(folder / (std::to_string(1000 + index).substr(1) + ".bin"), layer);
    }
    write_file(folder / "output.bin", found.outputs);
  }
}

int run_set(std::string_view set, char** pairs) {
  if (set == "plain") {
    run<ethos_u_engine<network, targets::INLAY_NPU>>(pairs);
  } else if (set == "cascaded") {
    constexpr ethos_u_options cascaded{.cascades = true};
    using engine = ethos_u_engine<network, targets::INLAY_NPU, cascaded>;
    static_assert(engine::arena_bytes <= 296 * 1024, "with 147 KiB of image");
    static_assert(engine::stream_bytes <= 100 * 1024);
    run<engine>(pairs);
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
