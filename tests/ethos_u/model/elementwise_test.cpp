// SPDX-License-Identifier: Apache-2.0
#include "workbench.hpp"

#include <inlay/numerics/fixed_point.hpp>

#include <algorithm>
#include <bit>
#include <functional>
#include <gtest/gtest.h>

// Elementwise operations, against what TensorFlow Lite computes.

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;
using std::int64_t;

void add_case(const machine& npu, std::uint64_t seed, bool subtracts) {
  workbench bench(npu, seed);
  random_source& random = bench.random();
  feature_map a = bench.tensor(tensor_layout::nhcwb16, 3, 4, 20);
  feature_map b = bench.tensor(tensor_layout::nhwc, 3, 4, 20);
  feature_map ofm = bench.tensor(tensor_layout::nhwc, 3, 4, 20);
  a.zero_point = static_cast<int>(random.between(-128, 127));
  b.zero_point = static_cast<int>(random.between(-128, 127));
  ofm.zero_point = static_cast<int>(random.between(-128, 127));
  const double scale_a = random.real(0.001, 0.1);
  const double scale_b = random.real(0.001, 0.1);
  const double scale_out = random.real(0.01, 0.2);
  const double twice = 2 * std::max(scale_a, scale_b);
  operation what = bench.between(kind::elementwise, a, ofm);
  what.ifm2 = b;
  what.parameter = static_cast<int>(subtracts ? elementwise::sub : elementwise::add);
  what.global_scale = true;
  what.ofm_scale = scale_of(twice / (scale_out * (1 << 20)));
  const bool swaps = random.one_in(2);
  what.broadcast = swaps ? 0x40 : 0;
  // Operands are named after they are swapped.
  const bool scales_ifm = scale_a < scale_b;
  what.scale_mode = scales_ifm != swaps ? 1 : 2;
  const double lesser = std::min(scale_a, scale_b);
  what.opa_scale = scale_of(lesser * (1 << 20) / twice);
  bench.fill_at_random(a);
  bench.fill_at_random(b);
  bench.add(what);
  ASSERT_EQ(bench.complaints(), "");
  bench.run();
  const auto left = bench.values(a);
  const auto right = bench.values(b);
  const auto result = bench.values(ofm);
  const auto by_a = inlay::quantize_multiplier(scale_a / twice);
  const auto by_b = inlay::quantize_multiplier(scale_b / twice);
  const auto by_out = inlay::quantize_multiplier(twice / (scale_out * (1 << 20)));
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto raised = [](int64_t value, int zero_point) {
      return static_cast<std::int32_t>((value - zero_point) * (1 << 20));
    };
    const std::int32_t x = inlay::multiply(raised(left[i], a.zero_point), by_a);
    const std::int32_t y = inlay::multiply(raised(right[i], b.zero_point), by_b);
    const std::int32_t sum = !subtracts ? x + y : swaps ? y - x : x - y;
    ASSERT_EQ(result[i], std::clamp(inlay::multiply(sum, by_out) + ofm.zero_point, -128, 127))
        << "element " << i;
  }
}

TEST(Elementwise, SumsAndDifferencesEqualThoseOfTensorFlowLite) {
  for (const machine& npu : machines) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      SCOPED_TRACE(std::string(npu.name) + ", seed " + std::to_string(seed));
      ASSERT_NO_FATAL_FAILURE(add_case(npu, seed, seed % 3 == 0));
    }
  }
}

/// One operation of 32 bits with all ways to give the second operand.
void expect_elementwise(elementwise mode, rounding how, int broadcast,
                        const std::function<int64_t(int64_t, int64_t)>& wanted, int most_b,
                        int64_t most_a) {
  workbench bench(machines[2], static_cast<std::uint64_t>(broadcast));
  random_source& random = bench.random();
  const feature_map a = bench.tensor(tensor_layout::nhcwb16, 2, 3, 17, 4);
  const feature_map b =
      bench.tensor(tensor_layout::nhwc, (broadcast & 1) != 0 ? 1 : 2, (broadcast & 2) != 0 ? 1 : 3,
                   (broadcast & 4) != 0 ? 1 : 17, 4);
  const feature_map ofm = bench.tensor(tensor_layout::nhwc, 2, 3, 17, 4);
  operation what = bench.between(kind::elementwise, a, ofm);
  what.parameter = static_cast<int>(mode);
  what.ifm2 = b;
  what.broadcast = broadcast;
  what.scalar = 9;
  what.rounding = how;
  what.opa_scale = {1, 0};
  what.opb_scale = {1, 0};
  const auto some = [&](const feature_map& map, int64_t least, int64_t most) {
    std::vector<int64_t> values(static_cast<std::size_t>(map.height * map.width * map.depth));
    for (int64_t& value : values) {
      value = random.between(least, most);
    }
    bench.fill(map, values);
  };
  some(a, -most_a, most_a);
  some(b, 0, most_b);
  bench.add(what);
  ASSERT_EQ(bench.complaints(), "");
  bench.run();
  const auto left = bench.values(a);
  const auto right = bench.values(b);
  const auto result = bench.values(ofm);
  std::size_t at = 0;
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) {
      for (int c = 0; c < 17; ++c, ++at) {
        const int index = ((b.height == 1 ? 0 : y) * b.width + (b.width == 1 ? 0 : x)) * b.depth +
                          (b.depth == 1 ? 0 : c);
        const int64_t second = (broadcast & 0x80) != 0 ? 9 : right[static_cast<std::size_t>(index)];
        const bool swaps = (broadcast & 0x40) != 0;
        const int64_t value = swaps ? wanted(second, left[at]) : wanted(left[at], second);
        ASSERT_EQ(result[at], std::clamp<int64_t>(value, INT32_MIN, INT32_MAX)) << at;
      }
    }
  }
}

