// SPDX-License-Identifier: Apache-2.0
#include "run_streamed.hpp"

#include <inlay/plan/stream.hpp>
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

/// The arena that is planned at run time, as inlay-inspect does it.
template <image_source Source, int Recomputation>
std::int64_t arena_planned_at_run_time() {
  using engine = on_board<targets::core::m7, Source, Recomputation>;
  const auto scratch_bytes_of = [](const step::any& what) {
    return static_cast<std::int64_t>(engine::target::scratch_bytes_of(what));
  };
  std::vector<std::int64_t> scratch;
  for (int i = 0; i < engine::schedule.step_count; ++i) {
    scratch.push_back(round_up(scratch_bytes_of(engine::schedule[i].what), engine::alignment));
  }
  const auto plan = std::make_unique<stream_plan<reader::graph.capacity>>();
  plan_stream(reader::graph, engine::schedule, Source, engine::alignment, *plan, scratch,
              {Recomputation, scratch_bytes_of});
  return plan->rows.arena_bytes;
}

TEST(stream_reader, plans_at_run_time_are_those_of_the_compiler) {
  const auto arena_of = []<image_source Source, int Recomputation>() {
    return static_cast<std::int64_t>(
        on_board<targets::core::m7, Source, Recomputation>::arena_bytes);
  };
  constexpr auto rows = image_source::rows;
  constexpr auto arena = image_source::arena;
  EXPECT_EQ((arena_planned_at_run_time<rows, 0>()), (arena_of.operator()<rows, 0>()));
  EXPECT_EQ((arena_planned_at_run_time<rows, 5>()), (arena_of.operator()<rows, 5>()));
  EXPECT_EQ((arena_planned_at_run_time<arena, 0>()), (arena_of.operator()<arena, 0>()));
  EXPECT_EQ((arena_planned_at_run_time<arena, 25>()), (arena_of.operator()<arena, 25>()));
}

TEST(stream_reader, equals_whole_tensors) {
  test::expect_streams<reader, image_source::arena, image_source::rows>(
      test::random_image(reader::input::const_view::size(), 1));
}

} // namespace
