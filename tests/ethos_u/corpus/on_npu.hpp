// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../golden/observe.hpp"

#include <inlay/import/tflite.hpp>

namespace inlay::test {

/// How many layers an engine computes: RESHAPEs are none, nor is a PAD that a convolution does.
template <class Engine>
std::size_t computed_layers() {
  std::size_t count = 0;
  for (int i = 0; i < Engine::schedule.step_count; ++i) {
    count += Engine::schedule[i].what.template is<step::alias>() ? 0 : 1;
  }
  return count;
}

/// The checker takes an engine's stream, and all layers are the reference's.
template <class Engine>
void expect_layers(const bytes& image, const observed& expected) {
  SCOPED_TRACE(std::string(Engine::target::name) +
               (Engine::options.cascades ? ", cascaded" : ", whole tensors"));
  EXPECT_EQ(findings<Engine>(false), "");
  for (const unsigned char before : bytes{0x00, 0x55}) {
    const observed found = run_on_npu<Engine>(image, before);
    EXPECT_EQ(found.outputs, expected.outputs);
    EXPECT_EQ(found.layers.size(), computed_layers<Engine>());
    for (const auto& [layer, values] : found.layers) {
      EXPECT_TRUE(values == expected.layers.at(layer)) << "layer " << layer;
    }
  }
}

/// The least arena, in quarters of that of whole tensors, that cascades are found for.
template <class Network, class Target, std::int64_t Whole, int Quarters = 1>
constexpr std::int64_t small_arena() {
  constexpr std::int64_t limit = Whole * Quarters / 4;
  constexpr ethos_u_options options{.cascades = true, .arena_limit = limit};
  if constexpr (Quarters == 4 ||
                detail::ethos_u_schedule<Network, Target, options>::limit_found.ok()) {
    return limit;
  } else {
    return small_arena<Network, Target, Whole, Quarters + 1>();
  }
}

/// Runs a network on an NPU with one core or with two, and compares with the reference.
template <class Network>
void expect_on_npu(const bytes& image) {
  using target =
      std::conditional_t<Network::layers % 2 == 0, targets::ethos_u55<32>, targets::ethos_u65<512>>;
  const observed expected = run_whole<Network>(image);
  using whole = ethos_u_engine<Network, target>;
  expect_layers<whole>(image, expected);
  constexpr ethos_u_options options{
      .cascades = true,
      .arena_limit = small_arena<Network, target, static_cast<std::int64_t>(whole::arena_bytes)>()};
  expect_layers<ethos_u_engine<Network, target, options>>(image, expected);
}

} // namespace inlay::test
