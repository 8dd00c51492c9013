// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace inlay {

/// What an inference of a kernel set works on.
struct inference_memory {
  const unsigned char* image = nullptr;
  /// What prepare() has written.
  const unsigned char* parameters = nullptr;
  unsigned char* workspace = nullptr;
};

/// One step of a network as one set of kernels runs it.
struct kernel_step {
  /// The operator of the graph whose output the step completes; it stands for the operators since
  /// the step before as well.
  int node = -1;
  /// The kernel's name, for reports.
  std::string_view kernel;
  /// Into how many pieces it can be divided among threads.
  std::int32_t units = 1;
  /// Where its output begins in the workspace; -1 where that is the image itself.
  std::int64_t output = -1;
  std::size_t packed_bytes = 0;
  std::size_t scratch_bytes = 0;
  /// Writes its packed constants; null where it has none.
  void (*pack)(unsigned char* parameters) noexcept = nullptr;
  /// Does the units [first, last), in `scratch` if that is not null and else in memory that the
  /// plan keeps for it; null where there is nothing to do.
  void (*run)(const inference_memory& memory, unsigned char* scratch, std::int32_t first,
              std::int32_t last) noexcept = nullptr;
};

/// A network compiled for one instruction set: plain data, so that programs choose among several
/// at run time. Made by make_kernel_set, or for a model file by inlay_add_network.
struct kernel_set {
  /// The target's, for example "avx2".
  std::string_view name;
  /// Of the parameters and the workspace, in bytes.
  std::size_t alignment = 1;
  std::size_t arena_bytes = 0;
  std::size_t parameters_bytes = 0;
  /// What each thread but the first needs for itself.
  std::size_t scratch_bytes = 0;
  std::span<const kernel_step> steps{};
  /// For each output of the network where it begins in the workspace; -1: it is the image.
  std::span<const std::int64_t> outputs{};

  /// Bytes of memory for inferences on up to `threads` threads.
  [[nodiscard]] constexpr std::size_t workspace_bytes(int threads = 1) const noexcept {
    return arena_bytes + static_cast<std::size_t>(threads - 1) * scratch_bytes;
  }
};

/// Packs the constants of a network.
/// @param parameters kernel_set::parameters_bytes bytes, overwritten
inline void prepare(const kernel_set& set, unsigned char* parameters) noexcept {
  for (const kernel_step& step : set.steps) {
    if (step.pack != nullptr) {
      step.pack(parameters);
    }
  }
}

/// Where a step's output, or the network's, lies.
inline const unsigned char* place_of(std::int64_t offset, const inference_memory& memory) noexcept {
  return offset < 0 ? memory.image : memory.workspace + offset;
}

/// Observes nothing.
struct ignore_tap {
  constexpr void operator()(int, const unsigned char*) const noexcept {}
};

/// Runs one step, divided into up to `threads` parts.
/// @param executor as infer_on's
template <class Executor>
void run_step(const kernel_set& set, const kernel_step& step, const inference_memory& memory,
              Executor&& executor, int threads) noexcept {
  if (step.run == nullptr) {
    return;
  }
  const int parts = std::min<std::int32_t>(threads, step.units);
  if (parts <= 1) {
    step.run(memory, nullptr, 0, step.units);
    return;
  }
  executor(parts, [&](int part) noexcept {
    const auto border = [&](int at) {
      return static_cast<std::int32_t>(std::int64_t{step.units} * at / parts);
    };
    unsigned char* const scratch = part == 0
                                       ? nullptr
                                       : memory.workspace + set.arena_bytes +
                                             static_cast<std::size_t>(part - 1) * set.scratch_bytes;
    step.run(memory, scratch, border(part), border(part + 1));
  });
}

/// Runs a network on several threads, with the same numbers for any number of them.
/// @param memory a workspace of set.workspace_bytes(threads) bytes
/// @param executor called as executor(parts, work) for each step that is divided; it calls
///   work(part) once for each part in [0, parts), on any threads, and returns when all calls have
///   returned. parts is at most `threads`
/// @param tap called as tap(node, bytes) after each step: the operator's number in the graph, and
///   where its output lies
template <class Executor, class Tap>
void infer_on(const kernel_set& set, const inference_memory& memory, Executor&& executor,
              int threads, Tap&& tap) noexcept {
  for (const kernel_step& step : set.steps) {
    run_step(set, step, memory, executor, threads);
    tap(step.node, place_of(step.output, memory));
  }
}

/// Runs a network on the calling thread.
inline void infer(const kernel_set& set, const inference_memory& memory) noexcept {
  for (const kernel_step& step : set.steps) {
    if (step.run != nullptr) {
      step.run(memory, nullptr, 0, step.units);
    }
  }
}

} // namespace inlay
