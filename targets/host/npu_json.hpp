// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json_report.hpp"
#include "npu_report.hpp"

namespace inspect {

inline json json_of(const inlay::ethos_u::operation_cost& cost) {
  return {{"cycles", cost.cycles},
          {"compute_cycles", cost.compute_cycles},
          {"macs", cost.multiply_accumulates},
          {"bytes_read", cost.bytes_read},
          {"bytes_written", cost.bytes_written},
          {"constant_bytes", cost.constant_bytes}};
}

inline json json_of(const inspection& seen, const npu_inspection& on, const npu_plan& plan) {
  json operators = json::array();
  for (int node = 1; node < plan.stream.count; ++node) {
    const inlay::row_node& what = plan.stream[node];
    const auto index = static_cast<std::size_t>(node);
    const bool is_on_npu = plan.costs[index].cycles != 0;
    json one{{"operator", (*on.work)[what.step].node},
             {"name", name_of(seen.graph[(*on.work)[what.step].node].what)},
             {"on_npu", is_on_npu}};
    if (is_on_npu) {
      one["bands"] = what.rows;
      one["rows"] = what.band;
      one["rows_kept"] = plan.rows[node].ring * what.band;
      one["constants_copied"] = plan.copies_of(node) != "-";
      one["block"] = {plan.blocks[index].height, plan.blocks[index].width,
                      plan.blocks[index].depth};
      one.update(json_of(plan.costs[index]));
    }
    operators.push_back(one);
  }
  json copies = json::array();
  for (int i = 0; i < plan.copies.count; ++i) {
    const inlay::ethos_u::planned_transfer& copy = plan.copies[i];
    const json channels =
        copy.channels.count == 0
            ? json()
            : json{copy.channels.first, copy.channels.first + copy.channels.count - 1};
    copies.push_back({{"first_operator", (*on.work)[plan.stream[copy.first].step].node},
                      {"last_operator", (*on.work)[plan.stream[copy.last - 1].step].node},
                      {"channels", channels},
                      {"bytes", plan.copied[static_cast<std::size_t>(i)]},
                      {"offset", copy.offset},
                      {"before_operation", copy.start},
                      {"read_by_operation", copy.use}});
  }
  json out{{"arena_bytes", plan.arena_bytes()},
           {"least_cycles", plan.least_cycles},
           {"operations", plan.operations()},
           {"copied_bytes", plan.copied_bytes()},
           {"copies", copies}};
  out.update(json_of(plan.total));
  out["operators"] = operators;
  return out;
}

/// A model on one NPU, as whole tensors and cascaded; cycles and bytes are estimates.
inline json json_of(const inspection& seen, const npu_inspection& on, std::string_view npu) {
  const inlay::ethos_u_options& options = on.options;
  const bool has_limit = options.arena_limit < inlay::cascade_wishes::no_limit;
  const bool in_flash = options.constants_in == inlay::constants_memory::flash;
  return {{"name", npu},
          {"constants_in", in_flash ? "flash" : "sram"},
          {"arena_limit", has_limit ? json(options.arena_limit) : json()},
          {"plain", json_of(seen, on, *on.plain)},
          {"cascaded", json_of(seen, on, *on.cascaded)}};
}

} // namespace inspect
