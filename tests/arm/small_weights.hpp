// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../microcontroller_kernels/check.hpp"
#include "steps.hpp"

#include <array>
#include <iterator>

// Convolutions of many inputs whose weights are so small, in parts, that four products at a time
// have 16 bits: uniformly random weights never are.

namespace inlay::test {

inline constexpr step::convolution deep_convolutions[] = {
    {i8, {1, 9, 128}, {1, 9, 12}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, -128, 0, -128, all_i8, true},
    {i8, {1, 7, 120}, {1, 7, 9}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 127, 0, 5, all_i8, true},
    {i8, {1, 1, 336}, {1, 1, 10}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 3, 0, 0, {-60, 70}, false},
    {u8, {1, 6, 96}, {1, 6, 8}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 0, 128, 9, all_u8, false},
    {u8, {1, 5, 104}, {1, 5, 8}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 255, 101, 9, all_u8, false},
};

/// Makes weights of some runs of 16 inputs small, some as large as they may be for that.
template <step::convolution Step>
void make_small(bench& on, numbers& random) {
  constexpr auto step = Step;
  constexpr auto depth = static_cast<std::size_t>(step.in.channels);
  constexpr auto outputs = static_cast<std::size_t>(step.out.channels);
  constexpr std::int32_t greatest = 63; // four times 128 times this is less than 2^15
  std::array<bool, depth / 16 + 1> is_small{};
  const bool all = random.one_in(2);
  for (bool& each : is_small) {
    each = all || !random.one_in(4);
  }
  for (std::size_t i = 0; i < depth * outputs; ++i) {
    if (is_small[i % depth / 16]) {
      const std::int32_t weight = random.one_in(2)   ? random.between(-greatest, greatest)
                                  : random.one_in(2) ? greatest
                                                     : -greatest;
      on.weights[i] = static_cast<unsigned char>(weight + (step.type == element::uint8 ? 128 : 0));
    }
  }
}

template <class Target, step::convolution Step>
bool is_exact_for_small_weights(bench& on, int number) {
  constexpr auto step = Step;
  for (int round = 0; round < 8; ++round) {
    numbers random(static_cast<std::uint64_t>(300000 + 1000 * number + round));
    fill_parameters<Step>(on, random);
    make_small<Step>(on, random);
    random.fill(on.input, static_cast<std::size_t>(step.in.elements()));
    targets::reference::run<Step>({.inputs = {on.input},
                                   .output = on.expected,
                                   .weights = on.layer.weights,
                                   .bias = on.layer.bias,
                                   .multipliers = on.multipliers});
    Target::template pack<Step>(kernels::layers(&on.layer, 1), on.packed);
    Target::template run<Step>({.inputs = {on.input},
                                .output = on.output,
                                .packed = on.packed,
                                .scratch = on.scratch,
                                .units = {0, Target::template units<Step>}});
    for (std::int64_t i = 0; i < step.out.elements(); ++i) {
      if (on.output[i] != on.expected[i]) {
        report(Target::name, number, round, "small weights: element", i);
        return false;
      }
    }
  }
  return true;
}

/// How many of deep_convolutions are wrong.
template <class Target>
int wrong_of_small_weights(bench& on) {
  int wrong = 0;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((wrong +=
      is_exact_for_small_weights<Target, deep_convolutions[I]>(on, static_cast<int>(I)) ? 0 : 1),
     ...);
  }
  (std::make_index_sequence<std::size(deep_convolutions)>{});
  return wrong;
}

} // namespace inlay::test
