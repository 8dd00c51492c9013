// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"
#include "tiny_program.hpp"

#include <cerrno>
#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>

// Between the call of enqueue and its end nothing of ours asks for memory and nothing blocks. What
// the driver does inside its own functions is its own.

namespace {

thread_local int allocations = 0;

} // namespace

// All ways to glibc's heap; the operators new take them too. NOLINTBEGIN: glibc's names
extern "C" void* __libc_malloc(std::size_t size) noexcept;
extern "C" void* __libc_calloc(std::size_t count, std::size_t size) noexcept;
extern "C" void* __libc_realloc(void* old, std::size_t size) noexcept;
extern "C" void* __libc_memalign(std::size_t alignment, std::size_t size) noexcept;
// NOLINTEND

namespace {

void count_allocation() noexcept {
  allocations += inlay::test::opencl_calls::inside() ? 0 : 1;
}

} // namespace

extern "C" void* malloc(std::size_t size) noexcept {
  count_allocation();
  return __libc_malloc(size);
}
extern "C" void* calloc(std::size_t count, std::size_t size) noexcept {
  count_allocation();
  return __libc_calloc(count, size);
}
extern "C" void* realloc(void* old, std::size_t size) noexcept {
  count_allocation();
  return __libc_realloc(old, size);
}
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  return __libc_memalign(alignment, size);
}
extern "C" int posix_memalign(void** to, std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  *to = __libc_memalign(alignment, size);
  return *to == nullptr ? ENOMEM : 0;
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

/// How often `work`, which returns what it has allocated, allocates.
template <class Work>
int allocations_of(const Work& work) {
  const int before = allocations;
  const auto memory = work();
  EXPECT_NE(memory, nullptr);
  return allocations - before;
}

TEST(hot_path, allocations_are_counted_however_they_are_made) {
  struct alignas(64) line {
    int value = 7;
  };
  using freed = std::unique_ptr<void, decltype(&std::free)>;
  EXPECT_EQ(allocations_of([] { return std::make_unique<int>(7); }), 1);
  EXPECT_EQ(allocations_of([] { return std::make_unique<line>(); }), 1);
  EXPECT_EQ(allocations_of([] { return freed(std::calloc(3, 4), &std::free); }), 1);
  EXPECT_EQ(allocations_of([] { return freed(std::realloc(std::malloc(3), 300), &std::free); }), 2);
  EXPECT_EQ(allocations_of([] { return freed(std::aligned_alloc(64, 64), &std::free); }), 1);
  EXPECT_EQ(allocations_of([] {
              void* memory = nullptr;
              EXPECT_EQ(posix_memalign(&memory, 64, 64), 0);
              return freed(memory, &std::free);
            }),
            1);
}

TEST(hot_path, blocking_calls_are_counted) {
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
