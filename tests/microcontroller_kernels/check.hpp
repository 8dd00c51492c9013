// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/targets/reference.hpp>

#include <cstring>
#include <string_view>

// Kernels of microcontrollers against the reference on random tensors, as a program that needs no
// heap and no test framework, so that the same source runs on a board.

namespace inlay::test {

/// Says what is wrong of a target's kernel for a configuration.
void report(std::string_view target, int configuration, int round, std::string_view what,
            std::int64_t where);

/// The same numbers on every machine (SplitMix64).
class numbers {
public:
  explicit numbers(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
  }
  /// Both ends included.
  std::int32_t between(std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(
                     bits() % (static_cast<std::uint64_t>(std::int64_t{high} - low) + 1));
  }
  bool one_in(std::int32_t count) { return between(1, count) == 1; }

  /// Bytes of which one in four is at an end of the range.
  void fill(unsigned char* out, std::size_t count) {
    static constexpr unsigned char special[] = {0, 127, 128, 255};
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = one_in(4) ? special[between(0, 3)] : static_cast<unsigned char>(bits());
    }
  }

private:
  std::uint64_t state_;
};

/// Room for one convolution's parameters, tensors and scratch memory, with guards around what the
/// kernel writes.
struct bench {
  static constexpr std::size_t most_weights = 36864;
  static constexpr std::size_t most_elements = 16384;
  static constexpr std::size_t most_channels = 96;
  static constexpr std::size_t guard = 16;

  unsigned char weights[most_weights];
  unsigned char bias[most_channels * 4];
  unsigned char scales[most_channels * 4];
  quantized_multiplier multipliers[most_channels];
  unsigned char input[most_elements];
  unsigned char expected[most_elements];
  alignas(16) unsigned char packed[2 * most_weights];
  alignas(16) unsigned char output[most_elements + 2 * guard];
  alignas(16) unsigned char scratch[65536];
  layer_constants layer;
};

template <auto Step>
inline constexpr bool by_channel = requires {
  Step.multiplier;
};

/// Steps that are left to the reference.
constexpr bool is_unusual(const step::convolution&) {
  return false;
}
constexpr bool is_unusual(const step::depthwise_convolution& step) {
  return step.multiplier != 1 || step.window.kernel.width != 3;
}

/// Random parameters: dead channels, multipliers from 2^-30 to above 1, biases of any size.
template <auto Step>
void fill_parameters(bench& on, numbers& random) {
  constexpr auto step = Step;
  constexpr auto taps = static_cast<std::size_t>(step.window.kernel.height) *
                        static_cast<std::size_t>(step.window.kernel.width);
  constexpr auto outputs = static_cast<std::size_t>(step.out.channels);
  constexpr std::size_t depth =
      by_channel<Step> ? taps : taps * static_cast<std::size_t>(step.in.channels);
  static_assert(depth * outputs <= bench::most_weights && outputs <= bench::most_channels);
  random.fill(on.weights, depth * outputs);
  if (random.one_in(2)) { // without the weight -128, which some kernels treat apart
    for (std::size_t i = 0; i < depth * outputs; ++i) {
      on.weights[i] = on.weights[i] == 128 ? 129 : on.weights[i];
    }
  }
  const bool wild = random.one_in(3);
  for (std::size_t c = 0; c < outputs; ++c) {
    // Ratios of scales that make typical sums about as large as a byte, or anything at all.
    float scale = static_cast<float>(random.between(1 << 20, 1 << 21)) /
                  static_cast<float>(std::int64_t{1} << random.between(26, 32));
    std::int32_t bias = random.between(-30000, 30000);
    if (random.one_in(6)) {
      scale = 1e-6F;
      bias = random.one_in(2) ? -324204896 : 324204896;
      for (std::size_t i = 0; i < depth; ++i) {
        on.weights[by_channel<Step> ? i * outputs + c : c * depth + i] =
            static_cast<unsigned char>(step.weights_zero_point);
      }
    } else if (wild && random.one_in(3)) {
      bias = static_cast<std::int32_t>(random.bits());
      scale = random.one_in(2) ? 3.5F : random.one_in(2) ? 0.0F : 0.7F;
    }
    store(on.bias + 4 * c, bias);
    store(on.scales + 4 * c, scale);
  }
  const std::size_t multipliers = step.per_channel ? outputs : 1;
  on.layer = {.weights = {on.weights, depth * outputs},
              .bias = {on.bias, random.one_in(5) ? 0 : outputs * 4},
              .scaling = {.input = 1.0F,
                          .output = 1.0F,
                          .weights = {on.scales, step.per_channel ? outputs * 4 : 0},
                          .weight = load<float>(on.scales)},
              .multiplier_count = multipliers};
  for (std::size_t c = 0; c < multipliers; ++c) {
    on.multipliers[c] = on.layer.scaling.multiplier(c);
  }
}

