// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/files.hpp"

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>

#include <iostream>

namespace inlay::test {

inline void write_file(const std::filesystem::path& path, const unsigned char* data,
                       std::size_t size) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  if (!out) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

/// For each pair of arguments INPUT FOLDER: runs the network on the bytes of INPUT and writes every
/// operator's output as FOLDER/NNN.bin, and as FOLDER/output.bin what the engine that one would
/// deploy gives.
template <class Model>
int write_layers(int count, char** arguments) {
  using network = tflite::network<Model>;
  using observed = engine<network, targets::native, engine_options{.keep_every_tensor = true}>;
  using deployed = engine<network>;
  using image = typename network::input::const_view;
  static constinit typename observed::workspace observed_memory;
  static constinit typename deployed::workspace deployed_memory;
  for (int i = 1; i + 1 < count; i += 2) {
    const auto input = read_file(arguments[i]);
    const std::filesystem::path folder = arguments[i + 1];
    if (input.size() != image::size()) {
      std::cerr << arguments[i] << " has " << input.size() << " bytes, expected " << image::size()
                << "\n";
      return 1;
    }
    observed::infer(image::from_bytes(input.data()), observed_memory, [&](auto layer, auto view) {
      const std::string number = std::to_string(1000 + layer.index).substr(1);
      write_file(folder / (number + ".bin"), view.bytes(), view.size());
    });
    const auto scores = deployed::infer(image::from_bytes(input.data()), deployed_memory);
    write_file(folder / "output.bin", scores.bytes(), scores.size());
  }
  return 0;
}

} // namespace inlay::test
