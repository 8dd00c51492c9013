// SPDX-License-Identifier: Apache-2.0
//
//   golden_main DOT [INPUT FOLDER]...
//
// Runs a network on the first OpenCL device. For each INPUT it writes every operator's output as
// FOLDER/NNN.bin and, as FOLDER/output.bin, what the program that one would deploy gives, with
// fused steps. Status 1 says that a tensor that the latter stores differs.
#include "../../support/files.hpp"
#include "observe.hpp"

#include <inlay/import/tflite.hpp>

#include <iostream>
#include INLAY_MODEL_HEADER

namespace {

using namespace inlay;
using test::bytes;

using net = tflite::network<INLAY_MODEL>;
using observed = opencl_program<net, INLAY_TARGET, engine_options{.keep_every_tensor = true}>;
using deployed = opencl_program<net, INLAY_TARGET>;

void write_file(const std::filesystem::path& path, const bytes& data) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  if (!out) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

int run(opencl::dot how, char** pairs) {
  auto whole = test::open<observed>(how);
  auto fused = test::open<deployed>(how);
  int wrong = 0;
  for (; pairs[0] != nullptr && pairs[1] != nullptr; pairs += 2) {
    const bytes image = test::read_file(pairs[0]);
    const std::filesystem::path folder = pairs[1];
    const std::vector<bytes> layers = test::observe(whole, image);
    const std::vector<bytes> stored = test::observe(fused, image);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      write_file(folder / (std::to_string(1000 + i).substr(1) + ".bin"), layers[i]);
      if (!stored[i].empty() && stored[i] != layers[i]) {
        std::cerr << "operator " << i << " differs in the fused network\n";
        ++wrong;
      }
    }
    write_file(folder / "output.bin", test::infer(fused, image));
  }
  return wrong == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "expected plain, arm, acc or khr\n";
    return 2;
  }
  return run(test::dot_named(arguments[1]), arguments + 2);
}
