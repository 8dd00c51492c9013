// SPDX-License-Identifier: Apache-2.0
#include "tiny_network.hpp"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

// One workspace for each thread is all that threads need; build with INLAY_SANITIZE=thread to have
// the sanitizer look for shared state.

namespace {

using namespace inlay;
using runner = engine<test::tiny>;

TEST(threads, with_workspaces_of_their_own_do_not_disturb_each_other) {
  constexpr int count = 4;
  std::vector<runner::workspace> memory(count);
  std::vector<int> wrong(count);
  std::vector<std::thread> threads;
  for (int number = 0; number < count; ++number) {
    threads.emplace_back([&, number] {
      std::array<std::uint8_t, 6> image{};
      image.fill(static_cast<std::uint8_t>(128 + 20 * (number % 2)));
      const auto at = static_cast<std::size_t>(number);
      for (int i = 0; i < 2000; ++i) {
        const auto scores = runner::infer(image, memory[at]);
        // Black: the bias alone decides, 7 * 0.5 against 1 * 0.5; white: all for the first class.
        const int expected = number % 2 == 0 ? 244 : 255;
        wrong[at] += scores[0] + 128 == expected ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, std::vector<int>(count));
}

} // namespace
