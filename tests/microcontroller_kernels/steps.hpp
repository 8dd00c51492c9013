// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/steps.hpp>

namespace inlay::test {

constexpr element i8 = element::int8;
constexpr element u8 = element::uint8;
constexpr value_range all_i8{-128, 127};
constexpr value_range all_u8{0, 255};

// Members: type, in, out, {kernel, stride, dilation, padding top, left}, zero points of input,
// weights, output, clamp, per channel.
inline constexpr step::convolution convolutions[] = {
    {i8, {3, 7, 24}, {3, 7, 20}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, -1, 0, -128, all_i8, true},
    {i8, {2, 17, 16}, {2, 17, 33}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, -128, 0, 9, all_i8, true},
    {i8, {1, 33, 96}, {1, 33, 10}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 127, 0, -3, {-3, 100}, true},
    {i8, {2, 2, 37}, {2, 2, 19}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, -17, 0, 11, all_i8, false},
    {i8, {4, 1, 64}, {4, 1, 12}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 5, 0, 0, all_i8, false},
    {i8, {5, 1, 3}, {5, 1, 1}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 5, 0, 0, {0, 127}, true},
    {i8, {11, 9, 3}, {6, 5, 8}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, -1, 0, -128, all_i8, true},
    {i8, {8, 12, 3}, {4, 6, 5}, {{3, 3}, {2, 2}, {1, 1}, 0, 0}, 100, 0, -128, {-128, 90}, true},
    {i8, {5, 6, 5}, {5, 6, 4}, {{5, 3}, {1, 1}, {1, 2}, 2, 2}, 3, 0, 1, all_i8, true},
    {i8, {7, 7, 4}, {4, 4, 6}, {{1, 1}, {2, 2}, {1, 1}, 0, 0}, 3, 0, 1, all_i8, true},
    {u8, {3, 6, 40}, {3, 6, 14}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 128, 122, 0, all_u8, false},
    {u8, {2, 5, 18}, {2, 5, 7}, {{1, 1}, {1, 1}, {1, 1}, 0, 0}, 255, 255, 128, {3, 250}, false},
    {u8, {9, 7, 3}, {5, 4, 8}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, 128, 0, 0, all_u8, false},
};

// With the multiplier of channels behind the window.
inline constexpr step::depthwise_convolution depthwise[] = {
    {i8, {7, 7, 8}, {7, 7, 8}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, -128, 0, -128, all_i8, true},
    {i8, {5, 18, 12}, {5, 18, 12}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, 17, 0, 4, {-90, 90}, true},
    {i8, {8, 8, 16}, {4, 4, 16}, {{3, 3}, {2, 2}, {1, 1}, 0, 0}, 1, -5, 0, -128, all_i8, true},
    {i8, {9, 7, 20}, {5, 4, 20}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, 1, 127, 0, 10, all_i8, false},
    {i8, {6, 9, 7}, {4, 7, 7}, {{3, 3}, {1, 1}, {1, 1}, 0, 0}, 1, 0, 0, 0, {0, 127}, true},
    {i8, {3, 1, 33}, {3, 1, 33}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, 9, 0, 0, all_i8, true},
    {i8, {1, 2, 4}, {1, 1, 4}, {{3, 3}, {2, 2}, {1, 1}, 1, 0}, 1, 9, 0, 0, all_i8, true},
    {i8, {9, 6, 4}, {7, 6, 4}, {{3, 3}, {1, 1}, {2, 1}, 1, 1}, 1, -9, 0, 0, all_i8, true},
    {u8, {6, 10, 12}, {6, 10, 12}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, 0, 165, 0, all_u8, false},
    {u8, {8, 9, 6}, {4, 5, 6}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, 1, 128, 255, 200, {9, 220}, false},
    {i8, {5, 5, 3}, {5, 5, 6}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 2, 1, 0, 0, all_i8, true},
    {i8, {6, 6, 4}, {6, 6, 4}, {{5, 5}, {1, 1}, {1, 1}, 2, 2}, 1, 1, 0, 0, all_i8, true},
};

/// Odd counts, to have something behind the last vector.
constexpr step::add sum_of(element type, float first, int first_zero, float second, int second_zero,
                           float out, int out_zero, value_range clamp) {
  const double twice_max = 2.0 * static_cast<double>(first > second ? first : second);
  return {type,
          4097,
          first_zero,
          second_zero,
          quantize_multiplier(static_cast<double>(first) / twice_max),
          quantize_multiplier(static_cast<double>(second) / twice_max),
          out_zero,
          quantize_multiplier(twice_max / ((1 << 20) * static_cast<double>(out))),
          clamp};
}

inline constexpr step::add additions[] = {
    sum_of(i8, 0.0471F, -3, 0.0823F, 5, 0.0902F, -1, all_i8),
    sum_of(i8, 0.0823F, 127, 0.0471F, -128, 0.03F, 127, all_i8),
    sum_of(i8, 1, -128, 1, -128, 1, -128, all_i8),
    sum_of(i8, 1e-6F, 4, 250, -9, 100, 0, {-100, 100}),
    sum_of(i8, 250, 4, 3e-4F, -9, 260, 0, all_i8),
    sum_of(u8, 0.4014F, 136, 0.2755F, 119, 0.4321F, 133, all_u8),
    sum_of(u8, 0.02F, 0, 0.03F, 255, 0.002F, 128, {128, 255}),
};

/// Members: type, in, zero points of input and output, multiplier with the division in it.
inline constexpr step::mean means[] = {
    {i8, {7, 7, 64}, -128, -128, quantize_multiplier(1.3 / 49)},
    {i8, {3, 3, 36}, 17, 4, quantize_multiplier(0.8 / 9)},
    {i8, {1, 255, 12}, -3, 99, quantize_multiplier(1.9 / 255)},
    {i8, {5, 51, 8}, 127, 127, quantize_multiplier(1.0 / 255)},
    {u8, {15, 17, 20}, 0, 0, quantize_multiplier(1.0 / 255)},
    {u8, {4, 2, 44}, 128, 200, quantize_multiplier(1.7 / 8)},
    {i8, {3, 3, 64}, -128, -128, quantize_multiplier(4.6 / 9)},
    {i8, {2, 4, 12}, 11, -7, quantize_multiplier(7.9 / 8)},
};

/// Left to the reference: channels that are no fours, too many pixels, no division.
inline constexpr step::mean unusual_means[] = {
    {i8, {7, 7, 9}, -128, -128, quantize_multiplier(1.3 / 49)},
    {i8, {16, 16, 8}, 17, 4, quantize_multiplier(0.8 / 256)},
    {u8, {1, 1, 16}, 3, 9, quantize_multiplier(1.0)},
};

inline constexpr step::requantize requantizations[] = {
    {u8, i8, 1027, 127, -1, {1 << 30, 1}},
    {i8, u8, 64, -128, 0, {1 << 30, 1}},
    {u8, i8, 77, 128, -1, {1 << 30, 1}},
    {i8, i8, 77, 3, -1, {1518500250, -1}},
};

} // namespace inlay::test
