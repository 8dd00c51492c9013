// SPDX-License-Identifier: Apache-2.0
#include "pipeline.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

/// libFuzzer's entry: any bytes end in a sound plan or in a message.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto pipeline =
      std::make_unique<inlay::test::pipeline<inlay::graph_size{192, 80}>>();
  const bool accepted = pipeline->run(data, size);
  if (accepted != pipeline->found().ok()) {
    __builtin_trap();
  }
  return 0;
}
