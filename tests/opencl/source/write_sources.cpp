// SPDX-License-Identifier: Apache-2.0
//
//   write_sources FOLDER
//
// Writes a small network's sources for every Mali GPU, fused, as FOLDER/NAME.cl.
#include <inlay/import/tflite.hpp>
#include <inlay/program/opencl_program.hpp>
#include <inlay/targets/mali.hpp>

#include <models/corpus_tiny_mobilenet_v2_int8.hpp>

#include <cstdio>
#include <fstream>
#include <string>

namespace {

template <inlay::targets::mali_gpu Gpu>
bool write(const std::string& folder) {
  using program =
      inlay::opencl_program<inlay::tflite::network<models::corpus_tiny_mobilenet_v2_int8>,
                            inlay::targets::mali<Gpu>>;
  std::ofstream out(folder + "/" + std::string(program::target::name) + ".cl", std::ios::binary);
  out << program::source;
  return static_cast<bool>(out.flush());
}

} // namespace

int main(int count, char** arguments) {
  using inlay::targets::mali_gpu;
  if (count != 2) {
    std::fputs("usage: write_sources FOLDER\n", stderr);
    return 2;
  }
  const std::string folder = arguments[1];
  const bool written = write<mali_gpu::g31>(folder) && write<mali_gpu::g52>(folder) &&
                       write<mali_gpu::g76>(folder) && write<mali_gpu::g57>(folder) &&
                       write<mali_gpu::g77>(folder) && write<mali_gpu::g610>(folder);
  return written ? 0 : 1;
}
