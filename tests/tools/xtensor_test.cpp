// SPDX-License-Identifier: Apache-2.0
#include <inlay/graph/network.hpp>
#include <inlay/tensor/xtensor.hpp>

#include <gtest/gtest.h>

#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xarray.hpp>
#else
#include <xtensor/xarray.hpp>
#endif

#include <cmath>
#include <vector>

namespace {

using inlay::element;
using inlay::shape;

template <element Type, shape Shape = shape{2, 3, 2},
          inlay::quantization Quantization = inlay::quantization{}>
using typed = inlay::typed_tensor<inlay::tensor_type{Type, Shape, Quantization}>;

using small = typed<element::int8>;

TEST(Xtensor, SeesTheElementsOfAViewWithoutACopy) {
  std::array<std::int8_t, 12> elements{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  auto seen = inlay::as_xtensor(small::view(elements.data()));
  EXPECT_EQ(seen(1, 2, 0), 10);
  seen(1, 0, 1) = 77;
  EXPECT_EQ(elements[7], 77);
  EXPECT_EQ(seen.data(), elements.data());
}

TEST(Xtensor, FixedArraysBecomeViews) {
  xt::xtensor_fixed<std::int8_t, xt::xshape<2, 3, 2>> fixed;
  fixed.fill(5);
  const auto view = inlay::as_view<small>(fixed);
  static_assert(std::is_same_v<decltype(view), const small::view>);
  EXPECT_EQ(view.data(), fixed.data());
  const auto& constant = fixed;
  static_assert(std::is_same_v<decltype(inlay::as_view<small>(constant)), small::const_view>);
  static_assert(std::is_same_v<inlay::fixed_shape<shape{2, 3, 2}>, xt::fixed_shape<2, 3, 2>>);
}

TEST(Xtensor, ArraysOfTheRightShapeBecomeViews) {
  xt::xarray<std::int8_t> dynamic = xt::zeros<std::int8_t>({2, 3, 2});
  xt::xtensor<std::int8_t, 3> ranked = xt::zeros<std::int8_t>({2, 3, 2});
  inlay::diagnosis found;
  EXPECT_EQ(inlay::as_view<small>(dynamic, found).value().data(), dynamic.data());
  EXPECT_EQ(inlay::as_view<small>(ranked, found).value().data(), ranked.data());
  EXPECT_TRUE(found.ok());
}

TEST(Xtensor, ArraysOfAnotherShapeAreRefusedWithBothShapes) {
  const auto complaint = [](const auto& array) {
    inlay::diagnosis found;
    EXPECT_FALSE(inlay::as_view<small>(array, found).has_value());
    return std::string(found.message().view());
  };
  const xt::xarray<std::int8_t> transposed = xt::zeros<std::int8_t>({3, 2, 2});
  EXPECT_EQ(complaint(transposed), "the array has the shape 3x2x2, expected 2x3x2");
  const xt::xarray<std::int8_t> flat = xt::zeros<std::int8_t>({12});
  EXPECT_EQ(complaint(flat), "the array has the shape 12, expected 2x3x2");
  const xt::xarray<std::uint8_t> other = xt::zeros<std::uint8_t>({2, 3, 2});
  EXPECT_EQ(complaint(other), "the array's elements are of another type, expected int8");
  const xt::xarray<std::int8_t, xt::layout_type::column_major> columns =
      xt::zeros<std::int8_t>({2, 3, 2});
  EXPECT_NE(complaint(columns).find("row-major"), std::string::npos);
}

TEST(Xtensor, QuantizesAsTheOperatorDoes) {
  // The reciprocal of the scale is no float: dividing and multiplying by it differ.
  using tensor = typed<element::int8, shape{7}, inlay::quantization{0.3F, -4}>;
  const xt::xtensor<float, 1> reals{-1000.0F, -0.45F, -0.15F, 0.0F, 0.15F, 0.46F, 1000.0F};
  const xt::xtensor<std::int8_t, 1> quantized = inlay::quantize_as<tensor>(reals);
  for (std::size_t i = 0; i < reals.size(); ++i) {
    const float expected = std::round(reals(i) / 0.3F) - 4;
    EXPECT_EQ(quantized(i), std::max(-128.0F, std::min(127.0F, expected))) << reals(i);
  }
  EXPECT_EQ(quantized(0), -128);
  EXPECT_EQ(quantized(6), 127);
}

TEST(Xtensor, DequantizesAllValues) {
  using tensor = typed<element::uint8, shape{256}, inlay::quantization{0.5F, 3}>;
  const xt::xtensor<std::uint8_t, 1> all = xt::arange(256);
  const xt::xtensor<float, 1> reals = inlay::dequantize_as<tensor>(all);
  for (std::size_t i = 0; i < 256; ++i) {
    EXPECT_EQ(reals(i), 0.5F * (static_cast<float>(i) - 3));
  }
  const xt::xtensor<std::uint8_t, 1> back = inlay::quantize_as<tensor>(reals);
  EXPECT_EQ(back, all);
}

TEST(Xtensor, FloatTensorsPassUnchanged) {
  using tensor = typed<element::float32, shape{2}>;
  const xt::xtensor<float, 1> reals{0.1F, -7.0F};
  const xt::xtensor<float, 1> same = inlay::quantize_as<tensor>(reals);
  const xt::xtensor<float, 1> again = inlay::dequantize_as<tensor>(reals);
  EXPECT_EQ(same, reals);
  EXPECT_EQ(again, reals);
}

/// All bytes of a picture as elements of a tensor, each within one step of byte / 127.5 - 1.
template <class Tensor>
std::vector<int> encoded() {
  const xt::xtensor<std::uint8_t, 1> bytes = xt::arange(256);
  const xt::xtensor<typename Tensor::value_type, 1> elements = inlay::encode_picture<Tensor>(bytes);
  const xt::xtensor<float, 1> reals = inlay::dequantize_as<Tensor>(elements);
  for (std::size_t i = 0; i < 256; ++i) {
    EXPECT_NEAR(reals(i), static_cast<float>(i) / 127.5F - 1, Tensor::quantization.scale * 1.01F);
  }
  return {elements.begin(), elements.end()};
}

TEST(EncodePicture, RawBytesGoStraightIntoTheUint8Models) {
  using q255 = typed<element::uint8, shape{256}, inlay::quantization{2.0F / 255, 127}>;
  using q256 = typed<element::uint8, shape{256}, inlay::quantization{1.0F / 128, 128}>;
  std::vector<int> expected(256);
  for (std::size_t i = 0; i < 256; ++i) {
    expected[i] = static_cast<int>(i);
  }
  EXPECT_EQ(encoded<q255>(), expected);
  EXPECT_EQ(encoded<q256>(), expected);
}

TEST(EncodePicture, Int8ModelsTakeBytesLess128) {
  using q255 = typed<element::int8, shape{256}, inlay::quantization{2.0F / 255, -1}>;
  using q256 = typed<element::int8, shape{256}, inlay::quantization{1.0F / 128, 0}>;
  std::vector<int> expected(256);
  for (std::size_t i = 0; i < 256; ++i) {
    expected[i] = static_cast<int>(i) - 128;
  }
  EXPECT_EQ(encoded<q255>(), expected);
  EXPECT_EQ(encoded<q256>(), expected);
}

TEST(EncodePicture, FloatModelsTakeMinusOneToOne) {
  const xt::xtensor<std::uint8_t, 1> bytes = xt::arange(256);
  const xt::xtensor<float, 1> reals =
      inlay::encode_picture<typed<element::float32, shape{256}>>(bytes);
  EXPECT_EQ(reals(0), -1);
  EXPECT_EQ(reals(255), 1);
  EXPECT_FLOAT_EQ(reals(64), (64 - 127.5F) / 127.5F);
}

} // namespace
