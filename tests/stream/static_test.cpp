// SPDX-License-Identifier: Apache-2.0
#include "../program/tiny_network.hpp"
#include "run_streamed.hpp"

namespace {

using namespace inlay;
using test::tiny;

/// Both classes, in the compiler.
constexpr std::array<int, 2> streamed_in_the_compiler() {
  using streamed =
      streamed_engine<tiny, targets::reference, streamed_options{.image = image_source::rows}>;
  typename streamed::workspace memory{};
  const auto camera = [](auto row, int y) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      row.set(i, test::tiny_image[static_cast<std::size_t>(y) * row.size() + i]);
    }
  };
  const auto scores = streamed::infer(camera, memory);
  return {scores[0], scores[1]};
}
static_assert(streamed_in_the_compiler() == std::array<int, 2>{127, -128});

TEST(stream, equals_whole_tensors) {
  test::expect_streams_from_all_sources<tiny>({test::tiny_image.begin(), test::tiny_image.end()});
}

/// `Filters` filters of `Taps` weights, no two alike.
template <std::size_t Filters, std::size_t Taps>
struct parameters {
  static constexpr std::array<std::int8_t, Filters* Taps> weights = [] {
    std::array<std::int8_t, Filters * Taps> made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i] = static_cast<std::int8_t>(static_cast<int>(i * 37 % 200) - 100);
    }
    return made;
  }();
  static constexpr std::array<float, Filters> scales = [] {
    std::array<float, Filters> made{};
    made.fill(0.01F);
    return made;
  }();
};

// Rows of 15 bytes lie 16 apart, and a convolution makes its only row of all of them.
using one_row = network<
    input<shape{3, 3, 3}, element::int8, quantization{0.1F, 0}>,
    conv2d<conv2d_options{.filters = 5, .kernel = {3, 3}, .quantization = {0.1F, 0}},
           parameters<5, 27>>,
    conv2d<
        conv2d_options{
            .filters = 2, .kernel = {3, 3}, .padding = padding::valid, .quantization = {0.1F, 0}},
        parameters<2, 45>>>;

TEST(stream, reads_rows_that_lie_apart_for_a_single_row) {
  test::expect_streams_from_all_sources<one_row>(test::random_image(27, 1));
}

} // namespace
