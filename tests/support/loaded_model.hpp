// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "files.hpp"

#include <inlay/import/tflite.hpp>

#include <memory>

namespace inlay::test {

/// A model that is read at run time, as a tool does it. Link test_loaded_model.
struct loaded_model {
  static constexpr graph_size capacity{256, 128};

  std::vector<unsigned char> bytes;
  diagnosis found{};
  std::unique_ptr<inlay::graph<capacity>> graph = std::make_unique<inlay::graph<capacity>>();

  explicit loaded_model(std::vector<unsigned char> file);
  explicit loaded_model(const std::filesystem::path& path) : loaded_model(read_file(path)) {}

  [[nodiscard]] std::string message() const { return std::string(found.message().view()); }
};

} // namespace inlay::test
