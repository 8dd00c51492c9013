// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Tensors as xtensor expressions and back. For hosts only: it needs xtensor 0.24 or newer, and is
/// not a part of inlay/inlay.hpp.

#include <inlay/numerics/element.hpp>
#include <inlay/support/require.hpp>
#include <inlay/tensor/view.hpp>

#if __has_include(<xtensor/containers/xadapt.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xfixed.hpp>
#include <xtensor/core/xmath.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xmath.hpp>
#endif

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace inlay {

namespace detail {

template <shape Shape, std::size_t... Axis>
auto fixed_shape_of(std::index_sequence<Axis...>)
    -> xt::fixed_shape<static_cast<std::size_t>(Shape[static_cast<int>(Axis)])...>;

template <class>
inline constexpr shape shape_of_fixed{};
template <std::size_t... Extents>
  requires(sizeof...(Extents) >= 1 && sizeof...(Extents) <= shape::max_rank)
inline constexpr shape shape_of_fixed<xt::fixed_shape<Extents...>>{
    static_cast<std::int32_t>(Extents)...};

/// Complaints about the elements and the order of a container in Tensor's place.
template <class Tensor, class Container>
constexpr void expect_elements(xt::layout_type layout, diagnosis& found) {
  found.expect(std::is_same_v<typename Container::value_type, typename Tensor::value_type>,
               "the array's elements are of another type, expected ", name_of(Tensor::element));
  found.expect(layout == xt::layout_type::row_major,
               "the array is not in row-major order, expected height, width, channels with "
               "channels innermost");
}

template <class Tensor, class Container>
inline constexpr diagnosis fixed_container_found = [] {
  diagnosis found;
  expect_elements<Tensor, Container>(Container::static_layout, found);
  constexpr shape given = shape_of_fixed<typename Container::shape_type>;
  found.expect(given == Tensor::shape, "the array has the shape ", given, ", expected ",
               Tensor::shape);
  return found;
}();

/// A view that only reads where the container is const.
template <class Container>
using element_of = std::remove_pointer_t<decltype(std::declval<Container&>().data())>;

} // namespace detail

/// The xtensor shape of the same extents, for example as `xt::xtensor_fixed<float,
/// fixed_shape<S>>`.
template <shape Shape>
using fixed_shape = decltype(detail::fixed_shape_of<Shape>(
    std::make_index_sequence<static_cast<std::size_t>(Shape.rank)>{}));

/// An xtensor container whose shape is in its type: xt::xtensor_fixed, or what as_xtensor returns.
template <class Container>
concept fixed_container = detail::shape_of_fixed<typename Container::shape_type>
.rank > 0;

/// The same elements as an xtensor expression of fixed shape; nothing is copied. It can be written
/// to where the view can.
template <class T, shape Shape>
[[nodiscard]] auto as_xtensor(tensor_view<T, Shape> view) {
  return xt::adapt<xt::layout_type::row_major>(view.data(), fixed_shape<Shape>{});
}

/// The same elements as a tensor of a network; nothing is copied. Another shape, element type or
/// order is a compile error that names both.
/// @tparam Tensor a typed_tensor, for example net::input
template <class Tensor, fixed_container Container>
[[nodiscard]] auto as_view(Container& fixed) {
  if constexpr (require<detail::fixed_container_found<Tensor, std::remove_const_t<Container>>>) {
    return tensor_view<detail::element_of<Container>, Tensor::shape>(fixed.data());
  }
}

/// The same elements as a tensor of a network, where the shape is known only at run time
/// (xt::xarray, xt::xtensor); nothing is copied.
/// @tparam Tensor a typed_tensor, for example net::input
/// @return nothing if shape, element type or order differ; `found` then says what was expected
template <class Tensor, class Container>
  requires(!fixed_container<Container>)
[[nodiscard]] auto as_view(Container& dynamic, diagnosis& found)
    -> std::optional<tensor_view<detail::element_of<Container>, Tensor::shape>> {
  if constexpr (!std::is_same_v<typename Container::value_type, typename Tensor::value_type>) {
    detail::expect_elements<Tensor, Container>(xt::layout_type::row_major, found);
    return std::nullopt;
  } else {
    detail::expect_elements<Tensor, Container>(dynamic.layout(), found);
    text given;
    bool same = dynamic.dimension() == static_cast<std::size_t>(Tensor::shape.rank);
    for (std::size_t axis = 0; axis < dynamic.dimension(); ++axis) {
      given << (axis > 0 ? "x" : "") << dynamic.shape(axis);
      same = same &&
             dynamic.shape(axis) == static_cast<std::size_t>(Tensor::shape[static_cast<int>(axis)]);
    }
    if (!found.expect(same, "the array has the shape ", given, ", expected ", Tensor::shape)) {
      return std::nullopt;
    }
    return tensor_view<detail::element_of<Container>, Tensor::shape>(dynamic.data());
  }
}

/// Real numbers as elements of a tensor: divided by its scale in single precision, rounded half
/// away from zero, moved by its zero point and limited to its type, exactly as a QUANTIZE operator
/// does. For a float32 tensor, the numbers themselves.
/// @tparam Tensor a typed_tensor: its element type and quantization count, not its shape
/// @param reals an xtensor expression of float
/// @return an expression, evaluated where it is assigned
template <class Tensor, class Expression>
[[nodiscard]] auto quantize_as(Expression&& reals) {
  if constexpr (Tensor::element == element::float32) {
    return xt::cast<float>(std::forward<Expression>(reals));
  } else {
    static_assert(is_quantized(Tensor::element),
                  "inlay: quantize_as() expects a tensor of int8, uint8 or float32");
    // Expressions keep temporaries by value and named constants by reference.
    return xt::cast<typename Tensor::value_type>(
        xt::clip(xt::round(std::forward<Expression>(reals) / float{Tensor::quantization.scale}) +
                     static_cast<float>(Tensor::quantization.zero_point),
                 static_cast<float>(lowest_of(Tensor::element)),
                 static_cast<float>(highest_of(Tensor::element))));
  }
}

/// Elements of a tensor as the real numbers (float) that they stand for.
/// @tparam Tensor a typed_tensor: its element type and quantization count, not its shape
/// @return an expression, evaluated where it is assigned
template <class Tensor, class Expression>
[[nodiscard]] auto dequantize_as(Expression&& elements) {
  if constexpr (Tensor::element == element::float32) {
    return xt::cast<float>(std::forward<Expression>(elements));
  } else {
    static_assert(is_quantized(Tensor::element),
                  "inlay: dequantize_as() expects a tensor of int8, uint8 or float32");
    return (xt::cast<float>(std::forward<Expression>(elements)) -
            static_cast<float>(Tensor::quantization.zero_point)) *
           float{Tensor::quantization.scale};
  }
}

/// The bytes of a picture (0 black to 255 full) as elements of a network's input.
///
/// An 8-bit input takes all 256 values in their order: uint8 the byte itself, int8 byte - 128. A
/// quantized input spans the real range that the network was trained on, [-1, 1] for MobileNetV2,
/// so this is byte / 127.5 - 1 in that quantization, to within one step of it, without the
/// off-by-ones and clipped ends that rounding would add: scale 2/255 with zero point 127 and scale
/// 1/128 with zero point 128 both take raw bytes as they are. A float32 input, which does not say
/// its range, takes byte / 127.5 - 1.
/// @tparam Tensor a typed_tensor, the network's input: its element type counts, not its shape
/// @param bytes an xtensor expression of std::uint8_t
/// @return an expression, evaluated where it is assigned
template <class Tensor, class Expression>
[[nodiscard]] auto encode_picture(Expression&& bytes) {
  using value_type = typename Tensor::value_type;
  if constexpr (Tensor::element == element::float32) {
    return xt::cast<float>(std::forward<Expression>(bytes)) / 127.5F - 1.0F;
  } else {
    static_assert(is_quantized(Tensor::element),
                  "inlay: encode_picture() expects an input of int8, uint8 or float32");
    return xt::cast<value_type>(xt::cast<std::int32_t>(std::forward<Expression>(bytes)) +
                                lowest_of(Tensor::element));
  }
}

} // namespace inlay
