// SPDX-License-Identifier: Apache-2.0
#include "../support/files.hpp"

#include <models/model_long.hpp>
#include <models/model_short.hpp>

#include <cstdint>
#include <gtest/gtest.h>

namespace {

using other::place::model_short;

static_assert(models::model_long::name == "model_long");
static_assert(models::model_long::labels.empty());
static_assert(model_short::size == 8 && sizeof model_short::data == 9);
static_assert(model_short::data[4] == 'T' && model_short::data[8] == 0);

template <class Model>
void expect_bytes_of(const char* file) {
  const auto bytes = inlay::test::read_file(std::string(FOLDER "/") + file);
  ASSERT_EQ(Model::size, bytes.size());
  EXPECT_EQ(std::vector<unsigned char>(Model::data, Model::data + Model::size), bytes);
  EXPECT_EQ(Model::data[Model::size], 0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(Model::data) % 64, 0U);
}

TEST(ModelHeader, HoldsEveryByteOfAShortFile) {
  expect_bytes_of<model_short>("short.tflite");
}

TEST(ModelHeader, HoldsEveryByteOfALongFile) {
  static_assert(models::model_long::size > 65536 && models::model_long::size % 64 != 0);
  expect_bytes_of<models::model_long>("long.tflite");
}

TEST(ModelHeader, HoldsTheLabelsAsTheyAreWithoutLineEnds) {
  const std::vector<std::string_view> expected = {
      "plain", "a \"quoted\", b", "", "back\\slash \\n", "[semi;colon]", "Müsli \?\?="};
  EXPECT_EQ(std::vector<std::string_view>(model_short::labels.begin(), model_short::labels.end()),
            expected);
}

} // namespace
