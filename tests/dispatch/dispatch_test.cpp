// SPDX-License-Identifier: Apache-2.0
#include <inlay/program/dispatched.hpp>
#include <inlay/program/thread_pool.hpp>

#include <gtest/gtest.h>
#include <networks/dispatch_tiny.hpp>
#include <random>
#include <vector>

namespace {

using namespace inlay;
using network = networks::dispatch_tiny::network;
using program = dispatched<network>;
using layers = std::vector<std::vector<unsigned char>>;

const auto image = [] {
  std::array<network::input::value_type, network::input::view::extent> made{};
  std::minstd_rand random;
  for (auto& each : made) {
    each = static_cast<network::input::value_type>(random() % 256);
  }
  return made;
}();

/// The output of each operator, empty where the set does not store it.
layers layers_of(const program& what, int threads, thread_pool& pool) {
  layers seen(network::layers);
  program::workspace memory(what, threads);
  what.infer_on(pool, image, memory, [&](int node, const unsigned char* bytes) {
    const auto size = network::graph.at(network::graph[node].output).type.bytes();
    seen[static_cast<std::size_t>(node)].assign(bytes, bytes + size);
  });
  return seen;
}

TEST(dispatch, every_set_gives_the_numbers_of_the_reference_on_any_number_of_threads) {
  const kernel_sets sets = networks::dispatch_tiny::kernel_sets();
  thread_pool alone(1);
  const layers expected = layers_of(program(*find_kernel_set(sets, "reference")), 1, alone);
  for (const kernel_set* set : sets) {
    if (!is_supported(set->name)) {
      std::printf("not run, because this processor lacks it: %s\n", set->name.data());
      continue;
    }
    const program what(*set);
    for (int threads = 1; threads <= 4; ++threads) {
      thread_pool pool(threads);
      const layers found = layers_of(what, threads, pool);
      EXPECT_FALSE(found.back().empty());
      for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_TRUE(found[i].empty() || found[i] == expected[i])
            << set->name << ", " << threads << " threads, operator " << i;
      }
    }
  }
}

TEST(dispatch, says_that_nothing_can_be_chosen) {
  EXPECT_EQ(choose_kernel_set({}).set, nullptr);
  EXPECT_EQ(choose_kernel_set({}).complaint.view(),
            "this processor can run none of the kernel sets that are built in: none");
  const kernel_set foreign{.name = "tensor cores"};
  const kernel_set* const sets[] = {&foreign};
  EXPECT_EQ(choose_kernel_set(sets).set, nullptr);
  EXPECT_EQ(choose_kernel_set(sets, "tensor cores").complaint.view(),
            "expected a kernel set that this processor can run, found tensor cores, whose "
            "instructions it lacks; it can run: none");
}

TEST(dispatch, an_avx512_processor_has_the_sets_below) {
  bool better = false;
  for (const targets::instruction_set& each : instruction_sets()) {
    const bool has = each.supported();
    // AVX-VNNI came after AVX-512 VNNI.
    EXPECT_TRUE(has || !better || each.name == "avx_vnni") << each.name;
    better = better || has;
  }
  EXPECT_TRUE(is_supported("reference"));
  EXPECT_FALSE(is_supported("tensor cores"));
}

} // namespace
