// SPDX-License-Identifier: Apache-2.0

// The table of published MobileNetV2 checkpoints (TensorFlow models,
// research/slim/nets/mobilenet/README.md), which this file holds the family to by compiling.
//
// How the published figures were counted: parameters are the weights of all convolutions and the
// classifier with 1001 classes, without biases and batch normalization, to the nearest 10,000.
// Multiply-accumulates are those of the same layers, in millions, with the fraction cut off and
// not rounded (width 0.5 at 128 has 32.58 million and is published as 32).

#include <inlay/inlay.hpp>

namespace {

constexpr std::int64_t in_ten_thousands(std::int64_t count) {
  return (count + 5'000) / 10'000;
}

template <inlay::width Width, std::int32_t Resolution>
using classifier = inlay::mobilenet_v2<Width, Resolution, 1001>;

template <inlay::width Width>
constexpr std::int64_t parameters = in_ten_thousands(classifier<Width, 96>::parameters);

template <inlay::width Width, std::int32_t Resolution>
constexpr std::int64_t macs = classifier<Width, Resolution>::multiply_accumulates / 1'000'000;

static_assert(parameters<1.4> == 606);
static_assert(macs<1.4, 224> == 582);

static_assert(parameters<1.3> == 534);
static_assert(macs<1.3, 224> == 509);

static_assert(parameters<1.0> == 347);
static_assert(macs<1.0, 224> == 300);
static_assert(macs<1.0, 192> == 221);
static_assert(macs<1.0, 160> == 154);
static_assert(macs<1.0, 128> == 99);
static_assert(macs<1.0, 96> == 56);

static_assert(parameters<0.75> == 261);
static_assert(macs<0.75, 224> == 209);
static_assert(macs<0.75, 192> == 153);
static_assert(macs<0.75, 160> == 107);
static_assert(macs<0.75, 128> == 69);
static_assert(macs<0.75, 96> == 39);

static_assert(parameters<0.5> == 195);
static_assert(macs<0.5, 224> == 97);
static_assert(macs<0.5, 192> == 71);
static_assert(macs<0.5, 160> == 50);
static_assert(macs<0.5, 128> == 32);
static_assert(macs<0.5, 96> == 18);

static_assert(parameters<0.35> == 166);
static_assert(macs<0.35, 224> == 59);
static_assert(macs<0.35, 192> == 43);
static_assert(macs<0.35, 160> == 30);
static_assert(macs<0.35, 128> == 20);
static_assert(macs<0.35, 96> == 11);

// The exact counts of the reference network, which the imported file has as well.
static_assert(classifier<1.0, 224>::multiply_accumulates == 300'775'552);
static_assert(classifier<1.0, 224>::counts.weights == 3'471'040);
static_assert(classifier<1.0, 224>::counts.biases * 4 == 72'228);
static_assert(classifier<1.0, 224>::output<0>::shape == inlay::shape{1001});

// Channels round to multiples of 8, up where rounding down would lose more than a tenth.
static_assert(inlay::width(0.35).of(32) == 16);
static_assert(inlay::width(0.35).of(24) == 8);
static_assert(inlay::width(0.35).of(16) == 8);
static_assert(inlay::width(1.4).of(32) == 48);
static_assert(inlay::width(0.75).of(24) == 24);
static_assert(inlay::width(1.3).of(1280) == 1664);

} // namespace
