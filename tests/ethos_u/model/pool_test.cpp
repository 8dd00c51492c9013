// SPDX-License-Identifier: Apache-2.0
#include "scaling.hpp"
#include "workbench.hpp"

#include <inlay/numerics/fixed_point.hpp>

#include <algorithm>
#include <gtest/gtest.h>

// Roundings, pools and look-ups, against what TensorFlow Lite computes.

namespace {

using namespace inlay::test;
using namespace inlay::test::npu_model;
using std::int64_t;

TEST(Rounding, IsTheDoubleRoundingOfTensorFlowLite) {
  random_source random(7);
  for (int i = 0; i < 200000; ++i) {
    const std::int32_t value = random.any_int32();
    const double real = random.real(0, 1) * (random.one_in(2) ? 1 : 1e-4) + 1e-9;
    const auto by = inlay::quantize_multiplier(real);
    ASSERT_EQ(scaled(value, scale_of(real), rounding::tflite), inlay::multiply(value, by))
        << value << " by " << real;
  }
}

TEST(Rounding, OfTiesGoesThreeWays) {
  constexpr scale half{1, 1};
  EXPECT_EQ(scaled(-3, half, rounding::truncate), -1);
  EXPECT_EQ(scaled(3, half, rounding::truncate), 1);
  EXPECT_EQ(scaled(-3, half, rounding::natural), -1);
  EXPECT_EQ(scaled(3, half, rounding::natural), 2);
  EXPECT_EQ(shifted(-3, 1, rounding::tflite), -2);
  EXPECT_EQ(shifted(-3, 1, rounding::natural), -1);
  EXPECT_EQ(shifted(-3, 1, rounding::truncate), -1);
  EXPECT_EQ(divided(-5, 2, rounding::tflite), -3);
  EXPECT_EQ(divided(-5, 2, rounding::natural), -2);
  EXPECT_EQ(divided(-5, 2, rounding::truncate), -2);
  EXPECT_EQ(divided(5, 2, rounding::natural), 3);
  EXPECT_EQ(divided(-6, 4, rounding::natural), -1);
  EXPECT_EQ(divided(-7, 4, rounding::natural), -2);
}

/// int8 through a table of SHRAM, loaded by DMA; entries of 1 or 4 bytes.
void table_case(const machine& npu, int element_bytes) {
  workbench bench(npu);
  const int64_t table_bytes = 256 * element_bytes;
  const feature_map table = bench.tensor(tensor_layout::nhwc, 1, 1, 256, element_bytes);
  const feature_map a = bench.tensor(tensor_layout::nhwc, 4, 4, 16);
  const feature_map ofm = bench.tensor(tensor_layout::nhwc, 4, 4, 16, element_bytes);
  bench.fill_at_random(table);
  bench.fill_at_random(a);
  operation what = bench.between(kind::elementwise, a, ofm);
  what.input_end = npu.top(true);
  what.sum_start = npu.top(true);
  what.parameter = static_cast<int>(elementwise::max);
  what.broadcast = 0x80;
  what.ifm2.is_signed = true;
  what.scalar = -128;
  const int slot = element_bytes == 1 ? 3 : 4;
  what.activation = 16 + slot + (element_bytes == 4 ? 3 << 12 : 0);
  what.activation_min = -128;
  what.activation_max = 127;
  bench.add_transfer(table, slot * 256, table_bytes);
  bench.add_wait(kind::dma_wait, 0);
  bench.add(what);
  ASSERT_EQ(bench.complaints(), "");
  bench.run();
  const auto entries = bench.values(table);
  const auto input = bench.values(a);
  for (std::size_t i = 0; i < input.size(); ++i) {
    ASSERT_EQ(bench.values(ofm)[i], entries[static_cast<std::size_t>(input[i] + 128)]);
  }
  bench.stream().operations.erase(bench.stream().operations.begin());
  EXPECT_THROW(bench.run(), std::runtime_error) << "nobody loads the table";
}

TEST(Table, IsReadFromSharedMemory) {
  for (const machine& npu : machines) {
    SCOPED_TRACE(npu.name);
    ASSERT_NO_FATAL_FAILURE(table_case(npu, 1));
    ASSERT_NO_FATAL_FAILURE(table_case(npu, 4));
  }
}

void pool_case(pooling mode, bool global, std::uint64_t seed) {
  workbench bench(machines[seed % machines.size()], seed);
  random_source& random = bench.random();
  const auto any = [&](int low, int high) { return static_cast<int>(random.between(low, high)); };
  const int kernel = any(1, 4);
  const int stride = any(1, 3);
  const int pad = global ? 0 : any(0, kernel - 1);
  const int rows = any(1, 4);
  const int extent = (rows - 1) * stride + kernel - pad;
  if (extent < 1) {
    return;
  }
  feature_map ifm = bench.tensor(tensor_layout::nhcwb16, extent, extent, 19);
  feature_map ofm = bench.tensor(tensor_layout::nhwc, rows, rows, 19);
  ifm.zero_point = any(-128, 127);
  ofm.zero_point = mode == pooling::maximum ? ifm.zero_point : any(-128, 127);
  operation what = bench.between(kind::pool, ifm, ofm);
  what.parameter = static_cast<int>(mode);
  what.kernel_height = what.kernel_width = kernel;
  what.stride_y = what.stride_x = stride;
  what.pad_top = what.pad_right = pad;
  what.global_scale = global;
  const double real = 1.0 / (kernel * kernel) * 0.9;
  what.ofm_scale = scale_of(real);
  bench.fill_at_random(ifm);
  bench.add(what);
  ASSERT_EQ(bench.complaints(), "");
  bench.run();
  const auto input = bench.values(ifm);
  const auto result = bench.values(ofm);
  std::size_t at = 0;
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < rows; ++x) {
      for (int c = 0; c < 19; ++c, ++at) {
        int sum = 0;
        int count = 0;
        int greatest = INT32_MIN;
        for (int i = std::max(0, y * stride - pad); i < std::min(extent, y * stride - pad + kernel);
             ++i) {
          for (int j = x * stride; j < std::min(extent, x * stride + kernel); ++j) {
            const auto value = static_cast<int>(
                input[static_cast<std::size_t>((i * extent + j) * 19 + c)] - ifm.zero_point);
            sum += value;
            greatest = std::max(greatest, value);
            ++count;
          }
        }
        int wanted = greatest;
        if (mode == pooling::average) {
          wanted = global ? inlay::multiply(sum, inlay::quantize_multiplier(real))
                          : (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
        }
        ASSERT_EQ(result[at], std::clamp(wanted + ofm.zero_point, -128, 127)) << at;
      }
    }
  }
}

TEST(Pool, LeavesPaddingOut) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(pool_case(pooling::maximum, false, seed));
    ASSERT_NO_FATAL_FAILURE(pool_case(pooling::average, false, seed));
    ASSERT_NO_FATAL_FAILURE(pool_case(pooling::average, true, seed));
  }
}

TEST(Pool, SumsChannels) {
  workbench bench(machines[2]);
  const feature_map ifm = bench.tensor(tensor_layout::nhwc, 3, 2, 50, 4);
  const feature_map ofm = bench.tensor(tensor_layout::nhwc, 3, 2, 1, 4);
  operation what = bench.between(kind::pool, ifm, ofm);
  what.parameter = static_cast<int>(pooling::reduce_sum);
  bench.fill_at_random(ifm);
  bench.add(what);
  ASSERT_EQ(bench.complaints(), "");
  bench.run();
  const auto input = bench.values(ifm);
  for (std::size_t i = 0; i < 6; ++i) {
    int64_t sum = 0;
    for (std::size_t c = 0; c < 50; ++c) {
      sum += input[i * 50 + c];
    }
    EXPECT_EQ(bench.values(ofm)[i], std::clamp<int64_t>(sum, INT32_MIN, INT32_MAX));
  }
}

} // namespace
