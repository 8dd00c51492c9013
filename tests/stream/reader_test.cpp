// SPDX-License-Identifier: Apache-2.0
#include "run_streamed.hpp"

#include <inlay/targets/cortex_m.hpp>

#include <models/streamed_reader.hpp>

namespace {

using namespace inlay;
using reader = tflite::network<models::streamed_reader>;

// Kernels of microcontrollers have scratch memory.
template <targets::core Core, image_source Source, int Recomputation = 0>
using on_board = streamed_engine<reader, targets::cortex_m<Core>,
                                 streamed_options{.image = Source, .recomputation = Recomputation}>;
static_assert(on_board<targets::core::m7, image_source::arena>::arena_bytes <= 48 * 1024);

TEST(stream_reader, streams_with_kernels_of_microcontrollers) {
  static_assert(on_board<targets::core::m7, image_source::rows>::arena_bytes <= 20 * 1024);
  const test::bytes image = test::random_image(reader::input::const_view::size(), 2);
  test::expect_same(
      test::run_streamed<reader, image_source::rows, targets::cortex_m<targets::core::m7>>(image,
                                                                                           0x55),
      test::run_whole<reader>(image));
}

TEST(stream_reader, recomputes_rows_for_a_smaller_arena) {
  constexpr auto rows = image_source::rows;
  using m7 = targets::cortex_m<targets::core::m7>;
  static_assert(on_board<targets::core::m7, rows, 5>::arena_bytes <= 14'272);
  static_assert(on_board<targets::core::m7, image_source::arena, 25>::arena_bytes <
                on_board<targets::core::m7, image_source::arena>::arena_bytes);
  const test::bytes image = test::random_image(reader::input::const_view::size(), 3);
  const test::observed expected = test::run_whole<reader>(image);
  test::expect_same_but_recomputed(test::run_streamed<reader, rows, m7, 5>(image, 0x55), expected);
  test::expect_same_but_recomputed(
      test::run_streamed<reader, image_source::arena, m7, 25>(image, 0x55), expected);
}

TEST(stream_reader, equals_whole_tensors) {
  test::expect_streams<reader, image_source::arena, image_source::rows>(
      test::random_image(reader::input::const_view::size(), 1));
}

} // namespace
