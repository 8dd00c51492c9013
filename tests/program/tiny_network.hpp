// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/inlay.hpp>

namespace inlay::test {

// A network small enough to compute by hand. Real values are in parentheses.
//
//   input      2x3 uint8, scale 0.5, zero point 128:  129 130 131 / 132 133 134
//   quantize   int8, scale 0.5, zero point 0:         1 2 3 / 4 5 6        (0.5 ... 3)
//   conv2d     3x3 of ones, SAME: neighborhood sums   12 21 16 twice       (6 10.5 8)
//   conv2d     1x1, weight 2 * 0.25, to scale 0.25
//              and zero point -10:                    2 11 6 twice         (3 5.25 4)
//   add        to scale 0.5, zero point 0:            18 32 24 twice       (9 15.75 12; 31.5 up)
//   mean       to scale 0.5, zero point 0:            148 / 6 = 24.67: 25
//   fully connected, weights 2 and -3, bias 7 and 1:  2 * 25 + 7 = 57, -3 * 25 + 1 = -74
//   softmax    all of it is in the first class:       127 -128
constexpr quantization half{0.5F, 0};

struct ones {
  static constexpr std::array<std::int8_t, 9> weights{1, 1, 1, 1, 1, 1, 1, 1, 1};
  static constexpr std::array<float, 1> scales{1.0F};
};
struct two {
  static constexpr std::array<std::int8_t, 1> weights{2};
  static constexpr std::array<float, 1> scales{0.25F};
  static constexpr std::array<std::int32_t, 1> bias{0};
};
struct classes {
  static constexpr std::array<std::int8_t, 2> weights{2, -3};
  static constexpr std::array<float, 2> scales{1.0F, 1.0F};
  static constexpr std::array<std::int32_t, 2> bias{7, 1};
};

using tiny = network<
    input<shape{2, 3, 1}, element::uint8, quantization{0.5F, 128}>, quantize<element::int8, half>,
    conv2d<conv2d_options{.filters = 1, .kernel = {3, 3}, .quantization = half}, ones>,
    residual<half, conv2d<conv2d_options{.filters = 1, .quantization = {0.25F, -10}}, two>>,
    global_mean<half>,
    fully_connected<fully_connected_options{.outputs = 2, .quantization = half}, classes>, softmax>;

inline constexpr std::array<std::uint8_t, 6> tiny_image{129, 130, 131, 132, 133, 134};

/// The outputs of all operators, one after the other.
inline constexpr std::array<int, 29> tiny_layers{1,  2,  3,   4,   5,   6,  //
                                                 12, 21, 16,  12,  21,  16, //
                                                 2,  11, 6,   2,   11,  6,  //
                                                 18, 32, 24,  18,  32,  24, //
                                                 25, 57, -74, 127, -128};

} // namespace inlay::test
