// SPDX-License-Identifier: Apache-2.0
#include <inlay/tensor/tensor.hpp>

namespace {

using inlay::element;
using inlay::shape;

constexpr bool writes(const auto& value, std::string_view expected) {
  inlay::text out;
  out << value;
  return out.view() == expected;
}

static_assert(shape{224, 192, 3}.elements() == 224 * 192 * 3);
static_assert(shape{224, 192, 3}.height() == 224 && shape{224, 192, 3}.width() == 192);
static_assert(shape{1001}.channels() == 1001 && shape{1001}.width() == 1 &&
              shape{1001}.height() == 1);
static_assert(shape{}.elements() == 1 && shape{}.channels() == 1, "a scalar has one element");
static_assert(shape{65536, 32768, 4}.elements() == std::int64_t{1} << 33, "counted in 64 bits");
static_assert(shape{1, 2} != shape{2, 1} && shape{2} != shape{2, 1});
static_assert(writes(shape{7, 5, 3}, "7x5x3") && writes(shape{}, "scalar"));
static_assert(writes(inlay::extent{3, 1}, "3x1"));

constexpr shape appended() {
  shape result{4};
  result.append(9);
  return result;
}
static_assert(appended() == shape{4, 9});

static_assert(size_of(element::int8) == 1 && size_of(element::uint8) == 1);
static_assert(size_of(element::int32) == 4 && size_of(element::float32) == 4 &&
              size_of(element::int64) == 8);
static_assert(sizeof(inlay::element_t<element::int64>) == size_of(element::int64));
static_assert(is_quantized(element::int8) && is_quantized(element::uint8));
static_assert(!is_quantized(element::int32) && !is_quantized(element::float32));
static_assert(lowest_of(element::int8) == -128 && highest_of(element::int8) == 127);
static_assert(lowest_of(element::uint8) == 0 && highest_of(element::uint8) == 255);

constexpr inlay::tensor_type image{element::int8, shape{2, 3, 4}, {0.5F, -7}};
static_assert(image.bytes() == 24);
static_assert(inlay::tensor_type{element::float32, shape{2, 3}, {}}.bytes() == 24);
static_assert(writes(image, "int8 2x3x4 (scale 0.5 zero point -7)"));
static_assert(writes(inlay::tensor_type{element::int32, shape{3}, {}},
                     "int32 3 (no quantization)"));

} // namespace
