// SPDX-License-Identifier: Apache-2.0
#include "tiny_network.hpp"

#include <models/no_heap.hpp>

#include <cstdlib>
#include <gtest/gtest.h>
#include <new>

// An inference asks for no memory: all ways to ask for some are counted.

namespace {

int allocations = 0;

} // namespace

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INLAY_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INLAY_SANITIZED
#endif

#if defined(__GLIBC__) && !defined(INLAY_SANITIZED)
extern "C" void* __libc_malloc(std::size_t size) noexcept;
extern "C" void* malloc(std::size_t size) noexcept {
  ++allocations;
  return __libc_malloc(size);
}
#endif

// Not inlined, because g++ then takes new and free for a pair that does not match.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) {
    return memory;
  }
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

using namespace inlay;

template <class Network, engine_options Options>
int allocations_of_inference() {
  using runner = engine<Network, targets::native, Options>;
  static constinit typename runner::workspace memory;
  static constinit unsigned char image[Network::input::view::size()] = {};
  int elements = 0;
  const int before = allocations;
  const auto tap = [&](auto, auto view) { elements += static_cast<int>(view.size()); };
  if constexpr (Options.input == placement::arena) {
    runner::infer(memory, tap);
  } else {
    runner::infer(Network::input::const_view::from_bytes(image), memory, tap);
  }
  const int after = allocations;
  EXPECT_GT(elements, 0);
  return after - before;
}

TEST(heap, is_counted) {
  const int before = allocations;
  const auto memory = std::make_unique<int>(7);
  EXPECT_EQ(*memory, 7);
  EXPECT_GT(allocations, before);
}

TEST(heap, is_not_used_by_an_inference) {
  using imported = tflite::network<models::no_heap>;
  EXPECT_EQ((allocations_of_inference<test::tiny, engine_options{}>()), 0);
  EXPECT_EQ((allocations_of_inference<imported, engine_options{}>()), 0);
  EXPECT_EQ((allocations_of_inference<imported, engine_options{.keep_every_tensor = true}>()), 0);
  EXPECT_EQ((allocations_of_inference<imported, engine_options{.input = placement::arena}>()), 0);
}

} // namespace
