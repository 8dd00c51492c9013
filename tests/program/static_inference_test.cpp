// SPDX-License-Identifier: Apache-2.0
#include "tiny_network.hpp"

#include <gtest/gtest.h>

// The compiler runs a whole network, and so does the processor.

namespace {

using namespace inlay;
using namespace inlay::test;

using observed = engine<tiny, targets::reference, engine_options{.keep_every_tensor = true}>;
using deployed = engine<tiny, targets::reference>;

constexpr std::array<int, tiny_layers.size()> layers_of(observed::workspace& memory) {
  std::array<int, tiny_layers.size()> seen{};
  std::size_t next = 0;
  observed::infer(tiny_image, memory, [&](auto, auto view) {
    for (std::size_t i = 0; i < view.size(); ++i) {
      seen[next++] = view[i];
    }
  });
  return seen;
}

constexpr std::array<int, tiny_layers.size()> in_compiler = [] {
  observed::workspace memory{};
  return layers_of(memory);
}();
static_assert(in_compiler == tiny_layers);

constexpr std::array<int, 2> scores_in_compiler = [] {
  deployed::workspace memory{};
  const auto scores = deployed::infer(tiny_image, memory);
  return std::array<int, 2>{scores[0], scores[1]};
}();
static_assert(scores_in_compiler == std::array{127, -128});

TEST(inference, gives_at_run_time_what_the_compiler_computed) {
  observed::workspace memory{};
  EXPECT_EQ(layers_of(memory), tiny_layers);
}

// What can be said of an engine without running it.
static_assert(deployed::arena_bytes == 32, "two tensors of 6 bytes, each aligned to 16");
static_assert(observed::arena_bytes >= deployed::arena_bytes);
static_assert(std::is_trivially_destructible_v<deployed::workspace>);
static_assert(alignof(deployed::workspace) == deployed::alignment);
static_assert(sizeof(deployed::workspace) == deployed::arena_bytes);
static_assert(!std::is_same_v<deployed::workspace, observed::workspace>);

constexpr bool is_noexcept =
    noexcept(deployed::infer(tiny_image, std::declval<deployed::workspace&>()));
static_assert(is_noexcept);
static_assert(noexcept(observed::infer(tiny_image, std::declval<observed::workspace&>(),
                                       [](auto, auto) {})));
using filled = engine<tiny, targets::reference, engine_options{.input = placement::arena}>;
static_assert(noexcept(filled::infer(std::declval<filled::workspace&>())));
static_assert(noexcept(filled::input(std::declval<filled::workspace&>())));

// The ways to hand over an input.
TEST(inference, takes_arrays_spans_and_views) {
  deployed::workspace memory{};
  const std::uint8_t array[6] = {129, 130, 131, 132, 133, 134};
  const auto first = [&](const auto& image) { return deployed::infer(image, memory)[0]; };
  EXPECT_EQ(first(array), 127);
  EXPECT_EQ(first(tiny_image), 127);
  EXPECT_EQ(first(std::span(tiny_image)), 127);
  EXPECT_EQ(first(tiny::input::const_view(tiny_image.data())), 127);
}

} // namespace
