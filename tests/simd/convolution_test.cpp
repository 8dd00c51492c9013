// SPDX-License-Identifier: Apache-2.0
#include "architecture.hpp"
#include "random_layer.hpp"

// Convolutions of all shapes against the reference kernels.

namespace {

using namespace inlay;
using namespace inlay::test;

constexpr element i8 = element::int8;
constexpr element u8 = element::uint8;
constexpr value_range all_i8{-128, 127};
constexpr value_range all_u8{0, 255};
constexpr step::sliding_window one{{1, 1}, {1, 1}, {1, 1}, 0, 0};

constexpr step::convolution convolutions[] = {
    {i8, {7, 7, 32}, {7, 7, 80}, one, -128, 0, 3, all_i8, true},
    {i8, {5, 9, 24}, {5, 9, 24}, one, 17, 0, -128, {-128, 100}, true},
    {i8, {28, 28, 16}, {28, 28, 16}, one, -3, 0, -5, all_i8, true},
    {i8, {3, 4, 37}, {3, 4, 19}, one, -17, 0, 11, {-50, 60}, true},
    {i8, {7, 7, 96}, {7, 7, 200}, one, 5, 0, -128, all_i8, true},
    {i8, {1, 1, 130}, {1, 1, 101}, one, 5, 0, -7, all_i8, false},
    {i8, {6, 1, 8}, {6, 1, 160}, one, -1, 0, 0, all_i8, true},
    {i8, {1, 1, 3}, {1, 1, 1}, one, -1, 0, 0, all_i8, true},
    {i8, {16, 14, 3}, {8, 7, 32}, {{3, 3}, {2, 2}, {1, 1}, 0, 0}, -1, 0, -128, all_i8, true},
    {i8, {9, 8, 3}, {5, 4, 8}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, 127, 0, -128, all_i8, true},
    {i8, {6, 5, 9}, {6, 5, 10}, {{3, 3}, {1, 1}, {2, 2}, 2, 2}, 9, 0, 1, all_i8, true},
    {i8, {6, 5, 4}, {3, 3, 12}, {{1, 1}, {2, 2}, {1, 1}, 0, 0}, 9, 0, 1, all_i8, true},
    {i8, {4, 4, 3}, {4, 4, 2}, {{3, 3}, {2, 2}, {1, 1}, 3, 2}, -9, 0, 1, all_i8, true},
    {u8, {7, 7, 32}, {7, 7, 24}, one, 128, 122, 0, all_u8, false},
    {u8, {5, 4, 20}, {5, 4, 48}, one, 0, 255, 200, {20, 240}, false},
    {u8, {5, 4, 21}, {5, 4, 9}, one, 255, 0, 200, all_u8, false},
    {u8, {9, 7, 3}, {5, 4, 16}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, 128, 128, 0, all_u8, false},
    {u8, {1, 1, 64}, {1, 1, 33}, one, 7, 201, 58, all_u8, false},
};

constexpr step::depthwise_convolution depthwise[] = {
    {i8, {7, 6, 9}, {7, 6, 9}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, -128, 0, -128, all_i8, true},
    {i8,
     {14, 14, 32},
     {14, 14, 32},
     {{3, 3}, {1, 1}, {1, 1}, 1, 1},
     1,
     -128,
     0,
     -128,
     all_i8,
     true},
    {i8, {8, 8, 40}, {4, 4, 40}, {{3, 3}, {2, 2}, {1, 1}, 0, 0}, 1, 17, 0, -3, {-3, 80}, true},
    {i8, {7, 7, 24}, {4, 4, 24}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, 1, 127, 0, 127, all_i8, true},
    {i8, {7, 9, 16}, {5, 7, 16}, {{3, 3}, {1, 1}, {1, 1}, 0, 0}, 1, 1, 0, 2, all_i8, true},
    {i8, {5, 8, 5}, {3, 4, 5}, {{2, 3}, {2, 2}, {1, 1}, 1, 0}, 1, 1, 0, 2, all_i8, false},
    {i8, {1, 1, 4}, {1, 1, 4}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, 1, 0, 2, all_i8, false},
    {u8, {7, 6, 19}, {7, 6, 19}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, 0, 165, 0, all_u8, false},
    {u8, {8, 7, 16}, {4, 4, 16}, {{3, 3}, {2, 2}, {1, 1}, 0, 1}, 1, 128, 0, 200, {9, 99}, false},
    {u8, {5, 5, 8}, {5, 5, 8}, {{3, 3}, {1, 1}, {1, 1}, 1, 1}, 1, 255, 255, 128, all_u8, false},
    // Tap by tap: large, dilated, uneven, several outputs an input.
    {i8, {9, 9, 40}, {9, 9, 40}, {{5, 5}, {1, 1}, {1, 1}, 2, 2}, 1, -128, 0, -128, all_i8, true},
    {i8, {8, 11, 19}, {8, 11, 19}, {{3, 3}, {1, 1}, {2, 3}, 2, 3}, 1, 5, 0, 3, {-90, 90}, true},
    {i8, {6, 7, 3}, {3, 4, 24}, {{3, 3}, {2, 2}, {1, 1}, 1, 1}, 8, 127, 0, -128, all_i8, true},
    {i8, {4, 5, 6}, {3, 3, 6}, {{2, 7}, {1, 2}, {1, 1}, 0, 3}, 1, -9, 0, 1, all_i8, false},
    {u8, {7, 6, 21}, {7, 3, 21}, {{5, 5}, {1, 2}, {1, 1}, 2, 2}, 1, 128, 77, 0, all_u8, false},
    {u8, {6, 6, 5}, {6, 6, 10}, {{3, 3}, {1, 1}, {2, 2}, 2, 2}, 2, 3, 255, 128, {4, 99}, false},
};

template <const auto& Steps>
struct all_equal_the_reference {
  template <std::size_t I>
  static void check() {
    SCOPED_TRACE("configuration " + std::to_string(I));
    constexpr auto step = Steps[I];
    random_source random(I);
    for (int round = 0; round < 8; ++round) {
      const random_layer layer = layer_of(step, random);
      const bytes input = random.bytes(static_cast<std::size_t>(step.in.elements()));
      const auto size = static_cast<std::size_t>(step.out.elements());
      const bytes expected = reference_output<step>(size, input, {}, &layer);
      const layer_constants constants = layer.constants();
      const bytes found = target_output<target, step>(size, input, {}, {&constants, 1}, round % 2);
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(int{found[i]}, int{expected[i]}) << "element " << i << ", round " << round;
      }
    }
  }
  template <std::size_t... I>
  static void check_all(std::index_sequence<I...>) {
    (check<I * every>(), ...);
  }
};

TEST(simd, convolutions_equal_the_reference) {
  all_equal_the_reference<convolutions>::check_all(
      std::make_index_sequence<(std::size(convolutions) + every - 1) / every>{});
}

TEST(simd, depthwise_convolutions_equal_the_reference) {
  all_equal_the_reference<depthwise>::check_all(
      std::make_index_sequence<(std::size(depthwise) + every - 1) / every>{});
}

} // namespace
