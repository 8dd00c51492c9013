// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/recompute.hpp>
#include <inlay/plan/stream_cuts.hpp>

namespace inlay::detail {

/// What a cut stream comes to, before its rows are placed, and what to recompute next.
struct recompute_step {
  /// Estimated bytes of the largest segment.
  std::int64_t largest = 0;
  /// The step in it that saves most bytes for each multiply-accumulate more, -1 if there is none.
  int next = -1;
};

/// @param costs of recomputing each step's output, -1 where that cannot be
/// @param limit what the next may cost
template <graph_size Size>
constexpr recompute_step
next_to_recompute(const row_stream<Size>& stream, const row_readers<Size>& readers,
                  const row_counts<Size>& rings, const scratch_sizes<Size>& scratch,
                  const row_cuts<Size>& cuts, int begin, bool counts_input,
                  const step_numbers<Size>& costs, std::int64_t limit) {
  const segment_meter<Size> meter(stream, readers, rings, scratch, begin, counts_input);
  recompute_step found;
  row_segment worst{};
  for (int i = 0; i < cuts.count; ++i) {
    std::int64_t bytes = 0;
    meter.extend(cuts[i].begin, cuts[i].end, [&](int, const segment_size& size) {
      bytes = size.bytes - (size.freed < size.stored ? size.freed : size.stored);
    });
    if (bytes > found.largest) {
      found.largest = bytes;
      worst = cuts[i];
    }
  }
  std::int64_t saved = 0;
  std::int64_t cost = 1;
  for (int node = worst.begin < 1 ? 1 : worst.begin; node < worst.end; ++node) {
    const std::int64_t of_node = costs[static_cast<std::size_t>(stream[node].step)];
    const std::int64_t ring = stream[node].end_of(rings[static_cast<std::size_t>(node)]);
    if (of_node >= 0 && of_node <= limit && ring * cost > saved * (of_node + 1)) {
      saved = ring;
      cost = of_node + 1;
      found.next = stream[node].step;
    }
  }
  return found;
}

} // namespace inlay::detail
