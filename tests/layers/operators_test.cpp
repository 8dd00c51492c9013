// SPDX-License-Identifier: Apache-2.0
#include "around.hpp"

// What each operator infers from its inputs, and what it refuses.

namespace {

using namespace inlay::test;
using inlay::element;
using inlay::padding;
using inlay::quantization;
using inlay::shape;
namespace op = inlay::op;

constexpr auto image = activation_of({9, 8, 4});
constexpr quantization probability{1.0F / 256, -128};

constexpr op::conv2d conv(inlay::window moved) {
  return {{}, moved};
}
constexpr inlay::window strided{{2, 3}, {1, 1}, padding::valid};

static_assert(apply(op::conv2d{}, {image, weights_of({5, 3, 3, 4}), bias_of(5)}).gives({9, 8, 5}));
static_assert(apply(op::conv2d{}, {image, weights_of({5, 3, 3, 4})}).gives({9, 8, 5}));
static_assert(apply(conv(strided), {image, weights_of({5, 3, 2, 4})}).gives({4, 3, 5}));
static_assert(apply(op::conv2d{}, {image, weights_of({5, 3, 3, 3})})
                  .says("has 4 channels, its filters 5x3x3x3 expect 3"));
static_assert(apply(op::conv2d{}, {image, weights_of({5, 36})}).says("four extents"));
static_assert(apply(op::conv2d{}, {image}).says("number of its inputs is 1, expected 2 to 3"));
static_assert(apply(conv({{0, 1}}), {image, weights_of({5, 3, 3, 4})}).says("the stride is 0x1"));
static_assert(
    apply(conv({{}, {-1, 1}}), {image, weights_of({5, 3, 3, 4})}).says("the dilation is -1x1"));
static_assert(apply(conv({{}, {4, 4}, padding::valid}), {image, weights_of({5, 3, 3, 4})})
                  .says("a 3x3 kernel (dilation 4x4) does not fit into the input 9x8x4"));
static_assert(apply(op::conv2d{}, {image, weights_of({5, 1, 1, 4}), bias_of(4)})
                  .says("its bias has 4 values, expected 5"));
static_assert(apply(op::conv2d{}, {image, weights_of({5, 1, 1, 4}), bias_of(5, element::int64)})
                  .says("its bias is int64, expected int32"));
static_assert(apply(op::conv2d{}, {image, weights_of({5, 1, 1, 4}, 0.5F, element::uint8)})
                  .says("its weights are uint8 and its input int8"));
static_assert(
    apply(op::conv2d{}, {image, weights_of({5, 1, 1, 4}, 0)}).says("its weights have no scale"));
static_assert(apply(op::conv2d{}, {image, weights_of({5, 1, 1, 4}, 1e30F)}).says("multiplier"));
static_assert(apply(op::conv2d{}, {image, weights_of({5, 1, 1, 4})}, {})
                  .says("its output has no quantization scale"));
static_assert(
    apply(op::conv2d{}, {image, activation_of({5, 1, 1, 4})}).says("computed at run time"));
static_assert(apply(op::conv2d{}, {activation_of({9, 8, 4}, {}), weights_of({5, 1, 1, 4})})
                  .says("its input has no quantization scale"));

constexpr auto with_zero_point = [] {
  auto weights = weights_of({5, 1, 1, 4});
  weights.type.quantization.zero_point = 1;
  return weights;
}();
static_assert(apply(op::conv2d{}, {image, with_zero_point})
                  .says("its int8 weights have zero point 1, expected 0"));

static_assert(apply(op::depthwise_conv2d{}, {image, weights_of({1, 3, 3, 12})}).gives({9, 8, 12}));
static_assert(apply(op::depthwise_conv2d{}, {image, weights_of({1, 3, 3, 6})})
                  .says("give 6, expected a multiple"));
static_assert(apply(op::depthwise_conv2d{}, {image, weights_of({2, 3, 3, 4})})
                  .says("expected four extents: 1, height, width, outputs"));

static_assert(apply(op::fully_connected{}, {image, weights_of({7, 288})}).gives({7}));
static_assert(apply(op::fully_connected{}, {image, weights_of({7, 4})})
                  .says("has 288 elements, its filters 7x4 expect 4"));
static_assert(
    apply(op::fully_connected{{}, {}, true}, {image, weights_of({7, 4})}).gives({9, 8, 7}));
static_assert(apply(op::fully_connected{{}, {}, true}, {image, weights_of({7, 5})})
                  .says("has 4 channels, its filters 7x5 expect 5"));
static_assert(apply(op::fully_connected{}, {image, weights_of({7, 4, 1})}).says("two extents"));

static_assert(apply(op::add{}, {image, image}).gives({9, 8, 4}));
static_assert(
    apply(op::add{}, {image, activation_of({9, 8, 1})}).says("its inputs are 9x8x4 and 9x8x1"));
static_assert(apply(op::add{}, {image, activation_of({9, 8, 4}, some_scale, element::uint8)})
                  .says("its inputs are int8 and uint8"));
static_assert(apply(op::add{}, {image, activation_of({9, 8, 4}, {})})
                  .says("its second input has no quantization scale"));
static_assert(apply(op::add{}, {image}).says("number of its inputs is 1, expected 2"));
// The reference's multiplier is below 1 only if the output's scale is above 2^-19 of the inputs'.
static_assert(apply(op::add{}, {image, image}, {0.2500001F / (1 << 19), 0}).gives({9, 8, 4}));
static_assert(apply(op::add{}, {image, activation_of({9, 8, 4}, {0.125F, 0})},
                    {0.25F / (1 << 19), 0})
                  .says("its inputs' scales are 0.25 and 0.125 and its output's 4.768372e-7, "
                        "expected an output's scale above 4.768372e-7"));
static_assert(apply(op::add{}, {image, image}, {1e-38F, 0}).says("expected an output's scale"));

constexpr op::average_pool_2d pool{{}, {3, 2}, strided};
static_assert(apply(pool, {image}).gives({4, 3, 4}));
static_assert(apply(pool, {image}, {0.5F, 3})
                  .says("scale 0.25 zero point 3) and output (scale 0.5 zero point 3) disagree"));
static_assert(apply(op::average_pool_2d{{}, {0, 2}}, {image}).says("the kernel is 0x2"));

static_assert(apply(op::mean{}, {image}, {0.5F, 0}).gives({4}));
static_assert(apply(op::mean{{}, true}, {image}).gives({1, 1, 4}));
static_assert(apply(op::mean{}, {activation_of({8, 4})}).says("three extents"));
// 72 values of up to 131 are divided by 64 in the multiplier.
static_assert(apply(op::mean{}, {image}, {0.25F / (1 << 22), 0}).gives({4}));
static_assert(
    apply(op::mean{}, {image}, {0.25F / (1 << 23), 0})
        .says("it multiplies values up to 9432 by the input's scale 0.25 over the output's "
              "2.980232e-8, which leaves the reference's 32 bits; expected values up to "
              "8191 with these scales"));

static_assert(apply(op::pad{{}, {1, 2, 3, 4}}, {image}).gives({12, 15, 4}));
static_assert(apply(op::pad{{}, {-1, 0, 0, 0}}, {image}).says("it pads by -1, 0, 0, 0"));
static_assert(apply(op::pad{}, {image}, {0.5F, 3}).says("disagree"));
static_assert(apply(op::pad{}, {activation_of({8, 4})}).says("three extents"));

static_assert(apply(op::reshape{{}, {288}}, {image}).gives({288}));
static_assert(apply(op::reshape{{}, {287}}, {image})
                  .says("its input 9x8x4 has 288 elements and its output 287 has 287"));
static_assert(apply(op::reshape{{}, {288}}, {image}, {0.25F, 4}).says("disagree"));
static_assert(apply(op::squeeze{{{}, {72, 4}}}, {image}).gives({72, 4}));

static_assert(apply(op::softmax{}, {image}, probability).gives({9, 8, 4}));
static_assert(
    apply(op::softmax{}, {image})
        .says("its output has scale 0.25 zero point 3, expected scale 0.00390625 zero point -128"));
static_assert(apply(op::softmax{{}, 0.0F}, {image}, probability)
                  .says("its beta times its input's scale is 0"));
static_assert(apply(op::softmax{}, {activation_of({})}, probability).says("scalar"));
static_assert(apply(op::logistic{}, {image}, probability).gives({9, 8, 4}));
static_assert(apply(op::logistic{}, {image}, {1.0F / 256, 0}).says("zero point -128"));
static_assert(apply(op::logistic{}, {activation_of({3}, some_scale, element::uint8)},
                    {1.0F / 256, 0}, element::uint8)
                  .gives({3}));

constexpr auto reals = activation_of({9, 8, 4}, {}, element::float32);
static_assert(apply(op::quantize{}, {reals}).gives({9, 8, 4}));
static_assert(apply(op::quantize{}, {image}, {1.0F, 128}, element::uint8).gives({9, 8, 4}));
static_assert(
    apply(op::quantize{}, {activation_of({3}, {}, element::int32)}).says("its input is int32"));
static_assert(apply(op::quantize{}, {image}, {1e-12F, 0}).says("multiplier"));
// Values are up to 131 from zero point 3. The mantissa of 2^22 is one half, so it shifts by 23.
static_assert(apply(op::quantize{}, {image}, {0.25F / (1 << 22), 0}).gives({9, 8, 4}));
static_assert(
    apply(op::quantize{}, {image}, {0.25F / (1 << 23), 0})
        .says("it multiplies values up to 131 by the input's scale 0.25 over the output's "
              "2.980232e-8, which leaves the reference's 32 bits; expected values up to "
              "127 with these scales"));
static_assert(apply(op::dequantize{}, {image}, {}, element::float32).gives({9, 8, 4}));
static_assert(apply(op::dequantize{}, {image}, some_scale, element::int8)
                  .says("its output is int8, expected float32"));
static_assert(apply(op::dequantize{}, {reals}, {}, element::float32).says("its input is float32"));

} // namespace
