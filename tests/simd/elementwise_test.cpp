// SPDX-License-Identifier: Apache-2.0
#include "architecture.hpp"
#include "random_layer.hpp"

// ADD and MEAN against the reference kernels.

namespace {

using namespace inlay;
using namespace inlay::test;

constexpr element i8 = element::int8;
constexpr element u8 = element::uint8;

/// ADD of inputs with these scales, relative to the output's.
constexpr step::add add_of(element type, std::int64_t elements, double first, double second,
                           std::int32_t zero_point, value_range clamp) {
  const double twice_max = 2 * (first > second ? first : second);
  return {.type = type,
          .elements = elements,
          .first_zero_point = zero_point,
          .second_zero_point = type == i8 ? -3 : 131,
          .first_multiplier = quantize_multiplier(first / twice_max),
          .second_multiplier = quantize_multiplier(second / twice_max),
          .output_zero_point = type == i8 ? 4 : 117,
          .output_multiplier = quantize_multiplier(twice_max / (1 << 20)),
          .clamp = clamp};
}

constexpr step::add additions[] = {
    add_of(i8, 65536, 0.71, 0.93, 5, {-128, 127}),  add_of(i8, 65536, 1.2, 0.31, -128, {4, 127}),
    add_of(i8, 65536, 0.011, 0.5, 127, {-128, 90}), add_of(u8, 65536, 0.8, 0.8, 128, {0, 255}),
    add_of(u8, 65536, 0.33, 1.7, 0, {117, 200}),    add_of(i8, 65536, 3.5, 1.7, 0, {-128, 127}),
    add_of(i8, 131, 0.6, 0.7, 0, {-128, 127}),      add_of(u8, 4099, 0.6, 0.7, 3, {0, 255}),
};

template <std::size_t I>
void check_add() {
  SCOPED_TRACE("configuration " + std::to_string(I));
  constexpr step::add step = additions[I];
  const auto size = static_cast<std::size_t>(step.elements);
  bytes first(size);
  bytes second(size);
  for (std::size_t i = 0; i < size; ++i) { // all pairs, where there are enough elements
    first[i] = static_cast<unsigned char>(i);
    second[i] = static_cast<unsigned char>(i / 256 * 37);
  }
  const bytes expected = reference_output<step>(size, first, second);
  for (const bool divided : {false, true}) {
    EXPECT_EQ((target_output<target, step>(size, first, second, {}, divided)), expected);
  }
}

TEST(simd, additions_equal_the_reference_for_all_pairs) {
  []<std::size_t... I>(std::index_sequence<I...>) {
    (check_add<I>(), ...);
  }
  (std::make_index_sequence<std::size(additions)>{});
}

constexpr step::mean means[] = {
    {i8, {7, 7, 160}, -128, -128, {1764575239, -5}}, {i8, {5, 7, 11}, 3, -30, {864840122, -4}},
    {i8, {1, 1, 67}, 17, 4, {1 << 30, 1}},           {u8, {7, 7, 130}, 0, 0, {1402438301, -5}},
    {u8, {3, 3, 6}, 128, 100, {1402438301, 0}},
};

template <std::size_t I>
void check_mean() {
  SCOPED_TRACE("configuration " + std::to_string(I));
  constexpr step::mean step = means[I];
  random_source random(I);
  for (int round = 0; round < 10; ++round) {
    const bytes input = random.bytes(static_cast<std::size_t>(step.in.elements()));
    const auto size = static_cast<std::size_t>(step.in.channels);
    EXPECT_EQ((target_output<target, step>(size, input, {}, {}, false)),
              reference_output<step>(size, input));
  }
}

TEST(simd, means_equal_the_reference) {
  []<std::size_t... I>(std::index_sequence<I...>) {
    (check_mean<I>(), ...);
  }
  (std::make_index_sequence<std::size(means)>{});
}

template <std::int64_t Elements, element From>
void check_flip() {
  constexpr element to = From == i8 ? u8 : i8;
  constexpr step::requantize step{.from = From,
                                  .to = to,
                                  .elements = Elements,
                                  .input_zero_point = From == i8 ? -11 : 117,
                                  .output_zero_point = From == i8 ? 117 : -11,
                                  .multiplier = {1 << 30, 1}};
  static_assert(step::is_flip(step));
  const auto size = static_cast<std::size_t>(Elements);
  random_source random(size);
  const bytes input = random.bytes(size);
  for (const bool divided : {false, true}) {
    EXPECT_EQ((target_output<target, step>(size, input, {}, {}, divided)),
              reference_output<step>(size, input));
  }
}

TEST(simd, quantize_that_moves_zero_points_equals_the_reference) {
  check_flip<1, i8>();
  check_flip<67, u8>();
  check_flip<4096, i8>();
  check_flip<5003, u8>();
}

} // namespace
