// SPDX-License-Identifier: Apache-2.0
#include "run_streamed.hpp"

#include <inlay/targets/cortex_m.hpp>

#include <models/streamed_classifier.hpp>

namespace {

using namespace inlay;
using classifier = tflite::network<models::streamed_classifier>;
using board = targets::cortex_m<targets::core::m7>;

TEST(stream_classifier, fits_into_a_microcontroller_and_equals_whole_tensors) {
  static_assert(streamed_engine<classifier, board,
                                streamed_options{.image = image_source::arena}>::arena_bytes <=
                    288 * 1024,
                "with 147 KiB of image");
  using streamed =
      streamed_engine<classifier, board, streamed_options{.image = image_source::rows}>;
  static_assert(streamed::arena_bytes <= 144 * 1024);
  static_assert(streamed_engine<classifier, board,
                                streamed_options{.image = image_source::rows,
                                                 .recomputation = 6}>::arena_bytes <= 89'808);
  const test::bytes image = test::random_image(classifier::input::const_view::size(), 1);
  test::expect_same(test::run_streamed<classifier, image_source::rows, board>(image, 0x55),
                    test::run_whole<classifier>(image));
}

} // namespace
