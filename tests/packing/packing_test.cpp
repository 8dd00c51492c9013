// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <gtest/gtest.h>
#include <parameters/packed_tiny.hpp>

namespace {

TEST(Packing, WhileBuildingIsWhatPrepareWrites) {
  static packing::engine::parameters prepared;
  static_assert(packing::engine::parameters_bytes > 100);
  packing::engine::prepare(prepared);
  EXPECT_TRUE(std::ranges::equal(prepared.packed, packed_tiny.packed));
  EXPECT_FALSE(std::ranges::all_of(packed_tiny.packed, [](auto byte) { return byte == 0; }));
}

TEST(Packing, IsAligned) {
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&packed_tiny) % alignof(packing::engine::parameters),
            0);
}

} // namespace
