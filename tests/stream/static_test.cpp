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

} // namespace
