// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/random.hpp"

#include <inlay/kernels/arguments.hpp>
#include <inlay/kernels/reference/add.hpp>
#include <inlay/targets/reference.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <vector>

namespace inlay::test {

using bytes = std::vector<unsigned char>;

/// The constants of a convolution, and where they are kept.
struct random_layer {
  bytes weights;
  std::vector<std::int32_t> bias;
  std::vector<float> scales;
  std::vector<quantized_multiplier> multipliers;

  [[nodiscard]] layer_constants constants() const {
    layer_constants made;
    made.weights = {weights.data(), weights.size()};
    made.bias = view(bias);
    made.scaling = {.input = 1, .output = 1, .weights = view(scales)};
    made.multiplier_count = multipliers.size();
    return made;
  }

private:
  template <class T>
  static constant view(const std::vector<T>& values) {
    return {reinterpret_cast<const unsigned char*>(values.data()), values.size() * sizeof(T)};
  }
};

template <class Step>
constexpr bool is_depthwise = requires(Step step) {
  step.multiplier;
};

/// Random constants: usual channels, dead ones (no weights, a tiny scale, a huge bias), ones that
/// always clamp, and extreme weights.
template <class Step>
random_layer layer_of(const Step& step, random_source& random) {
  const bool depthwise = is_depthwise<Step>;
  const auto outputs = static_cast<std::size_t>(step.out.channels);
  const auto taps = static_cast<std::size_t>(step.window.kernel.height) *
                    static_cast<std::size_t>(step.window.kernel.width);
  const std::size_t depth = depthwise ? taps : taps * static_cast<std::size_t>(step.in.channels);
  random_layer made{random.bytes(depth * outputs), {}, {}, {}};
  const bool extreme = random.one_in(4);
  const bool has_bias = !random.one_in(4);
  for (std::size_t channel = 0; channel < outputs; ++channel) {
    const auto set_weights = [&](auto&& value) {
      for (std::size_t i = 0; i < depth; ++i) {
        made.weights[depthwise ? i * outputs + channel : channel * depth + i] =
            static_cast<unsigned char>(value());
      }
    };
    // Sums of random weights and inputs grow with the root of the depth: outputs of all sizes.
    double scale = random.real(0.2, 3) / (60.0 * 60.0 * std::sqrt(static_cast<double>(depth))) * 60;
    std::int64_t bias = random.between(-20000, 20000);
    if (extreme) {
      set_weights([&] { return random.one_in(2) ? 0x80 : 0x7F; });
    }
    if (random.one_in(8)) {
      set_weights([&] { return step.weights_zero_point; });
      scale = 1.0 / (1 << 21) / random.real(0.5, 1);
      bias = random.one_in(2) ? -324204896 : 324204896;
    } else if (random.one_in(12)) {
      scale = random.real(0.5, 40);
    } else if (random.one_in(24)) {
      bias = random.any_int32();
      scale = random.one_in(2) ? 0.0 : scale;
    }
    if (has_bias) {
      made.bias.push_back(static_cast<std::int32_t>(bias));
    }
    if (step.per_channel || channel == 0) {
      made.scales.push_back(static_cast<float>(scale));
    }
  }
  const layer_constants constants = made.constants();
  for (std::size_t i = 0; i < made.scales.size(); ++i) {
    made.multipliers.push_back(constants.scaling.multiplier(i));
  }
  return made;
}

/// Memory that begins at a multiple of 64 and notices what is written beyond its end.
class guarded {
public:
  explicit guarded(std::size_t size) : size_(size), memory_(size + 2 * guard + 64, poison) {}

  unsigned char* data() {
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.data()) + guard;
    return memory_.data() + guard + (64 - address % 64) % 64;
  }
  bytes values() { return {data(), data() + size_}; }
  bool is_intact() {
    const unsigned char* const first = memory_.data();
    const unsigned char* const last = first + memory_.size();
    return std::all_of(first, static_cast<const unsigned char*>(data()),
                       [](unsigned char byte) { return byte == poison; }) &&
           std::all_of(static_cast<const unsigned char*>(data()) + size_, last,
                       [](unsigned char byte) { return byte == poison; });
  }

private:
  static constexpr std::size_t guard = 64;
  static constexpr unsigned char poison = 0xA5;
  std::size_t size_;
  bytes memory_;
};

/// The reference's output of a step with one convolution, or of an ADD.
template <auto Step>
bytes reference_output(std::size_t size, const bytes& first, const bytes& second = {},
                       const random_layer* layer = nullptr) {
  bytes output(size);
  kernels::arguments given{.inputs = {first.data(), second.data()}, .output = output.data()};
  if (layer != nullptr) {
    given.weights = layer->constants().weights;
    given.bias = layer->constants().bias;
    given.multipliers = layer->multipliers.data();
  }
  targets::reference::run<Step>(given);
  return output;
}

/// A target's output of a step, whole or divided into two parts.
template <class Target, auto Step>
bytes target_output(std::size_t size, const bytes& first, const bytes& second,
                    kernels::layers layers, bool divided) {
  guarded packed(Target::template packed_bytes<Step>);
  guarded scratch(Target::template scratch_bytes<Step>);
  guarded output(size);
  // Right behind the input is memory that must not be read; a sanitizer would notice.
  Target::template pack<Step>(layers, packed.data());
  EXPECT_TRUE(packed.is_intact()) << "packing wrote beyond its memory";
  constexpr std::int32_t units = Target::template units<Step>;
  const std::int32_t middle = divided ? units / 2 : 0;
  for (const kernels::part units_of_part :
       {kernels::part{middle, units}, kernels::part{0, middle}}) {
    if (units_of_part.first < units_of_part.last) {
      std::memset(scratch.data(), divided ? 0x11 : 0xEE, Target::template scratch_bytes<Step>);
      Target::template run<Step>({.inputs = {first.data(), second.data()},
                                  .output = output.data(),
                                  .packed = packed.data(),
                                  .scratch = scratch.data(),
                                  .units = units_of_part});
    }
  }
  EXPECT_TRUE(output.is_intact()) << "the kernel wrote beyond the output";
  EXPECT_TRUE(scratch.is_intact()) << "the kernel wrote beyond its scratch memory";
  return output.values();
}

} // namespace inlay::test
