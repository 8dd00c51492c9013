// SPDX-License-Identifier: Apache-2.0
#include "../program/tiny_network.hpp"

#include <inlay/program/thread_pool.hpp>

#include <gtest/gtest.h>

namespace {

using namespace inlay;

TEST(thread_pool, does_each_part_once) {
  for (const int threads : {1, 2, 5}) {
    thread_pool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (int round = 0; round < 300; ++round) {
      const int parts = round % 9;
      std::vector<std::atomic<int>> calls(9);
      pool(parts, [&](int part) noexcept { ++calls[static_cast<std::size_t>(part)]; });
      for (int part = 0; part < 9; ++part) {
        EXPECT_EQ(calls[static_cast<std::size_t>(part)], part < parts ? 1 : 0);
      }
    }
  }
}

TEST(thread_pool, wakes_threads_that_sleep) {
  thread_pool pool(2);
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    // Each part waits for the other one, so two threads must be at work.
    std::atomic<int> there = 0;
    pool(2, [&](int) noexcept {
      ++there;
      while (there < 2) {
        std::this_thread::yield();
      }
    });
    EXPECT_EQ(there, 2);
  }
}

TEST(thread_pool, is_an_executor) {
  using runner = engine<test::tiny, targets::native, engine_options{.threads = 3}>;
  runner::parameters packed;
  runner::prepare(packed);
  runner::workspace memory;
  thread_pool pool(3);
  for (int round = 0; round < 100; ++round) {
    const auto scores = runner::infer_on(pool, test::tiny_image, packed, memory);
    EXPECT_EQ(scores[0], 127);
    EXPECT_EQ(scores[1], -128);
  }
}

} // namespace
