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

/// "5 CONV_2D, 8 CONV_2D": whose rows are computed again instead of kept.
inline std::string recomputed_operators_of(const inspection& seen,
                                           const inlay::schedule<capacity>& work,
                                           const stream_plan& plan) {
  std::string names;
  for (int node = 1; node < plan.stream.count; ++node) {
    if (const int step = plan.stream[node].recomputes; step >= 0) {
      names += fmt::format("{}{} {}", names.empty() ? "" : ", ", work[step].node,
                           name_of(seen.graph[work[step].node].what));
    }
  }
  return names;
}

/// Where the image may come from, as the report and the JSON call it.
struct named_source {
  inlay::image_source source;
  std::string_view name;
  std::string_view key;
};
inline constexpr std::array<named_source, 3> sources{
    {{inlay::image_source::caller, "with the caller", "caller"},
     {inlay::image_source::arena, "in the arena", "arena"},
     {inlay::image_source::rows, "by rows", "rows"}}};

/// Calls visit(source, work, plan) for the plan of streamed_engine for each source of images.
/// @param percent as streamed_options::recomputation
/// @return false, without a call, if there are too many rows
template <class Visit>
bool each_stream(const inspection& seen, int percent, const Visit& visit) {
  if (!has_few_rows(seen)) {
    return false;
  }
  inlay::lowering unfused = seen.target.lowering;
  unfused.fuses = nullptr;
  const auto work = std::make_unique<inspect::schedule>();
  inlay::lower(seen.graph, unfused, *work);
  const std::vector<std::int64_t> scratch = scratch_bytes_of(seen.target, *work);
  const auto plan = std::make_unique<stream_plan>();
  for (const named_source& each : sources) {
    inlay::plan_stream(seen.graph, *work, each.source, seen.target.alignment, *plan, scratch,
                       {percent, seen.target.scratch_bytes_of});
    visit(each, *work, *plan);
  }
  return true;
}

/// By how many percent an inference takes more multiply-accumulates.
inline double recomputed_percent(const inspection& seen, const stream_plan& plan) {
  const std::int64_t all = count(seen.graph).multiply_accumulates;
  return all == 0 ? 0 : 100.0 * static_cast<double>(plan.recomputed) / static_cast<double>(all);
}

/// The arena of streamed_engine, and its segments where the image comes by rows.
inline void print_stream(const inspection& seen, int percent) {
  const bool is_planned = each_stream(
      seen, percent,
      [&](const named_source& each, const inlay::schedule<capacity>& work,
          const stream_plan& plan) {
        fmt::print("  image {:<16}  arena {} bytes, {} segments{}\n", each.name,
                   grouped(plan.rows.arena_bytes), plan.cuts.count,
                   percent == 0
                       ? ""
                       : fmt::format(", {:.1f} % computed again", recomputed_percent(seen, plan)));
        if (each.source != inlay::image_source::rows) {
          return;
        }
        fmt::print("\n  By rows:\n");
        table lines({">segment", "operators", ">arena", "rows kept of each"});
        for (int i = 0; i < plan.cuts.count; ++i) {
          lines.add({std::to_string(i), operators_of(seen, work, plan, i),
                     grouped(plan.bytes_of(i)), rings_of(plan, i)});
        }
        lines.print();
        if (plan.recomputed > 0) {
          fmt::print("  computed again: {}\n", recomputed_operators_of(seen, work, plan));
        }
      });
  if (!is_planned) {
    fmt::print("  not planned: more than 100,000 rows\n");
  }
}

} // namespace inspect
