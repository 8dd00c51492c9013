// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../microcontroller_kernels/check.hpp"
#include "steps.hpp"

#include <array>

// Fused blocks, sums and means against the reference's steps one by one.

namespace inlay::test {

constexpr quantized_multiplier half{1 << 30, 0};

inline constexpr step::inverted_residual blocks[] = {
    {.expands = true,
     .expansion = {i8, {6, 9, 8}, {6, 9, 24}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, -3, 0, -128, all_i8},
     .depthwise =
         {i8, {6, 9, 24}, {6, 9, 24}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, -128, 0, -128, all_i8},
     .projection = {i8, {6, 9, 24}, {6, 9, 8}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, -128, 0, 5, all_i8},
     .adds = true,
     .sum = {i8, 6 * 9 * 8, 5, -3, half, {1500000000, -1}, 4, {1900000000, -19}, all_i8}},
    {.expands = true,
     .expansion = {i8, {9, 8, 3}, {5, 4, 16}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, -1, 0, -128, all_i8},
     .depthwise =
         {i8, {5, 4, 16}, {5, 4, 16}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, -128, 0, -128, all_i8},
     .projection =
         {i8, {5, 4, 16}, {5, 4, 12}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, -128, 0, 5, all_i8}},
    {.depthwise =
         {i8, {7, 8, 32}, {4, 4, 32}, {{3, 3}, {2, 2}, {1, 1}, 1, 0}, 1, 7, 0, -100, {-100, 90}},
     .projection =
         {i8, {4, 4, 32}, {4, 4, 16}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, -100, 0, 5, all_i8}},
    {.expands = true,
     .expansion =
         {u8, {5, 7, 16}, {5, 7, 40}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 120, 99, 0, all_u8, false},
     .depthwise =
         {u8, {5, 7, 40}, {5, 7, 40}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, 0, 140, 0, all_u8, false},
     .projection =
         {u8, {5, 7, 40}, {5, 7, 16}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 0, 77, 130, all_u8, false},
     .adds = true,
     .sum = {u8, 5 * 7 * 16, 130, 120, {1400000000, -1}, half, 125, {1200000000, -18}, {3, 250}}},
};

/// Room for one block.
struct block_bench {
  std::array<bench, 3> layers;
  unsigned char input[bench::most_elements];
  unsigned char between[4][bench::most_elements];
  alignas(64) unsigned char packed[4 * bench::most_weights];
  alignas(64) unsigned char output[bench::most_elements];
  alignas(64) unsigned char scratch[262144];
};

/// Runs a convolution of a block by the reference, with random parameters.
template <auto Step>
void run_layer(bench& on, numbers& random, const unsigned char* input, unsigned char* output) {
  fill_parameters<Step>(on, random);
  targets::reference::run<Step>({.inputs = {input},
                                 .output = output,
                                 .weights = on.layer.weights,
                                 .bias = on.layer.bias,
                                 .multipliers = on.multipliers});
}

/// Runs units of a step in two parts, the second one first.
template <class Target, auto Step>
void run_in_parts(kernels::arguments given) {
  constexpr std::int32_t units = Target::template units<Step>;
  given.units = {units / 3, units};
  Target::template run<Step>(given);
  given.units = {0, units / 3};
  Target::template run<Step>(given);
}

template <class Target, step::inverted_residual Step>
bool is_block_exact(block_bench& on, int number) {
  constexpr auto block = Step;
  static_assert(Target::lowering.fuses(block));
  static_assert(Target::template packed_bytes<Step> <= sizeof(on.packed));
  static_assert(Target::template scratch_bytes<Step> <= sizeof(on.scratch));
  constexpr std::int64_t elements = block.projection.out.elements();
  for (int round = 0; round < 6; ++round) {
    numbers random(static_cast<std::uint64_t>(100000 + 1000 * number + round));
    random.fill(on.input, sizeof on.input);
    const unsigned char* last = on.input;
    std::array<layer_constants, 3> constants{};
    std::size_t layers = 0;
    if constexpr (block.expands) {
      run_layer<block.expansion>(on.layers[layers], random, last, on.between[0]);
      constants[layers] = on.layers[layers].layer;
      ++layers;
      last = on.between[0];
    }
    run_layer<block.depthwise>(on.layers[layers], random, last, on.between[1]);
    constants[layers] = on.layers[layers].layer;
    ++layers;
    run_layer<block.projection>(on.layers[layers], random, on.between[1], on.between[2]);
    constants[layers] = on.layers[layers].layer;
    ++layers;
    last = on.between[2];
    if constexpr (block.adds) {
      targets::reference::run<block.sum>(
          {.inputs = {on.between[2], on.input}, .output = on.between[3]});
      last = on.between[3];
    }
    Target::template pack<Step>(kernels::layers(constants.data(), layers), on.packed);
    std::memset(on.scratch, 0xAA, sizeof on.scratch);
    run_in_parts<Target, Step>(
        {.inputs = {on.input}, .output = on.output, .packed = on.packed, .scratch = on.scratch});
    for (std::int64_t i = 0; i < elements; ++i) {
      if (on.output[i] != last[i]) {
        report(Target::name, number, round, "block: element", i);
        return false;
      }
    }
  }
  return true;
}

inline constexpr step::add sums[] = {
    {i8, 1000, 5, -3, half, {1500000000, -1}, 4, {1900000000, -19}, all_i8},
    {i8, 5000, -128, 127, {1100000000, 0}, half, -128, {1300000000, -18}, {-128, 100}},
    {u8, 77, 128, 200, half, {1073741824, -5}, 3, {2000000000, -20}, all_u8},
};
inline constexpr step::mean dense_means[] = {
    {i8, {7, 7, 40}, -128, -100, {1500000000, -5}},
    {u8, {3, 5, 16}, 3, 100, {1200000000, -3}},
};

/// ADD and MEAN, which have no constants.
template <class Target, auto Step>
bool is_plain_exact(block_bench& on, int number, std::int64_t elements) {
  numbers random(static_cast<std::uint64_t>(200000 + number));
  random.fill(on.input, sizeof on.input);
  random.fill(on.between[0], sizeof on.between[0]);
  const kernels::arguments given{.inputs = {on.input, on.between[0]}, .output = on.between[1]};
  targets::reference::run<Step>(given);
  kernels::arguments own = given;
  own.output = on.output;
  run_in_parts<Target, Step>(own);
  for (std::int64_t i = 0; i < elements; ++i) {
    if (on.output[i] != on.between[1][i]) {
      report(Target::name, number, 0, "sum or mean: element", i);
      return false;
    }
  }
  return true;
}

/// How many blocks, sums and means are wrong.
template <class Target>
int wrong_blocks(block_bench& on) {
  int wrong = 0;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((wrong += is_block_exact<Target, blocks[I]>(on, static_cast<int>(I)) ? 0 : 1), ...);
  }
  (std::make_index_sequence<std::size(blocks)>{});
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((wrong += is_plain_exact<Target, sums[I]>(on, static_cast<int>(I), sums[I].elements) ? 0 : 1),
     ...);
  }
  (std::make_index_sequence<std::size(sums)>{});
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((wrong +=
      is_plain_exact<Target, dense_means[I]>(on, static_cast<int>(I), dense_means[I].in.channels)
          ? 0
          : 1),
     ...);
  }
  (std::make_index_sequence<std::size(dense_means)>{});
  return wrong;
}

} // namespace inlay::test
