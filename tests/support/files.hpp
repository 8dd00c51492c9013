// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace inlay::test {

/// A whole file; throws, naming it, if it cannot be read.
inline std::vector<unsigned char> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw std::runtime_error("expected a file that can be read, found none at " + path.string());
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The names, without extension, of the .tflite files in a folder, in order.
inline std::vector<std::string> models_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".tflite") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The folder of real models, pictures and reference tensors, from the environment variable
/// INLAY_SHARED; empty where there is none.
inline std::filesystem::path shared_folder() {
  const char* named = std::getenv("INLAY_SHARED");
  const std::filesystem::path folder = named == nullptr ? "" : named;
  return std::filesystem::exists(folder / "models") ? folder : "";
}

} // namespace inlay::test
