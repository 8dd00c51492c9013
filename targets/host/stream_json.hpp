// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json_report.hpp"
#include "stream_report.hpp"

namespace inspect {

/// The plans of streamed_engine; null if there are too many rows.
/// @param percent as streamed_options::recomputation
inline json stream_json_of(const inspection& seen, int percent) {
  json out{{"recomputation", percent}};
  const bool is_planned = each_stream(
      seen, percent,
      [&](const named_source& each, const inlay::schedule<capacity>& work,
          const stream_plan& plan) {
        json segments = json::array();
        for (int i = 0; i < plan.cuts.count; ++i) {
          json rows = json::array();
          for (int node = plan.cuts[i].begin; node < plan.cuts[i].end; ++node) {
            const int step = plan.stream[node].step;
            const int again = plan.stream[node].recomputes;
            rows.push_back({{"operator", step < 0 ? json() : json(work[step].node)},
                            {"rows", plan.stream[node].rows},
                            {"rows_kept", plan.rows[node].ring},
                            {"recomputes", again < 0 ? json() : json(work[again].node)}});
          }
          segments.push_back({{"arena_bytes", plan.bytes_of(i)}, {"operators", rows}});
        }
        out[std::string(each.key)] = {{"arena_bytes", plan.rows.arena_bytes},
                                      {"recomputed_macs", plan.recomputed},
                                      {"segments", segments}};
      });
  return is_planned ? out : json();
}

} // namespace inspect