/// Whether `Target` equals the reference on `Step` for a few random networks of one layer.
template <class Target, auto Step>
bool is_exact(bench& on, int number) {
  constexpr auto step = Step;
  constexpr auto in = static_cast<std::size_t>(step.in.elements());
  constexpr auto out = static_cast<std::size_t>(step.out.elements());
  static_assert(in <= bench::most_elements && out <= bench::most_elements);
  static_assert(Target::template packed_bytes<Step> <= sizeof(on.packed));
  static_assert(Target::template scratch_bytes<Step> <= sizeof(on.scratch) - 2 * bench::guard);
  constexpr bool packs = (Target::template packed_bytes<Step>) != 0;
  static_assert(packs || is_unusual(step), "the kernel is not the one that is meant");
  for (int round = 0; round < 6; ++round) {
    numbers random(static_cast<std::uint64_t>(1000 * number + round));
    fill_parameters<Step>(on, random);
    random.fill(on.input, in);
    targets::reference::run<Step>({.inputs = {on.input},
                                   .output = on.expected,
                                   .weights = on.layer.weights,
                                   .bias = on.layer.bias,
                                   .multipliers = on.multipliers});
    const auto poison = static_cast<unsigned char>(random.bits());
    std::memset(on.output, poison, sizeof(on.output));
    std::memset(on.scratch, poison, sizeof(on.scratch));
    std::memset(on.packed, poison, sizeof(on.packed));
    kernels::arguments given{.inputs = {on.input},
                             .output = on.output + bench::guard,
                             .packed = on.packed,
                             .scratch = on.scratch + bench::guard,
                             .units = {0, Target::template units<Step>}};
    if constexpr (packs) {
      Target::template pack<Step>(kernels::layers(&on.layer, 1), on.packed);
    } else {
      given.weights = on.layer.weights;
      given.bias = on.layer.bias;
      given.multipliers = on.multipliers;
    }
    Target::template run<Step>(given);
    for (std::size_t i = 0; i < out; ++i) {
      if (on.output[bench::guard + i] != on.expected[i]) {
        report(Target::name, number, round, "element", static_cast<std::int64_t>(i));
        return false;
      }
    }
    const auto is_untouched = [poison](const unsigned char* from, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        if (from[i] != poison) {
          return false;
        }
      }
      return true;
    };
    constexpr std::size_t scratch = Target::template scratch_bytes<Step>;
    constexpr std::size_t packed = Target::template packed_bytes<Step>;
    if (!is_untouched(on.output, bench::guard) ||
        !is_untouched(on.output + bench::guard + out, bench::guard) ||
        !is_untouched(on.scratch, bench::guard) ||
        !is_untouched(on.scratch + bench::guard + scratch, bench::guard) ||
        !is_untouched(on.packed + packed, bench::guard)) {
      report(Target::name, number, round, "bytes written beyond the output", 0);
      return false;
    }
  }
  return true;
}

/// Whether `Target` equals the reference on an elementwise step, also in place of its input.
template <class Target, auto Step>
bool is_exact_in_place(bench& on, int number) {
  constexpr auto step = Step;
  constexpr auto count = static_cast<std::size_t>(step.elements);
  static_assert(2 * count <= bench::most_elements && count <= bench::most_weights);
  numbers random(static_cast<std::uint64_t>(number));
  random.fill(on.input, count);
  random.fill(on.weights, count);
  targets::reference::run<Step>({.inputs = {on.input, on.weights}, .output = on.expected});
  for (const bool in_place : {false, true}) {
    unsigned char* const output = in_place ? on.input : on.output + bench::guard;
    const unsigned char behind = in_place ? on.input[count] : 0xAA;
    output[count] = behind;
    Target::template run<Step>({.inputs = {on.input, on.weights}, .output = output});
    for (std::size_t i = 0; i < count; ++i) {
      if (output[i] != on.expected[i]) {
        report(Target::name, number, in_place ? 1 : 0, "element", static_cast<std::int64_t>(i));
        return false;
      }
    }
    if (output[count] != behind) {
      report(Target::name, number, in_place ? 1 : 0, "bytes written beyond the output", 0);
      return false;
    }
  }
  return true;
}

/// Whether `Target` equals the reference on a MEAN of a few random images, and of the largest and
/// the smallest elements.
template <class Target, auto Step>
bool is_exact_mean(bench& on, int number) {
  constexpr auto step = Step;
  constexpr auto in = static_cast<std::size_t>(step.in.elements());
  constexpr auto out = static_cast<std::size_t>(step.in.channels);
  static_assert(in <= bench::most_elements && out <= bench::most_channels);
  for (int round = 0; round < 6; ++round) {
    numbers random(static_cast<std::uint64_t>(1000 * number + round));
    random.fill(on.input, in);
    if (round < 2) {
      const bool is_signed = step.type == element::int8;
      const int value = round == 0 ? (is_signed ? 128 : 0) : (is_signed ? 127 : 255);
      std::memset(on.input, value, in);
    }
    targets::reference::run<Step>({.inputs = {on.input}, .output = on.expected});
    const auto poison = static_cast<unsigned char>(random.bits());
    std::memset(on.output, poison, sizeof(on.output));
    Target::template run<Step>({.inputs = {on.input}, .output = on.output + bench::guard});
    for (std::size_t i = 0; i < out + 2 * bench::guard; ++i) {
      const bool inside = i >= bench::guard && i < bench::guard + out;
      if (on.output[i] != (inside ? on.expected[i - bench::guard] : poison)) {
        report(Target::name, number, round, "element", static_cast<std::int64_t>(i));
        return false;
      }
    }
  }
  return true;
}

/// Checks all of an array's steps; returns how many are wrong.
template <class Target, const auto& Steps>
int wrong_of(bench& on) {
  int wrong = 0;
  const auto check = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    constexpr auto step = Steps[I];
    if constexpr (requires { step.elements; }) {
      return is_exact_in_place<Target, Steps[I]>(on, static_cast<int>(I));
    } else if constexpr (!requires { step.out; }) {
      return is_exact_mean<Target, Steps[I]>(on, static_cast<int>(I));
    } else {
      return is_exact<Target, Steps[I]>(on, static_cast<int>(I));
    }
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((wrong += check(std::integral_constant<std::size_t, I>{}) ? 0 : 1), ...);
  }
  (std::make_index_sequence<std::size(Steps)>{});
  return wrong;
}

} // namespace inlay::test
