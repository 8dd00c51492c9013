// SPDX-License-Identifier: Apache-2.0
#include <inlay/program/dispatched.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <networks/dispatch_tiny.hpp>
#include <parameters/packed_dispatch_avx2.hpp>
#include <parameters/packed_dispatch_sse41.hpp>
#include <vector>

namespace {

using network = networks::dispatch_tiny::network;
using program = inlay::dispatched<network>;

/// This file is compiled for any x86-64, its kernel sets and what is packed for them are not.
TEST(dispatch_packed, blocks_are_what_the_sets_pack) {
  const auto compare = [](std::string_view name, std::span<const unsigned char> block) {
    const inlay::kernel_set* set = find_kernel_set(networks::dispatch_tiny::kernel_sets(), name);
    ASSERT_NE(set, nullptr);
    ASSERT_EQ(set->parameters_bytes, block.size());
    if (!inlay::is_supported(name)) {
      std::printf("not run, because this processor lacks it: %s\n", name.data());
      return;
    }
    const inlay::aligned_bytes prepared(set->parameters_bytes, set->alignment);
    prepare(*set, prepared.data());
    EXPECT_TRUE(std::ranges::equal(block, std::span(prepared.data(), set->parameters_bytes)));
  };
  compare("avx2", packed_dispatch_avx2.packed);
  compare("sse41", packed_dispatch_sse41.packed);
}

TEST(dispatch_packed, a_program_takes_the_block_of_its_set) {
  std::array<network::input::value_type, network::input::view::extent> image{};
  image.fill(77);
  const auto scores_of = [&](const program& what) {
    program::workspace memory(what);
    const auto scores = what.infer(image, memory);
    return std::vector(scores.begin(), scores.end());
  };
  for (const inlay::kernel_set* set : networks::dispatch_tiny::kernel_sets()) {
    if (!inlay::is_supported(set->name)) {
      continue;
    }
    const program packed(*set, packed_dispatch_sse41, packed_dispatch_avx2);
    EXPECT_EQ(packed.was_packed(), set->name == "avx2" || set->name == "sse41") << set->name;
    const program prepared(*set);
    EXPECT_FALSE(prepared.was_packed());
    EXPECT_EQ(scores_of(packed), scores_of(prepared)) << set->name;
  }
}

} // namespace
