// SPDX-License-Identifier: Apache-2.0
//
//   run_on_model PAYLOAD WEIGHTS ARENA
//
// Runs a payload on the functional model of its NPU, on the machine that the board is connected to.
// ARENA is a file of the arena's bytes, before and after. bridge.cpp calls it.
#include <cstdio>
#include <exception>
#include <model/files.hpp>
#include <model/model.hpp>

int main(int count, char** arguments) {
  namespace npu = inlay::test::npu_model;
  if (count != 4) {
    std::fputs("usage: run_on_model PAYLOAD WEIGHTS ARENA\n", stderr);
    return 2;
  }
  try {
    const auto payload = npu::read_file(arguments[1]);
    const auto weights = npu::read_file(arguments[2]);
    auto arena = npu::read_file(arguments[3]);
    const std::vector<npu::region> regions{std::span<const std::byte>(weights),
                                           std::span<std::byte>(arena)};
    npu::ethos_u_model().run(payload, regions);
    npu::write_file(arguments[3], arena);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "run_on_model: %s\n", error.what());
    return 1;
  }
}
