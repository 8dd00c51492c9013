// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"
#include "picture.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace {

app::picture filled(std::size_t height, std::size_t width, std::uint8_t value) {
  app::picture made({height, width, 3});
  made.fill(value);
  return made;
}

TEST(Resize, KeepsAPictureOfTheRightSize) {
  app::picture noise({7, 5, 3});
  std::uint8_t next = 0;
  for (auto& value : noise) {
    value = next = static_cast<std::uint8_t>(next * 7 + 13);
  }
  EXPECT_EQ(app::resize(noise, 7, 5), noise);
}

TEST(Resize, KeepsOneColor) {
  for (const auto& [height, width] : {std::pair{1, 1}, {3, 50}, {50, 3}, {97, 131}}) {
    const auto resized = app::resize(
        filled(static_cast<std::size_t>(height), static_cast<std::size_t>(width), 201), 16, 24);
    EXPECT_EQ(resized, filled(16, 24, 201)) << height << "x" << width;
  }
}

TEST(Resize, WeighsAllPixelsWhenItShrinks) {
  // Fine stripes become their mean; without antialiasing they would stay black and white.
  app::picture stripes = filled(8, 160, 0);
  for (std::size_t y = 0; y < 8; ++y) {
    for (std::size_t x = 0; x < 160; x += 2) {
      stripes(y, x, 0) = stripes(y, x, 1) = stripes(y, x, 2) = 200;
    }
  }
  for (const std::uint8_t value : app::resize(stripes, 8, 16)) {
    EXPECT_NEAR(value, 100, 6);
  }
}

TEST(Resize, FollowsARampAndDoesNotMixAxesOrChannels) {
  app::picture ramp({20, 40, 3});
  for (std::size_t y = 0; y < 20; ++y) {
    for (std::size_t x = 0; x < 40; ++x) {
      ramp(y, x, 0) = static_cast<std::uint8_t>(10 * y);
      ramp(y, x, 1) = static_cast<std::uint8_t>(5 * x);
      ramp(y, x, 2) = 9;
    }
  }
  const auto half = app::resize(ramp, 10, 20);
  for (std::size_t y = 1; y < 9; ++y) {
    for (std::size_t x = 1; x < 19; ++x) {
      EXPECT_NEAR(half(y, x, 0), 20.0 * static_cast<double>(y) + 5, 1);
      EXPECT_NEAR(half(y, x, 1), 10.0 * static_cast<double>(x) + 2.5, 1);
      EXPECT_EQ(half(y, x, 2), 9);
    }
  }
}

std::string complaint_about(const std::string& path) {
  try {
    app::read_picture(path, 3);
  } catch (const app::user_error& problem) {
    return problem.what();
  }
  return "no complaint";
}

TEST(ReadPicture, SaysWhatIsWrong) {
  const auto folder = std::filesystem::path(testing::TempDir());
  EXPECT_NE(complaint_about(folder / "no_such.png").find("No such file"), std::string::npos);
  EXPECT_NE(complaint_about(folder).find("is a folder, expected a file"), std::string::npos);
  const std::string text = folder / "text.png";
  std::ofstream(text) << "this is no picture";
  EXPECT_NE(complaint_about(text).find("expected BMP, PNG or JPEG"), std::string::npos);
  std::ofstream(text, std::ios::trunc) << "";
  EXPECT_NE(complaint_about(text).find("expected BMP, PNG or JPEG"), std::string::npos);
}

/// How far the input of a picture is from the one in the reference, which another decoder and
/// resizer made: the mean difference in bytes, or -1 where it is missing.
double distance(const std::string& picture, const std::string& name) {
  const char* shared = std::getenv("INLAY_SHARED");
  const std::filesystem::path root = shared == nullptr ? "" : shared;
  const auto expected_file = root / "golden/tf2_mobilenet_v2_1.0_224_ptq" / name / "input.bin";
  if (!std::filesystem::exists(expected_file)) {
    return -1;
  }
  const auto expected = app::read_tensor(expected_file, std::size_t{224} * 224 * 3, "a picture");
  const auto resized = app::resize(app::read_picture(root / "images" / picture, 3), 224, 224);
  double sum = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    sum += std::abs(static_cast<double>(expected[i]) - static_cast<double>(resized.data()[i]));
  }
  return sum / static_cast<double>(expected.size());
}

TEST(Resize, IsCloseToTheReferencesPictures) {
  for (const auto& [picture, name, most] : {std::tuple{"cat.bmp", "cat", 0.3},
                                            {"grace_hopper.bmp", "grace_hopper", 0.3},
                                            {"parrot.jpg", "parrot", 0.8},
                                            {"hot_dog.jpg", "hot_dog", 0.8}}) {
    const double found = distance(picture, name);
    if (found < 0) {
      GTEST_SKIP() << "INLAY_SHARED names no folder with images/ and golden/";
    }
    EXPECT_LT(found, most) << picture;
  }
}

} // namespace
