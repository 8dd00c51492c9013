// SPDX-License-Identifier: Apache-2.0
#include <inlay/tensor/view.hpp>

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>
#include <vector>

namespace {

using inlay::shape;
using image = inlay::tensor_view<std::int8_t, shape{2, 3, 4}>;
using const_image = inlay::tensor_view<const std::int8_t, shape{2, 3, 4}>;

static_assert(image::size() == 24 && image::shape == shape{2, 3, 4});
static_assert(std::is_trivially_copyable_v<image> && sizeof(image) == sizeof(void*));
static_assert(std::is_convertible_v<image, const_image> &&
              !std::is_convertible_v<const_image, image>);
static_assert(!std::is_convertible_v<image, inlay::tensor_view<const std::int8_t, shape{3, 2, 4}>>,
              "as many elements in another shape are another tensor");
static_assert(!std::is_convertible_v<std::int8_t*, image>, "a bare pointer says nothing");

template <class T>
constexpr bool round_trips(T value) {
  std::array<unsigned char, sizeof(T) + 1> bytes{};
  inlay::store(bytes.data() + 1, value);
  return inlay::load<T>(bytes.data() + 1) == value;
}
static_assert(round_trips<std::int8_t>(-128) && round_trips<std::uint8_t>(255));
static_assert(round_trips<std::int16_t>(-32768) && round_trips<std::int32_t>(INT32_MIN));
static_assert(round_trips<std::int64_t>(0x0123456789ABCDEF) && round_trips(-0.1F));
static_assert(round_trips(1.0 / 3));

TEST(bytes, are_read_alike_in_the_compiler_and_at_run_time) {
  static constexpr unsigned char bytes[] = {0xFF, 0x80, 0x01, 0xFE, 0x7F, 0x40, 0xC3, 0x3F, 0x99};
  static constexpr auto in_compiler = [](auto type) {
    return inlay::load<decltype(type)>(bytes + 1);
  };
  std::int32_t word = 0;
  std::memcpy(&word, bytes + 1, 4);
  constexpr auto constant_word = in_compiler(std::int32_t{});
  EXPECT_EQ(constant_word, word);
  EXPECT_EQ(inlay::load<std::int32_t>(bytes + 1), word);
  std::uint64_t long_word = 0;
  std::memcpy(&long_word, bytes + 1, 8);
  constexpr auto constant_long_word = in_compiler(std::uint64_t{});
  EXPECT_EQ(constant_long_word, long_word);
  float real = 0;
  std::memcpy(&real, bytes + 3, 4);
  constexpr auto constant_real = inlay::load<float>(bytes + 3);
  EXPECT_EQ(constant_real, real);
  EXPECT_EQ((inlay::constant{bytes, sizeof bytes}.at<std::int16_t>(2)), 0x407F);
}

TEST(view, counts_elements_row_by_row) {
  std::vector<std::int8_t> values(24);
  std::iota(values.begin(), values.end(), std::int8_t{-12});
  const image view(values.data());
  for (std::size_t y = 0; y < 2; ++y) {
    for (std::size_t x = 0; x < 3; ++x) {
      for (std::size_t c = 0; c < 4; ++c) {
        EXPECT_EQ(view(y, x, c), static_cast<int>((y * 3 + x) * 4 + c) - 12);
      }
    }
  }
  view.set(5, 99);
  EXPECT_EQ(values[5], 99);
  const const_image read_only = view;
  EXPECT_TRUE(std::equal(read_only.begin(), read_only.end(), values.begin(), values.end()));
  EXPECT_EQ(read_only.span().size(), 24U);
}

TEST(view, reads_floats_at_any_address) {
  std::vector<unsigned char> memory(4 * 3 + 1);
  const auto view = inlay::tensor_view<float, shape{3}>::from_bytes(memory.data() + 1);
  view.set(2, -0.25F);
  EXPECT_EQ(view[2], -0.25F);
  EXPECT_EQ(memory[12], 0xBE);
}

constexpr int sum_in_compiler() {
  unsigned char values[4] = {200, 100, 0, 1};
  const inlay::tensor_view<unsigned char, shape{2, 2}> view(values);
  view.set(2, 50);
  return view[0] + view[1] + view[2] + view[3];
}
static_assert(sum_in_compiler() == 351);

} // namespace
