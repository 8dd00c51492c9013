// SPDX-License-Identifier: Apache-2.0
#include "../../support/random.hpp"

#include <inlay/kernels/ethos_u/transfer_planner.hpp>

#include <gtest/gtest.h>
#include <numeric>
#include <vector>

// Plans of transfers, for random networks of nodes in a row.

namespace {

using namespace inlay;

constexpr graph_size size{24, 24};
constexpr ethos_u::npu on = ethos_u::u55(128);
constexpr ethos_u::memory_speed memory = ethos_u::flash_beside(on);

using plan = ethos_u::transfer_plan<size>;

/// Nodes 1 to `count`, each a segment of its own; node i's tensor lies at one end of the arena.
struct network {
  std::int64_t arena_bytes = 0;
  row_plan<size> rows{};
  row_cuts<size> cuts{};
  ethos_u::node_costs<size> costs{};
  std::vector<int> turns;

  explicit network(test::random_source& random) {
    const auto count = static_cast<int>(random.between(2, size.operators));
    rows.count = count + 1;
    rows.alignment = 16;
    arena_bytes = 16 * random.between(4000, 20000);
    for (int i = 0; i <= count; ++i) {
      row_buffer& tensor = rows.buffers[static_cast<std::size_t>(i)];
      tensor.bytes = arena_bytes / 32 * random.between(1, 14) / 16 * 16;
      tensor.offset = i % 2 == 0 ? 0 : arena_bytes - tensor.bytes;
      tensor.first = i == 0 ? 0 : i - 1;
      tensor.last = i < count ? i : i - 1;
    }
    for (int node = 1; node <= count; ++node) {
      cuts.segments[static_cast<std::size_t>(cuts.count++)] = {node, node + 1};
      fill(costs[static_cast<std::size_t>(node)], random);
      for (int band = 0; band < costs[static_cast<std::size_t>(node)].bands; ++band) {
        turns.push_back(node);
      }
    }
  }

  static void fill(ethos_u::node_cost& made, test::random_source& random) {
    const std::int64_t computing = random.between(1000, 60000);
    if (random.one_in(4)) { // an ADD
      made.outside = {.cycles = computing, .arena_bytes = 4 * computing, .outside_bytes = 112};
      made.copied = made.outside;
      return;
    }
    made.constants = 16 * random.between(1, 12000);
    made.bands = random.one_in(3) ? static_cast<std::int32_t>(random.between(2, 4)) : 1;
    made.channels = made.bands == 1 && !random.one_in(4)
                        ? static_cast<std::int32_t>(random.between(17, 1200))
                        : 0;
    const std::int64_t read = made.constants * random.between(1, 2);
    made.outside = {.cycles = std::max(computing, read), .outside_bytes = 112 + read};
    made.copied = {.cycles = computing, .arena_bytes = read, .outside_bytes = 112};
  }

  [[nodiscard]] plan transfers() const {
    return ethos_u::plan_transfers<size>(on, memory, rows, cuts, costs, turns, arena_bytes);
  }
  [[nodiscard]] std::int64_t cycles_without() const {
    ethos_u::timeline time(on, memory);
    for (const int node : turns) {
      time.run(costs[static_cast<std::size_t>(node)].outside);
    }
    return time.cycles();
  }
};

/// The operations of a plan: a node and its part, -1 if it has none.
std::vector<std::pair<int, int>> operations_of(const network& on_it, const plan& made) {
  std::vector<std::pair<int, int>> all;
  for (const int node : on_it.turns) {
    const ethos_u::part_range parts = made.parts_of(node);
    for (int part = parts.first; part < parts.last; ++part) {
      all.emplace_back(node, part);
    }
    if (parts.count() == 0) {
      all.emplace_back(node, -1);
    }
  }
  return all;
}

TEST(EthosUTransferPlan, IsSoundAndCoversAllChannels) {
  test::random_source random(3);
  int divided = 0;
  for (int i = 0; i < 1000; ++i) {
    const network some(random);
    const plan made = some.transfers();
    SCOPED_TRACE(i);
    EXPECT_TRUE(is_sound(made, some.rows, some.arena_bytes));
    EXPECT_LE(made.cycles, some.cycles_without());
    for (int node = 1; node < some.rows.count; ++node) {
      const ethos_u::part_range parts = made.parts_of(node);
      std::int32_t done = 0;
      for (int k = parts.first; k < parts.last; ++k) {
        EXPECT_EQ(made.part(k).channels.first, done);
        EXPECT_EQ(done % ethos_u::channel_granule, 0);
        EXPECT_GT(made.part(k).channels.count, 0);
        done += made.part(k).channels.count;
      }
      divided += parts.count() > 1 ? 1 : 0;
      EXPECT_TRUE(parts.count() == 0 ||
                  done == some.costs[static_cast<std::size_t>(node)].channels);
    }
  }
  EXPECT_GT(divided, 100);
}

TEST(EthosUTransferPlan, CountsByOperations) {
  test::random_source random(4);
  for (int i = 0; i < 1000; ++i) {
    const network some(random);
    const plan made = some.transfers();
    const auto operations = operations_of(some, made);
    SCOPED_TRACE(i);
    for (int k = 0; k < made.count; ++k) {
      const ethos_u::planned_transfer& one = made[k];
      ASSERT_LE(one.start, one.use);
      ASSERT_LT(one.use, static_cast<int>(operations.size()));
      EXPECT_TRUE(k == 0 || made[k - 1].start <= one.start);
      const auto [node, part] = operations[static_cast<std::size_t>(one.use)];
      EXPECT_EQ(node, one.first);
      if (one.channels.count > 0) {
        EXPECT_EQ(made.part(part).transfer, k);
        EXPECT_EQ(made.part(part).channels, one.channels);
      } else {
        EXPECT_EQ(made.of(node), k);
      }
    }
  }
}

} // namespace