TEST(Elementwise, OperationsOf32Bits) {
  constexpr int64_t most = INT32_MAX;
  for (const int broadcast : {0, 1, 2, 4, 7, 0x80, 3}) {
    SCOPED_TRACE("broadcast " + std::to_string(broadcast));
    const auto expect = [&](elementwise mode, const auto& wanted, int most_b, int64_t most_a,
                            rounding how = rounding::tflite) {
      SCOPED_TRACE("mode " + std::to_string(static_cast<int>(mode)));
      ASSERT_NO_FATAL_FAILURE(expect_elementwise(mode, how, broadcast, wanted, most_b, most_a));
    };
    expect(
        elementwise::mul, [](int64_t a, int64_t b) { return a * b; }, 500, most);
    expect(
        elementwise::add, [](int64_t a, int64_t b) { return a + b; }, INT32_MAX, most);
    expect(
        elementwise::sub, [](int64_t a, int64_t b) { return a - b; }, INT32_MAX, most);
    expect(
        elementwise::min, [](int64_t a, int64_t b) { return std::min(a, b); }, 99, 200);
    expect(
        elementwise::max, [](int64_t a, int64_t b) { return std::max(a, b); }, 99, 200);
    expect(
        elementwise::shl, [](int64_t a, int64_t b) { return a * (int64_t{1} << b); }, 31, most);
    expect(
        elementwise::shr,
        [](int64_t a, int64_t b) {
          return int64_t{
              inlay::rounding_divide_by_pot(static_cast<std::int32_t>(a), static_cast<int>(b))};
        },
        31, most);
    expect(
        elementwise::shr,
        [](int64_t a, int64_t b) { return b == 0 ? a : ((a >> (b - 1)) + 1) >> 1; }, 31, most,
        rounding::natural);
  }
  ASSERT_NO_FATAL_FAILURE(expect_elementwise(
      elementwise::sub, rounding::tflite, 0x40, [](int64_t a, int64_t b) { return a - b; }, 1000,
      1000));
  ASSERT_NO_FATAL_FAILURE(expect_elementwise(
      elementwise::clz, rounding::tflite, 0,
      [](int64_t a, int64_t) { return int64_t{std::countl_zero(static_cast<std::uint32_t>(a))}; },
      1, most));
}

TEST(Elementwise, TheMultiplicationOf32BitsIsTheHighOneWhenScaledByAHalf) {
  workbench bench(machines[4]);
  const feature_map a = bench.tensor(tensor_layout::nhwc, 1, 1, 100, 4);
  const feature_map b = bench.tensor(tensor_layout::nhwc, 1, 1, 100, 4);
  const feature_map ofm = bench.tensor(tensor_layout::nhwc, 1, 1, 100, 4);
  operation what = bench.between(kind::elementwise, a, ofm);
  what.ifm2 = b;
  what.global_scale = true;
  what.ofm_scale = {1U << 30, 31};
  bench.fill_at_random(a);
  bench.fill_at_random(b);
  bench.add(what);
  ASSERT_EQ(bench.complaints(), "");
  bench.run();
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(bench.values(ofm)[i], inlay::saturating_rounding_doubling_high_mul(
                                        static_cast<std::int32_t>(bench.values(a)[i]),
                                        static_cast<std::int32_t>(bench.values(b)[i])));
  }
}

TEST(Elementwise, OfOneOperand) {
  for (const elementwise mode : {elementwise::lrelu, elementwise::abs}) {
    workbench bench(machines[3]);
    feature_map a = bench.tensor(tensor_layout::nhcwb16, 2, 2, 33);
    feature_map ofm = bench.tensor(tensor_layout::nhcwb16, 2, 2, 33);
    a.zero_point = 5;
    ofm.zero_point = -7;
    operation what = bench.between(kind::elementwise, a, ofm);
    what.parameter = static_cast<int>(mode);
    what.global_scale = true;
    what.ofm_scale = scale_of(0.3);
    bench.fill_at_random(a);
    bench.add(what);
    ASSERT_EQ(bench.complaints(), "");
    bench.run();
    const auto input = bench.values(a);
    for (std::size_t i = 0; i < input.size(); ++i) {
      const auto value = static_cast<std::int32_t>(input[i] - 5);
      const auto by = inlay::quantize_multiplier(0.3);
      const std::int32_t wanted = mode == elementwise::abs ? inlay::multiply(std::abs(value), by)
                                  : value >= 0             ? value
                                                           : inlay::multiply(value, by);
      ASSERT_EQ(bench.values(ofm)[i], std::clamp(wanted - 7, -128, 127));
    }
  }
}

} // namespace
