// SPDX-License-Identifier: Apache-2.0
#include <inlay/program/ethos_u_bound.hpp>

#include <gtest/gtest.h>

namespace {

using namespace inlay;

constexpr graph_size size{8, 4};

/// Three nodes in a row: 8 rows of 100 bytes become 8 of 50 by 3x3 windows, then 4 of 20 by rows
/// that are two apart, then one from all of them.
constexpr row_stream<size> stream = [] {
  row_stream<size> made;
  made.count = 4;
  made.nodes[0] = {.height = 8, .row_pitch = 100};
  made.nodes[1] = {.height = 8, .row_pitch = 50, .input_count = 1};
  made.nodes[1].inputs[0] = {.node = 0, .before = 1, .reach = 2, .out_height = 8, .height = 8};
  made.nodes[2] = {.height = 4, .row_pitch = 20, .input_count = 1};
  made.nodes[2].inputs[0] = {.node = 1, .stride = 2, .out_height = 4, .height = 8};
  made.nodes[3] = {.height = 1, .row_pitch = 10, .input_count = 1};
  made.nodes[3].inputs[0] = {.node = 2, .out_height = 1, .height = 4, .whole = true};
  return made;
}();

using costs = std::array<ethos_u_least_cost, size.operators + 1>;

constexpr std::int64_t bound_of(const costs& each, std::int64_t arena_bytes,
                                std::int32_t rate = 1) {
  return detail::cycle_bound<size>(stream, each, {.constants = rate}, arena_bytes).get();
}

// All cycles, or all constants, where these are more.
static_assert(bound_of({{{}, {500, 10}, {300, 20}, {200, 30}}}, 1000) == 1000);
static_assert(bound_of({{{}, {5, 1000}, {3, 600}, {2, 400}}}, 10'000) == 2000);
static_assert(bound_of({{{}, {5, 1000}, {3, 600}, {2, 400}}}, 10'000, 2) == 1000);

// After node 1 come 3000 bytes. Two of its rows are still to be read, so an arena of 600 bytes
// holds 500 of the constants, and one of 50 none.
constexpr costs heavy_end{{{}, {1000, 0}, {10, 1000}, {10, 2000}}};
static_assert(bound_of(heavy_end, 600) == 1000 + 3000 - 500);
static_assert(bound_of(heavy_end, 50) == 1000 + 3000);
static_assert(bound_of(heavy_end, 600, 2) == 1000 + 2500 / 2);
static_assert(bound_of(heavy_end, 4000) == 3000, "all can be there, and must have been read");

// After node 2, 80 bytes of its rows are to be read, all of them.
constexpr costs heavy_last{{{}, {1000, 0}, {1500, 0}, {10, 2000}}};
static_assert(bound_of(heavy_last, 600) == 2500 + 2000 - 520);

TEST(EthosUBound, FallsByABytesTimeForEachByteOfTheArenaAtMost) {
  for (const costs& each : {heavy_end, heavy_last}) {
    for (std::int64_t bytes = 0; bytes < 4000; ++bytes) {
      const std::int64_t fall = bound_of(each, bytes) - bound_of(each, bytes + 1);
      ASSERT_TRUE(fall == 0 || fall == 1) << "at " << bytes;
    }
  }
}

} // namespace
