// SPDX-License-Identifier: Apache-2.0
#include "run_streamed.hpp"

#include <models/streamed_classifier.hpp>

namespace {

using namespace inlay;
using classifier = tflite::network<models::streamed_classifier>;

template <image_source Source>
constexpr std::size_t arena =
    streamed_engine<classifier, targets::reference, streamed_options{.image = Source}>::arena_bytes;
static_assert(arena<image_source::rows> <= 125'664);
static_assert(arena<image_source::arena> <= 198'912, "with 150,528 bytes of image");

TEST(stream_classifier, equals_whole_tensors) {
  test::expect_streams<classifier, image_source::arena, image_source::rows>(
      test::random_image(classifier::input::const_view::size(), 1));
}

} // namespace
