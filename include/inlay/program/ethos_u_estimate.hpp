// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/ethos_u_bound.hpp>
#include <inlay/program/ethos_u_engine.hpp>

namespace inlay {

/// What an inference takes on the NPU, as far as it can be estimated.
struct ethos_u_estimate {
  /// All operations; its cycles are those of operations and transfers together.
  ethos_u::operation_cost all{};
  int transfers = 0;
  std::int64_t transferred_bytes = 0;
};

/// Adds up what an engine's command stream takes around memories that are so fast.
/// @tparam Engine an ethos_u_engine
template <class Engine>
constexpr ethos_u_estimate estimate_engine(const ethos_u::memory_speed& memory) {
  constexpr ethos_u::npu on = Engine::target::npu;
  ethos_u_estimate made;
  ethos_u::timeline time(on, memory);
  constexpr int count = static_cast<int>(Engine::copies.size());
  const auto copy_at = [](int index) { return Engine::copies[static_cast<std::size_t>(index)]; };
  int last = -1;
  for (int i = 0; i < Engine::operations; ++i) {
    for (int k = 0; k < count; ++k) {
      if (copy_at(k).start == i && Engine::is_copied(k)) {
        const std::int64_t bytes = copy_at(k).what.bytes;
        time.start(bytes, Engine::operations_beside(k) > 0);
        ++made.transfers;
        made.transferred_bytes += bytes;
        last = k;
      }
    }
    for (int k = 0; k < count; ++k) {
      if (copy_at(k).use == i && Engine::is_copied(k)) {
        time.wait(last - k);
      }
    }
    const ethos_u::operation what = Engine::operation_at(i);
    const ethos_u::operation_cost cost =
        estimate(on, request_of(what), what.blocks.output, memory,
                 what.constants_in == ethos_u::region::arena ? ethos_u::constants_place::arena
                                                             : ethos_u::constants_place::outside);
    time.run(cost);
    made.all += cost;
  }
  made.all.cycles = time.cycles();
  return made;
}

/// Cycles that no program of the engine's network takes less than in an arena of the engine's size.
template <class Engine>
constexpr std::int64_t least_cycles(const ethos_u::memory_speed& memory) {
  return least_cycles(Engine::network::graph, Engine::schedule, Engine::stream, Engine::target::npu,
                      memory, static_cast<std::int64_t>(Engine::arena_bytes));
}

} // namespace inlay
