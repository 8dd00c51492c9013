// SPDX-License-Identifier: Apache-2.0
#include "workbench.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

// TANH and SIGMOID, against the functions in double precision.

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;

/// A curve over elements of 16 bits in units of `unit`, made by an average pool of 1x1, as
/// compilers for these NPUs write it: its scale leads to units of 1/12288.
struct curve_case {
  int activation = tanh_activation;
  double unit = 1.0 / 4096;
  int element_bytes = 2; ///< of the output
  bool is_signed = true;
  int zero_point = 0;
};

struct curve_result {
  std::vector<std::int64_t> input;
  std::vector<std::int64_t> output;
};

curve_result run_curve(const curve_case& given, const machine& npu,
                       const std::vector<std::int64_t>& inputs) {
  workbench bench(npu);
  const int count = static_cast<int>(inputs.size());
  const feature_map ifm = bench.tensor(tensor_layout::nhwc, 1, count, 1, 2);
  feature_map ofm = bench.tensor(tensor_layout::nhwc, 1, count, 1, given.element_bytes);
  ofm.is_signed = given.is_signed;
  ofm.zero_point = given.zero_point;
  operation what = bench.between(kind::pool, ifm, ofm);
  what.parameter = static_cast<int>(pooling::average);
  what.global_scale = true;
  what.rounding = rounding::natural;
  what.ofm_scale = scale_of(12288 * given.unit);
  what.activation = given.activation;
  what.activation_min = static_cast<int>(ofm.least());
  what.activation_max = static_cast<int>(ofm.greatest());
  bench.fill(ifm, inputs);
  bench.add(what);
  EXPECT_EQ(bench.complaints(), "");
  bench.run();
  return {bench.values(ifm), bench.values(ofm)};
}

std::vector<std::int64_t> every_seventh() {
  std::vector<std::int64_t> all;
  for (int value = -32768; value < 32768; value += 7) {
    all.push_back(value);
  }
  all.insert(all.end(), {-1, 0, 1, 32767});
  return all;
}

double function_of(int activation, double x) {
  return activation == tanh_activation ? std::tanh(x) : 1 / (1 + std::exp(-x));
}

TEST(Curve, OfElementsOf16BitsIsNearTheFunction) {
  const auto inputs = every_seventh();
  for (const int activation : {tanh_activation, sigmoid_activation}) {
    for (const double unit : {1.0 / 4096, 1.0 / 2048, 1.0 / 10000, 1.0 / 300}) {
      SCOPED_TRACE(std::to_string(activation) + ", units of " + std::to_string(unit));
      const auto [input, output] = run_curve({activation, unit}, machines[2], inputs);
      for (std::size_t i = 0; i < input.size(); ++i) {
        const double exact = function_of(activation, unit * static_cast<double>(input[i])) * 32768;
        ASSERT_LE(std::abs(static_cast<double>(output[i]) - std::min(exact, 32767.0)), 2.5)
            << input[i];
      }
    }
  }
}

// What TensorFlow Lite's kernels of 16 bits give for units of 1/4096.
TEST(Curve, EqualsTensorFlowLites) {
  const std::vector<std::int64_t> inputs{0, 4096, -4096, 8192, -8192, 12288, 32767, -32768};
  EXPECT_EQ(run_curve({tanh_activation}, machines[4], inputs).output,
            (std::vector<std::int64_t>{0, 24956, -24956, 31589, -31589, 32606, 32767, -32767}));
  EXPECT_EQ(run_curve({sigmoid_activation}, machines[4], inputs).output,
            (std::vector<std::int64_t>{16384, 23956, 8812, 28862, 3906, 31214, 32757, 11}));
}

TEST(Curve, EqualsTensorFlowLitesOfEachInput) {
  std::vector<std::int64_t> inputs;
  for (int value = -32768; value < 32768; ++value) {
    inputs.push_back(value);
  }
  const auto weighted_sum = [&](int activation) {
    const auto output = run_curve({activation}, machines[4], inputs).output;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < output.size(); ++i) {
      sum += static_cast<std::int64_t>(i + 1) * output[i];
    }
    return sum;
  };
  EXPECT_EQ(weighted_sum(tanh_activation), 34730684006199);
  EXPECT_EQ(weighted_sum(sigmoid_activation), 51875541833301);
}

TEST(Curve, RisesAndIsSymmetric) {
  std::vector<std::int64_t> inputs;
  for (int value = -4000; value <= 4000; ++value) {
    inputs.push_back(value);
  }
  for (const int activation : {tanh_activation, sigmoid_activation}) {
    const auto output = run_curve({activation, 1.0 / 333}, machines[0], inputs).output;
    EXPECT_TRUE(std::is_sorted(output.begin(), output.end()));
    const std::int64_t both = activation == tanh_activation ? 0 : 32768;
    for (std::size_t i = 0; i < output.size(); ++i) {
      ASSERT_EQ(output[i] + output[output.size() - 1 - i], i == 4000 ? 2 * (both / 2) : both) << i;
    }
  }
}

TEST(Curve, OfElementsOf8BitsIsNearTheFunction) {
  const auto inputs = every_seventh();
  for (const machine& npu : machines) {
    for (const bool is_signed : {true, false}) {
      for (const int activation : {tanh_activation, sigmoid_activation}) {
        const int zero_point = (is_signed ? -128 : 0) + (activation == tanh_activation ? 128 : 0);
        const double units = activation == tanh_activation ? 128 : 256;
        const auto [input, output] =
            run_curve({activation, 1.0 / 4096, 1, is_signed, zero_point}, npu, inputs);
        for (std::size_t i = 0; i < input.size(); ++i) {
          const double exact =
              function_of(activation, static_cast<double>(input[i]) / 4096) * units + zero_point;
          ASSERT_LE(
              std::abs(static_cast<double>(output[i]) - std::min(exact, is_signed ? 127.0 : 255.0)),
              0.51)
              << input[i];
        }
      }
    }
  }
}

TEST(Curve, ThatDoesNotExistIsRefused) {
  const auto complaint = [](int activation, int element_bytes) {
    workbench bench(machines[2]);
    const feature_map ifm = bench.tensor(tensor_layout::nhwc, 2, 2, 8);
    const feature_map ofm = bench.tensor(tensor_layout::nhwc, 2, 2, 8, element_bytes);
    operation what = bench.between(kind::pool, ifm, ofm);
    what.activation = activation;
    bench.fill_at_random(ifm);
    bench.add(what);
    EXPECT_THROW(bench.run(), std::runtime_error);
    return bench.complaints();
  };
  for (const int activation : {1, 2, 5, 15, 24}) {
    EXPECT_NE(complaint(activation, 1).find("ACTIVATION is " + std::to_string(activation)),
              std::string::npos);
  }
  EXPECT_NE(complaint(tanh_activation, 4).find("8 or 16 bits"), std::string::npos);
}

} // namespace
