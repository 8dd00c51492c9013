// SPDX-License-Identifier: Apache-2.0
#include <inlay/plan/cascade_search.hpp>

#include <gtest/gtest.h>
#include <vector>

namespace {

using namespace inlay;

/// Cascades of any size from `smallest` on: half the bytes, twice the operations and cycles. Each
/// arena is a sixteenth larger than estimated.
struct smooth_cascades {
  std::int64_t smallest = 20'000;
  /// What copies of constants save for each byte of the arena that is left to them.
  std::int64_t saved = 0;
  std::int64_t arena_limit = cascade_wishes::no_limit;
  std::vector<std::int64_t> placed{};

  static constexpr std::int64_t whole_cycles = 10'000;
  static constexpr std::int64_t whole_bytes = 1'000'000;

  [[nodiscard]] cascade_estimate estimate(std::int64_t limit) const {
    const std::int64_t bytes = limit < whole_bytes ? limit : whole_bytes;
    return {bytes >= smallest, bytes, whole_cycles * whole_bytes / bytes, whole_bytes / bytes};
  }
  std::int64_t arena(std::int64_t limit) {
    placed.push_back(limit);
    return limit + limit / 16;
  }
  [[nodiscard]] std::int64_t cycles(std::int64_t limit) const {
    return whole_cycles * whole_bytes / limit - saved * (arena_limit - limit);
  }
};

constexpr cascade_wishes no_wishes{.cycles_of_whole = smooth_cascades::whole_cycles};

TEST(CascadeSearch, WithoutALimitTheSmallestThatCostATenthMore) {
  smooth_cascades all;
  const std::int64_t found = search_cascades(all, no_wishes);
  EXPECT_NEAR(static_cast<double>(found), 1e6 / 1.1, 4096);
  EXPECT_LE(all.estimate(found).cycles, 11'000);
  // Those that are estimated a little larger are not smaller when they are placed.
  EXPECT_EQ(all.placed.size(), 2);
}

TEST(CascadeSearch, TheCommandStreamIsALimitToo) {
  smooth_cascades all;
  cascade_wishes wishes{.cycles_of_whole = 1'000'000, .usual_operations = 10};
  EXPECT_NEAR(static_cast<double>(search_cascades(all, wishes)), 1e6 / 11, 4096);
  wishes.operations_limit = 5;
  EXPECT_NEAR(static_cast<double>(search_cascades(all, wishes)), 1e6 / 6, 4096);
}

TEST(CascadeSearch, WithinALimitTheLargestThatFitWhenPlaced) {
  smooth_cascades all;
  cascade_wishes wishes = no_wishes;
  wishes.arena_limit = 340'000;
  const std::int64_t found = search_cascades(all, wishes);
  EXPECT_LE(all.arena(found), 340'000);
  EXPECT_GE(all.arena(found), 335'000);
}

TEST(CascadeSearch, CopiesGetTheirPartOfTheLimitIfTheySaveMore) {
  cascade_wishes wishes = no_wishes;
  wishes.arena_limit = 340'000;
  wishes.copies = true;
  smooth_cascades all{.arena_limit = wishes.arena_limit};
  EXPECT_GE(search_cascades(all, wishes), 318'000) << "copies save nothing";
  all.saved = 1;
  EXPECT_EQ(search_cascades(all, wishes), 340'000 - 340'000 / 24 * 4) << "copies save most";
  wishes.operations_limit = 3;
  EXPECT_EQ(search_cascades(all, wishes), 340'000 - 340'000 / 24 * 4);
  wishes.operations_limit = 2;
  EXPECT_GE(search_cascades(all, wishes), 318'000) << "longer command streams do not count";
}

TEST(CascadeSearch, WhatCannotBeMetGivesTheSmallestThatAreCheap) {
  smooth_cascades all;
  cascade_wishes wishes = no_wishes;
  wishes.arena_limit = 10'000;
  EXPECT_EQ(search_cascades(all, wishes), search_cascades(all, no_wishes));
}

TEST(CascadeSearch, ReplayedItFindsTheSame) {
  for (const std::int64_t limit :
       {cascade_wishes::no_limit, std::int64_t{340'000}, std::int64_t{10'000}}) {
    smooth_cascades all{.saved = 1, .arena_limit = limit};
    cascade_wishes wishes = no_wishes;
    wishes.arena_limit = limit;
    wishes.copies = true;
    cascade_replay known;
    std::int64_t found = 0;
    for (int i = 0; i < 100; ++i) {
      found = search_cascades(known, wishes);
      if (known.open() == cascade_question::none) {
        break;
      }
      cascade_estimate learned;
      if (known.open() == cascade_question::estimate) {
        learned = all.estimate(known.limit());
      } else if (known.open() == cascade_question::arena) {
        learned.bytes = all.arena(known.limit());
      } else {
        learned.cycles = all.cycles(known.limit());
      }
      known = known.with(learned);
    }
    EXPECT_EQ(known.open(), cascade_question::none);
    EXPECT_EQ(found, search_cascades(all, wishes));
  }
}

} // namespace
