// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"
#include "tiny_program.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>

// Between the call of enqueue and its end nothing of ours asks for memory and nothing blocks. What
// the driver does inside its own functions is its own.

namespace {

thread_local int allocations = 0;

} // namespace

// operator new calls it too.
extern "C" void* __libc_malloc(std::size_t size) noexcept; // NOLINT: glibc's name
extern "C" void* malloc(std::size_t size) noexcept {
  allocations += inlay::test::opencl_calls::inside() ? 0 : 1;
  return __libc_malloc(size);
}

namespace {

using namespace inlay;
using test::opencl_calls;

/// What `work` does: allocations, and the calls that block.
template <class Work>
void expect_neither(const Work& work) {
  opencl_calls::watch();
  const int before = allocations;
  const bool failed = work();
  const int after = allocations;
  EXPECT_FALSE(failed);
  EXPECT_EQ(after - before, 0);
  EXPECT_GT(opencl_calls::seen().size(), 3U);
  for (const opencl_calls::call& each : opencl_calls::seen()) {
    EXPECT_FALSE(each.blocks) << each.name;
  }
}

TEST(hot_path, allocations_and_blocking_calls_are_counted) {
  const int before = allocations;
  const auto memory = std::make_unique<int>(7);
  EXPECT_EQ(*memory, 7);
  EXPECT_GT(allocations, before);
  auto session = test::tiny_session::make(-1, test::no_cache());
  ASSERT_TRUE(session);
  test::tiny_scores scores{};
  opencl_calls::watch();
  ASSERT_FALSE(session->infer(test::image_of(0), scores));
  int blocking = 0;
  for (const opencl_calls::call& each : opencl_calls::seen()) {
    blocking += each.blocks ? 1 : 0;
  }
  EXPECT_EQ(blocking, 1) << "infer waits";
}

TEST(hot_path, neither_allocates_nor_blocks) {
  auto session = test::tiny_session::make(-1, test::no_cache());
  ASSERT_TRUE(session);
  const test::tiny_image image = test::image_of(1);
  test::tiny_scores scores{};
  for (int run = 0; run < 2; ++run) {
    expect_neither([&] { return static_cast<bool>(session->enqueue(image, scores)); });
    ASSERT_FALSE(session->wait());
    EXPECT_EQ(scores, test::expected_of(image));
  }
  for (int run = 0; run < 2; ++run) {
    auto input = session->input();
    ASSERT_TRUE(input);
    std::copy(image.begin(), image.end(), input->data());
    expect_neither([&] { return static_cast<bool>(session->enqueue()); });
    ASSERT_FALSE(session->wait());
    EXPECT_EQ(session->output()[4], scores[4]);
  }
}

} // namespace
