// SPDX-License-Identifier: Apache-2.0
//
//   golden_main SET [INPUT FOLDER]...
//
// Runs a network with one kernel set. For each INPUT it writes every operator's output as
// FOLDER/NNN.bin and, as FOLDER/output.bin, what the program that one would deploy gives: with
// fused steps, on 1 to 4 threads, whose stored tensors must all equal those written before. Status
// 1 says that one does not.
#include "../support/files.hpp"

#include <inlay/program/dispatched.hpp>
#include <inlay/program/thread_pool.hpp>

#include <iostream>
#include <networks/golden.hpp>

namespace {

using network = networks::observed::network;
using program = inlay::dispatched<network>;
using image = network::input::const_view;
using bytes = std::vector<unsigned char>;

void write_file(const std::filesystem::path& path, const bytes& data) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  if (!out) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

bytes bytes_of(int node, const unsigned char* first) {
  return {first, first + network::graph.at(network::graph[node].output).type.bytes()};
}

/// Every operator's output.
std::vector<bytes> observe(const program& observed, image input) {
  program::workspace memory(observed);
  std::vector<bytes> layers(static_cast<std::size_t>(network::layers));
  inlay::thread_pool alone(1);
  observed.infer_on(alone, input, memory, [&](int node, const unsigned char* output) {
    layers[static_cast<std::size_t>(node)] = bytes_of(node, output);
  });
  return layers;
}

/// How many stored tensors of the deployed program differ, on a number of threads.
int differences(const program& deployed, image input, const std::vector<bytes>& expected,
                int threads) {
  inlay::thread_pool pool(threads);
  program::workspace memory(deployed, threads);
  int wrong = 0;
  deployed.infer_on(pool, input, memory, [&](int node, const unsigned char* output) {
    if (bytes_of(node, output) != expected[static_cast<std::size_t>(node)]) {
      std::cerr << "operator " << node << " differs in the fused network on " << threads
                << " threads\n";
      ++wrong;
    }
  });
  return wrong;
}

int run(const char* name, char** pairs) {
  const inlay::kernel_choice first =
      inlay::choose_kernel_set(networks::observed::kernel_sets(), name);
  const inlay::kernel_choice second =
      inlay::choose_kernel_set(networks::deployed::kernel_sets(), name);
  if (first.set == nullptr || second.set == nullptr) {
    std::cout << "skipped: " << first.complaint.view() << "\n";
    return 77;
  }
  const program observed(*first.set);
  const program deployed(*second.set);
  int wrong = 0;
  for (; pairs[0] != nullptr && pairs[1] != nullptr; pairs += 2) {
    const bytes input = inlay::test::read_file(pairs[0]);
    const std::filesystem::path folder = pairs[1];
    if (input.size() != image::size()) {
      throw std::runtime_error(std::string(pairs[0]) + " has another size than the input");
    }
    const image view = image::from_bytes(input.data());
    const std::vector<bytes> layers = observe(observed, view);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      write_file(folder / (std::to_string(1000 + i).substr(1) + ".bin"), layers[i]);
    }
    program::workspace memory(deployed);
    const auto scores = deployed.infer(view, memory);
    write_file(folder / "output.bin", {scores.bytes(), scores.bytes() + scores.size()});
    for (int threads = 1; threads <= 4; ++threads) {
      wrong += differences(deployed, view, layers, threads);
    }
  }
  return wrong == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "expected a kernel set's name\n";
    return 2;
  }
  return run(arguments[1], arguments + 2);
}
