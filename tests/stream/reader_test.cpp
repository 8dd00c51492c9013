// SPDX-License-Identifier: Apache-2.0
#include "run_streamed.hpp"

#include <models/streamed_reader.hpp>

namespace {

using namespace inlay;
using reader = tflite::network<models::streamed_reader>;

template <image_source Source>
constexpr std::size_t arena =
    streamed_engine<reader, targets::reference, streamed_options{.image = Source}>::arena_bytes;
static_assert(arena<image_source::caller> <= 15'840);
static_assert(arena<image_source::rows> <= 15'840);
static_assert(arena<image_source::arena> <= 30'720, "with 27,648 bytes of image");

TEST(stream_reader, equals_whole_tensors) {
  test::expect_streams_from_all_sources<reader>(
      test::random_image(reader::input::const_view::size(), 1));
}

} // namespace
