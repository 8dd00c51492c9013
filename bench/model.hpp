// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/import/tflite.hpp>
#include <inlay/lower/lower.hpp>
#include <inlay/program/dispatch.hpp>

#include <memory>
#include <string>
#include <vector>

namespace bench {

/// A model that is built in.
struct model {
  std::string_view name;
  std::span<const unsigned char> file;
  inlay::kernel_sets sets;
};

/// All models that are built in; each translation unit of bench_model.cpp adds its own.
inline std::vector<model>& models() {
  static std::vector<model> all;
  return all;
}

/// A model as its file says.
struct network {
  static constexpr inlay::graph_size capacity{1024, 512};
  inlay::graph<capacity> graph{};
  /// One step an operator, with paddings folded.
  inlay::schedule<capacity> schedule{};
  /// The steps that are measured beside peers: all but quantization and SOFTMAX at the ends.
  int first_step = 0;
  int last_step = 0;

  [[nodiscard]] const inlay::tensor& tensor(int number) const { return graph.at(number); }
  /// The products in operators [first, last].
  [[nodiscard]] std::int64_t multiply_accumulates(int first, int last) const;
  /// Bytes of weights and biases as the file has them.
  [[nodiscard]] std::size_t weights_bytes() const;
};

/// Throws std::runtime_error if the file has too many operators.
std::unique_ptr<network> read_network(const model& from);

} // namespace bench
