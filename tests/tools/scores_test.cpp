// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"
#include "scores.hpp"

#include <gtest/gtest.h>

namespace {

constexpr inlay::quantization q{0.25F, 10};
using image = inlay::input<inlay::shape{8}>;
using ends_in_softmax =
    inlay::network<image, inlay::quantize<inlay::element::int8, q>, inlay::softmax,
                   inlay::quantize<inlay::element::uint8, inlay::quantization{1.0F / 256, 0}>>;
using ends_in_logits = inlay::network<image, inlay::quantize<inlay::element::int8, q>>;

static_assert(app::ends_in_probabilities<ends_in_softmax>());
static_assert(!app::ends_in_probabilities<ends_in_logits>());

TEST(Scores, LogitsBecomeProbabilities) {
  const std::array<std::int8_t, 8> output{10, 10, 10, 10, 10, 10, 10, 14};
  const auto found =
      app::probabilities<ends_in_logits>(ends_in_logits::output<>::const_view(output.data()));
  const double e = 2.718281828459045;
  EXPECT_NEAR(found[7], e / (7 + e), 1e-6);
  EXPECT_NEAR(found[0], 1 / (7 + e), 1e-6);
}

TEST(Scores, ProbabilitiesStayWhatTheyAre) {
  const std::array<std::uint8_t, 8> output{0, 128, 64, 0, 0, 0, 0, 255};
  const auto found =
      app::probabilities<ends_in_softmax>(ends_in_softmax::output<>::const_view(output.data()));
  EXPECT_EQ(found, (std::vector<float>{0, 0.5F, 0.25F, 0, 0, 0, 0, 255.0F / 256}));
}

TEST(Scores, SoftmaxOfLargeLogitsDoesNotOverflow) {
  const auto found = app::softmax({1000, 1000, -1000});
  EXPECT_FLOAT_EQ(found[0], 0.5F);
  EXPECT_EQ(found[2], 0);
}

TEST(Scores, EqualOnesComeInTheirOrder) {
  EXPECT_EQ(app::best_classes({0.1F, 0.4F, 0.1F, 0.4F}, 3), (std::vector<std::size_t>{1, 3, 0}));
  EXPECT_EQ(app::best_classes({0.1F, 0.2F}, 5), (std::vector<std::size_t>{1, 0}));
}

TEST(Latency, IsTheMiddleOfSortedTimes) {
  EXPECT_EQ(app::summarize({9, 1, 4}).median_us, 4);
  EXPECT_EQ(app::summarize({9, 1, 4, 2}).median_us, 3);
  EXPECT_EQ(app::summarize({9, 1, 4, 2}).min_us, 1);
  EXPECT_EQ(app::summarize({9, 1, 4, 2}).runs, 4);
}

} // namespace
