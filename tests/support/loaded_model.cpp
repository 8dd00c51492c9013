// SPDX-License-Identifier: Apache-2.0
#include "loaded_model.hpp"

namespace inlay::test {

loaded_model::loaded_model(std::vector<unsigned char> file) : bytes(std::move(file)) {
  tflite::read_graph(bytes.data(), bytes.size(), *graph, found);
  for (int i = 0; found.ok() && i < graph->node_count; ++i) {
    check_channels(*graph, i, found);
  }
}

} // namespace inlay::test
