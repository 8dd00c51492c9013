// SPDX-License-Identifier: Apache-2.0
#include "../../support/random.hpp"
#include "stream_reader.hpp"

#include <inlay/kernels/ethos_u/compressed_weights.hpp>

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace {

using weights = std::vector<std::int32_t>;

std::size_t uncompressed(std::size_t count, std::size_t bits) {
  return (36 * (1 + count / 32767) + count * bits + 3 + 127) / 128 * 16;
}

/// Compresses and reads back.
/// @return the stream's bytes
std::size_t round_trip(const weights& given) {
  const std::vector<unsigned char> stream = inlay::ethos_u::compress(given);
  EXPECT_EQ(inlay::test::stream_reader(stream).read(), given);
  EXPECT_LE(stream.size(), uncompressed(given.size(), 9));
  return stream.size();
}

/// Weights as networks have them: about normally distributed around 0.
weights bell(inlay::test::random_source& random, std::size_t count, double deviation) {
  weights made;
  for (std::size_t i = 0; i < count; ++i) {
    double sum = 0;
    for (int j = 0; j < 6; ++j) {
      sum += random.real(-1, 1);
    }
    made.push_back(
        std::clamp(static_cast<int>(std::lround(sum / std::sqrt(2) * deviation)), -127, 127));
  }
  return made;
}

void append(weights& to, const weights& more) {
  to.insert(to.end(), more.begin(), more.end());
}

TEST(CompressedWeights, NothingTakesNothing) {
  EXPECT_TRUE(inlay::ethos_u::compress({}).empty());
}

TEST(CompressedWeights, ExtremesAreReadBack) {
  for (const std::size_t count : {1U, 2U, 7U, 8U, 9U, 12U, 13U, 64U, 100U, 1000U}) {
    for (const std::int32_t value : {0, 1, -1, 127, -128, 255, -255}) {
      SCOPED_TRACE(std::to_string(count) + " times " + std::to_string(value));
      round_trip(weights(count, value));
    }
  }
  weights all;
  for (std::int32_t value = -255; value <= 255; ++value) {
    all.push_back(value);
  }
  round_trip(all);
}

TEST(CompressedWeights, StreamsOfMoreThanASliceAreReadBack) {
  inlay::test::random_source random(6);
  EXPECT_LT(round_trip(weights(70000, 0)), 2000U);
  EXPECT_LT(round_trip(weights(70000, 1)), 9000U);
  weights sparse(100000, 0);
  for (std::size_t i = 0; i < sparse.size(); i += 3) {
    sparse[i] = static_cast<std::int32_t>(random.between(-127, 127));
  }
  EXPECT_LT(round_trip(sparse), 50000U);
}

TEST(CompressedWeights, RandomMixturesAreReadBack) {
  inlay::test::random_source random(7);
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    weights given;
    for (auto parts = random.between(1, 4); parts > 0; --parts) {
      const auto most = random.between(1, 255);
      const auto zeros = random.between(0, 8);
      for (auto left = random.between(1, 300); left > 0; --left) {
        given.push_back(random.between(0, 7) < zeros
                            ? 0
                            : static_cast<std::int32_t>(random.between(-most, most)));
      }
    }
    round_trip(given);
  }
}

// Legacy models have weights in [0, 255] with a zero point.
TEST(CompressedWeights, BytesWithAZeroPointAreReadBack) {
  inlay::test::random_source random(8);
  for (const std::int32_t zero_point : {0, 1, 127, 255}) {
    weights given;
    for (const unsigned char byte : random.bytes(5000)) {
      given.push_back(byte - zero_point);
    }
    round_trip(given);
  }
}

TEST(CompressedWeights, FewDifferentWeightsTakeFewBits) {
  inlay::test::random_source random(9);
  weights given;
  for (int i = 0; i < 8000; ++i) {
    given.push_back(static_cast<std::int32_t>(random.between(0, 3)) * 40 - 60);
  }
  EXPECT_LE(round_trip(given), 8000U * 2 / 8 + 32);
}

TEST(CompressedWeights, SlicesAreCutWhereTheDistributionChanges) {
  inlay::test::random_source random(10);
  const weights narrow = bell(random, 4000, 2);
  const weights wide = bell(random, 4000, 40);
  weights both = narrow;
  append(both, weights(640, 0));
  append(both, wide);
  const std::vector<unsigned char> stream = inlay::ethos_u::compress(both);
  inlay::test::stream_reader reader(stream);
  EXPECT_EQ(reader.read(), both);
  EXPECT_GE(reader.slices(), 3);
  EXPECT_LT(stream.size(),
            inlay::ethos_u::compress(narrow).size() + inlay::ethos_u::compress(wide).size() + 48);
}

// Entropy of this distribution: 7.28 bits; Golomb-Rice coding comes within 0.15 bits.
TEST(CompressedWeights, BellShapedWeightsComeNearTheirEntropy) {
  inlay::test::random_source random(11);
  const weights given = bell(random, 40000, 30);
  std::vector<double> counts(256);
  for (const std::int32_t each : given) {
    ++counts[static_cast<std::size_t>(each + 128)];
  }
  double entropy = 0;
  for (const double count : counts) {
    entropy -= count == 0 ? 0 : count * std::log2(count / 40000);
  }
  EXPECT_LT(static_cast<double>(round_trip(given)) * 8, entropy + 0.15 * 40000);
}

} // namespace
