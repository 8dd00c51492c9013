// SPDX-License-Identifier: Apache-2.0
//
// Kernels of Cortex-A for one layer each, of which loops.py looks at the inner loops: INLAY_ISA is
// a type of kernels/neon/architecture.hpp.
#include <inlay/targets/arm.hpp>

namespace {

using namespace inlay;
namespace neon = kernels::neon;
using isa = neon::INLAY_ISA;

constexpr step::convolution projection{
    .in = {14, 14, 576}, .out = {14, 14, 96}, .clamp = {-128, 127}};
constexpr step::depthwise_convolution depthwise{.in = {56, 56, 144},
                                                .out = {56, 56, 144},
                                                .window = {{3, 3}, {1, 1}, {1, 1}, 1, 1},
                                                .input_zero_point = -128,
                                                .output_zero_point = -128,
                                                .clamp = {-128, 127}};

} // namespace

/// A run of pixels of a pointwise convolution of 576 to 96 channels.
void pointwise(const neon::pixel_run& given, std::int32_t tiles) {
  constexpr auto form = neon::form_of(projection, neon::requantization::narrow);
  neon::convolve<isa, 0, neon::tile_shape{576, 96, form}>(given, tiles,
                                                          neon::numbers_of(projection));
}

/// A row of a depthwise convolution of 3x3 taps with stride 1.
void depthwise_row(const unsigned char* const (&rows)[3], const unsigned char* packed,
                   unsigned char* out) {
  constexpr auto form = neon::form_of(depthwise, neon::requantization::narrow);
  using kernel = neon::depthwise_rows<isa, depthwise>::kernel;
  kernel::convolve<form, false>(rows, packed, out);
}
