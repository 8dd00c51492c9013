// SPDX-License-Identifier: Apache-2.0
#include "workbench.hpp"

#include <inlay/numerics/fixed_point.hpp>

#include <algorithm>
#include <gtest/gtest.h>

// Convolutions of random shapes on every NPU, against loops that say what TensorFlow Lite computes.

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;

struct shape_case {
  bool depthwise = false;
  int height, width, inputs, outputs;
  int kernel_y, kernel_x, stride_y, stride_x, dilation_y, dilation_x;
  int pad_top, pad_left, pad_bottom, pad_right;

  explicit shape_case(random_source& random) {
    const auto any = [&](int low, int high) { return static_cast<int>(random.between(low, high)); };
    depthwise = random.one_in(3);
    inputs = any(1, 40);
    outputs = depthwise ? inputs : any(1, 40);
    const bool large = random.one_in(8);
    kernel_y = any(1, large ? 10 : 3);
    kernel_x = any(1, large ? 10 : 3);
    stride_y = any(1, 3);
    stride_x = any(1, 3);
    dilation_y = any(1, 2);
    dilation_x = any(1, 2);
    pad_top = any(0, extent_y() - 1);
    pad_left = any(0, extent_x() - 1);
    pad_bottom = any(0, extent_y() - 1);
    pad_right = any(0, extent_x() - 1);
    // An NPU has no register for the input's extents: they follow from the output's.
    height = extent_y() - pad_top - pad_bottom + stride_y * any(0, 4);
    width = extent_x() - pad_left - pad_right + stride_x * any(0, 4);
    while (height < 2) {
      height += stride_y;
    }
    while (width < 1) {
      width += stride_x;
    }
  }

  [[nodiscard]] int extent_y() const { return (kernel_y - 1) * dilation_y + 1; }
  [[nodiscard]] int extent_x() const { return (kernel_x - 1) * dilation_x + 1; }
  [[nodiscard]] int rows() const {
    return (height + pad_top + pad_bottom - extent_y()) / stride_y + 1;
  }
  [[nodiscard]] int columns() const {
    return (width + pad_left + pad_right - extent_x()) / stride_x + 1;
  }
};

struct channel {
  std::int32_t bias;
  inlay::quantized_multiplier by;
};

std::vector<std::int64_t> expected(const shape_case& of, const operation& what,
                                   const std::vector<std::int64_t>& input,
                                   const std::vector<std::int16_t>& weights,
                                   const std::vector<channel>& channels) {
  std::vector<std::int64_t> result;
  const int inputs = of.depthwise ? 1 : of.inputs;
  for (int y = 0; y < of.rows(); ++y) {
    for (int x = 0; x < of.columns(); ++x) {
      for (int o = 0; o < of.outputs; ++o) {
        std::int32_t sum = channels[static_cast<std::size_t>(o)].bias;
        for (int ky = 0; ky < of.kernel_y; ++ky) {
          for (int kx = 0; kx < of.kernel_x; ++kx) {
            const int iy = y * of.stride_y - of.pad_top + ky * of.dilation_y;
            const int ix = x * of.stride_x - of.pad_left + kx * of.dilation_x;
            if (iy < 0 || iy >= of.height || ix < 0 || ix >= of.width) {
              continue;
            }
            for (int i = 0; i < inputs; ++i) {
              const int c = of.depthwise ? o : i;
              const auto at = static_cast<std::size_t>((iy * of.width + ix) * of.inputs + c);
              const auto weight = static_cast<std::size_t>(
                  ((o * of.kernel_y + ky) * of.kernel_x + kx) * inputs + i);
              sum += (static_cast<std::int32_t>(input[at]) - what.ifm.zero_point) * weights[weight];
            }
          }
        }
        const std::int32_t value =
            inlay::multiply(sum, channels[static_cast<std::size_t>(o)].by) + what.ofm.zero_point;
        result.push_back(std::clamp(value, what.activation_min, what.activation_max));
      }
    }
  }
  return result;
}

void run_case(const machine& npu, std::uint64_t seed) {
  workbench bench(npu, seed);
  random_source& random = bench.random();
  const shape_case of(random);
  const auto any_layout = [&] {
    return random.one_in(2) ? tensor_layout::nhwc : tensor_layout::nhcwb16;
  };
  feature_map ifm = random.one_in(2)
                        ? bench.tensor(any_layout(), of.height, of.width, of.inputs)
                        : bench.tensor_in_two(any_layout(), of.height, of.width, of.inputs,
                                              static_cast<int>(random.between(1, of.height - 1)));
  feature_map ofm = bench.tensor(any_layout(), of.rows(), of.columns(), of.outputs);
  ifm.zero_point = static_cast<int>(random.between(-128, 127));
  ofm.zero_point = static_cast<int>(random.between(-128, 127));
  operation what = bench.between(of.depthwise ? kind::depthwise : kind::convolution, ifm, ofm);
  what.kernel_height = of.extent_y();
  what.kernel_width = of.extent_x();
  what.stride_y = of.stride_y;
  what.stride_x = of.stride_x;
  what.dilation_y = of.dilation_y;
  what.dilation_x = of.dilation_x;
  what.pad_top = of.pad_top;
  what.pad_left = of.pad_left;
  what.pad_bottom = of.pad_bottom;
  what.pad_right = of.pad_right;
  what.part_kernel = !of.depthwise && random.one_in(2);
  what.activation_min = static_cast<int>(random.between(-128, 0));
  what.activation_max = static_cast<int>(random.between(1, 127));

  const int inputs = of.depthwise ? 1 : of.inputs;
  std::vector<std::int16_t> weights(
      static_cast<std::size_t>(of.outputs * of.kernel_y * of.kernel_x * inputs));
  for (std::int16_t& weight : weights) {
    weight = static_cast<std::int16_t>(random.one_in(3) ? 0 : random.between(-127, 127));
  }
  std::vector<channel> channels;
  std::vector<scale_record> scales;
  for (int o = 0; o < of.outputs; ++o) {
    const double real = random.real(0.00001, random.one_in(9) ? 1.9 : 0.02);
    channels.push_back({static_cast<std::int32_t>(random.between(-50000, 50000)),
                        inlay::quantize_multiplier(real)});
    const scale by = scale_of(real);
    scales.push_back({channels.back().bias, by.multiplier, by.shift});
  }
  bench.give_weights(what, weights, scales, random.one_in(2));
  bench.fill_at_random(ifm);
  bench.add(what);
  ASSERT_EQ(bench.complaints(), "");
  bench.run();
  ASSERT_EQ(bench.values(ofm), expected(of, what, bench.values(ifm), weights, channels));
}

TEST(Convolution, EqualsPlainLoopsOnEveryNpu) {
  for (const machine& npu : machines) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      SCOPED_TRACE(std::string(npu.name) + ", seed " + std::to_string(seed));
      ASSERT_NO_FATAL_FAILURE(run_case(npu, seed));
    }
  }
}

TEST(Convolution, SumsThatLeaveTheAccumulatorAreTold) {
  workbench bench(machines[2]);
  const feature_map ifm = bench.tensor(tensor_layout::nhwc, 1, 1, 8);
  const feature_map ofm = bench.tensor(tensor_layout::nhwc, 1, 1, 1);
  operation what = bench.between(kind::convolution, ifm, ofm);
  bench.give_weights(what, std::vector<std::int16_t>(8, 1), {{INT32_MAX, 1, 0}});
  bench.fill(ifm, std::vector<std::int64_t>(8, 1));
  bench.add(what);
  EXPECT_THROW(bench.run(), std::runtime_error);
}

} // namespace
