// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "text_report.hpp"

#include <inlay/plan/stream.hpp>

namespace inspect {

using stream_plan = inlay::stream_plan<capacity>;

/// Whether a plan by rows, which plays every row, takes no noticeable time.
inline bool has_few_rows(const inspection& seen) {
  std::int64_t rows = 0;
  for (int i = 0; i < seen.graph.tensor_count; ++i) {
    rows += seen.tensor(i).is_constant ? 0 : seen.tensor(i).type.shape.height();
  }
  return rows <= 100'000;
}

/// "QUANTIZE .. CONV_2D"
inline std::string operators_of(const inspection& seen, const inlay::schedule<capacity>& work,
                                const stream_plan& plan, int segment) {
  const auto name = [&](int node) {
    const int step = plan.stream[node].step;
    return step < 0
               ? std::string("image")
               : fmt::format("{} {}", work[step].node, name_of(seen.graph[work[step].node].what));
  };
  const inlay::row_segment nodes = plan.cuts[segment];
  return nodes.end - nodes.begin == 1 ? name(nodes.begin)
                                      : name(nodes.begin) + " .. " + name(nodes.end - 1);
}

/// What each node of a segment keeps: "3" rows, or "all".
inline std::string rings_of(const stream_plan& plan, int segment) {
  std::string rings;
  for (int node = plan.cuts[segment].begin; node < plan.cuts[segment].end; ++node) {
    const int ring = plan.rows[node].ring;
    rings += (rings.empty() ? "" : " ") +
             (ring == plan.stream[node].rows ? std::string("all") : std::to_string(ring));
  }
  return rings;
}

/// The arena of streamed_engine, and its segments where the image comes by rows.
inline void print_stream(const inspection& seen) {
  if (!has_few_rows(seen)) {
    fmt::print("  not planned: more than 100,000 rows\n");
    return;
  }
  inlay::lowering unfused = seen.target.lowering;
  unfused.fuses = nullptr;
  const auto work = std::make_unique<inspect::schedule>();
  inlay::lower(seen.graph, unfused, *work);
  const std::vector<std::int64_t> scratch = scratch_bytes_of(seen.target, *work);
  const auto plan = std::make_unique<stream_plan>();
  for (const auto& [source, name] : {std::pair{inlay::image_source::caller, "with the caller"},
                                     {inlay::image_source::arena, "in the arena"},
                                     {inlay::image_source::rows, "by rows"}}) {
    inlay::plan_stream(seen.graph, *work, source, seen.target.alignment, *plan, scratch);
    fmt::print("  image {:<16}  arena {} bytes, {} segments\n", name,
               grouped(plan->rows.arena_bytes), plan->cuts.count);
  }
  fmt::print("\n  By rows:\n");
  table lines({">segment", "operators", ">arena", "rows kept of each"});
  for (int i = 0; i < plan->cuts.count; ++i) {
    lines.add({std::to_string(i), operators_of(seen, *work, *plan, i), grouped(plan->bytes_of(i)),
               rings_of(*plan, i)});
  }
  lines.print();
}

} // namespace inspect
