// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "npu_planner.hpp"
#include "text_report.hpp"

namespace inspect {

/// A model on one NPU: whole tensors, and cascades.
struct npu_inspection {
  std::unique_ptr<inspect::schedule> work = std::make_unique<inspect::schedule>();
  inlay::ethos_u_options options{};
  std::unique_ptr<npu_plan> plain;
  std::unique_ptr<npu_plan> cascaded;

  /// "CONV_2D" of a node
  [[nodiscard]] std::string_view operator_of(const inspection& seen, int node) const {
    const int step = cascaded->stream[node].step;
    return step < 0 ? "image" : name_of(seen.graph[(*work)[step].node].what);
  }
};

/// @param options arena_limit and constants_in
/// @return nothing if the NPU cannot take the network, or no cascades keep within the limit;
///   `found` then says why
inline std::unique_ptr<npu_inspection> inspect_for_npu(const inspection& seen,
                                                       const inlay::ethos_u::npu& on,
                                                       const inlay::ethos_u_options& options,
                                                       inlay::diagnosis& found) {
  auto made = std::make_unique<npu_inspection>();
  inlay::lowering unfused = seen.target.lowering;
  unfused.fuses = nullptr;
  inlay::lower(seen.graph, unfused, *made->work);
  inlay::detail::check_for_npu(seen.graph, *made->work, found);
  if (!found.ok()) {
    return nullptr;
  }
  made->options = options;
  const auto network = std::make_unique<npu_network>(seen.graph, *made->work, on, options);
  const auto planner = std::make_unique<npu_planner>(*network);
  made->plain = planner->plain();
  made->cascaded = planner->cascaded();
  inlay::detail::expect_within(options.arena_limit, made->cascaded->rows.arena_bytes, found);
  return found.ok() ? std::move(made) : nullptr;
}

/// Which operators' constants are copied ahead of use, and when.
inline void print_copies(const npu_inspection& on, const npu_plan& plan) {
  if (plan.copies.count == 0) {
    return;
  }
  fmt::print("\n");
  table lines(
      {">copy", "operators", "channels", ">bytes", ">offset", ">before operation", ">read by"});
  for (int i = 0; i < plan.copies.count; ++i) {
    const inlay::ethos_u::planned_transfer& copy = plan.copies[i];
    const int first = (*on.work)[plan.stream[copy.first].step].node;
    const int last = (*on.work)[plan.stream[copy.last - 1].step].node;
    lines.add({std::to_string(i),
               first == last ? std::to_string(first) : fmt::format("{}-{}", first, last),
               copy.channels.count == 0
                   ? "all"
                   : fmt::format("{}-{}", copy.channels.first,
                                 copy.channels.first + copy.channels.count - 1),
               grouped(plan.copied[static_cast<std::size_t>(i)]), grouped(copy.offset),
               std::to_string(copy.start), std::to_string(copy.use)});
  }
  lines.print();
}

/// What each operator takes, all of its operations together.
inline void print_npu(const inspection& seen, const npu_inspection& on, std::string_view npu) {
  const npu_plan& plan = *on.cascaded;
  fmt::print("\nOn {}, cascaded\n", npu);
  table lines({">", "operator", ">bands", ">rows", ">kept", "block", ">copy", ">cycles",
               ">MACs/cycle", ">read", ">written", ">constants"});
  for (int node = 1; node < plan.stream.count; ++node) {
    const inlay::row_node& what = plan.stream[node];
    const auto index = static_cast<std::size_t>(node);
    const inlay::ethos_u::operation_cost& cost = plan.costs[index];
    const std::string number = std::to_string((*on.work)[what.step].node);
    const std::string name(on.operator_of(seen, node));
    if (cost.cycles == 0) {
      lines.add({number, name, "", "", "", "(processor)", "", "", "", "", "", ""});
      continue;
    }
    const int kept = plan.rows[node].ring;
    lines.add({number, name, std::to_string(what.rows), std::to_string(what.band),
               kept == what.rows ? std::string("all") : std::to_string(kept * what.band),
               words(plan.blocks[index]), plan.copies_of(node), grouped(cost.cycles),
               fmt::format("{:.1f}", static_cast<double>(cost.multiply_accumulates) /
                                         static_cast<double>(cost.cycles)),
               grouped(cost.bytes_read), grouped(cost.bytes_written),
               grouped(cost.constant_bytes)});
  }
  lines.print();
  print_copies(on, plan);
  fmt::print("\n");
  table sums({"", ">arena", ">operations", ">cycles", ">at least", ">computing", ">read",
              ">written", ">constants", ">copied"});
  const auto add = [&](std::string name, const npu_plan& one) {
    sums.add({std::move(name), grouped(one.arena_bytes()), std::to_string(one.operations()),
              grouped(one.total.cycles), grouped(one.least_cycles),
              grouped(one.total.compute_cycles), grouped(one.total.bytes_read),
              grouped(one.total.bytes_written), grouped(one.total.constant_bytes),
              grouped(one.copied_bytes())});
  };
  add("whole tensors", *on.plain);
  add("cascaded", plan);
  sums.print();
  const bool in_flash = on.options.constants_in == inlay::constants_memory::flash;
  fmt::print("\n  Cycles and bytes are estimates (docs/ethos_u.md), and cycles are those from the "
             "end of\n  one operation to the end of the next; no program of such an arena takes "
             "less than\n  \"at least\". {}\n",
             in_flash ? "Constants are in flash of an eighth of the NPU's clock, and copied\n"
                        "  into the arena where the table names a copy."
                      : "Constants are in SRAM.");
}

} // namespace inspect
