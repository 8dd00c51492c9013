// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

using clock = std::chrono::steady_clock;
using duration = std::chrono::duration<double, std::micro>;

/// Makes the compiler believe that memory at `address` is read and written here.
inline void touch(const void* address) {
  asm volatile("" : : "r"(address) : "memory");
}

/// What is known of a layer before it runs.
struct layer {
  int index = 0;
  std::string_view name;
  std::string output;
  std::string_view kernel;
  std::int64_t multiply_accumulates = 0;
};

/// A model that is built in. `infer` runs it once on one thread; `infer_layers` too, and writes the
/// time of each of `layers`.
struct model {
  std::string_view name;
  std::string_view target;
  std::size_t arena_bytes = 0;
  /// Weights and biases, as the kernels read them.
  std::size_t weights_bytes = 0;
  std::int64_t multiply_accumulates = 0;
  /// Those whose output is stored, in the order of execution.
  std::vector<layer> layers;
  void (*infer)() = nullptr;
  void (*infer_layers)(duration* times) = nullptr;
};

/// All models that are built in; each translation unit of latency_model.cpp adds its own.
inline std::vector<model>& models() {
  static std::vector<model> all;
  return all;
}

} // namespace bench
