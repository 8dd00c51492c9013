// SPDX-License-Identifier: Apache-2.0
#include "corpus_model.hpp"

#include <inlay/targets/mali.hpp>

#include <models/corpus_tiny_mobilenet_v2_int8.hpp>
#include <models/corpus_tiny_mobilenet_v2_uint8.hpp>

namespace {

using inlay::opencl::dot;
using inlay::targets::mali;
using inlay::targets::mali_gpu;
using int8_network = inlay::tflite::network<models::corpus_tiny_mobilenet_v2_int8>;
using uint8_network = inlay::tflite::network<models::corpus_tiny_mobilenet_v2_uint8>;

/// A fused program: the same numbers, and something is fused.
template <class Network, class Target>
void expect_equal(const std::string& name, dot how) {
  using program = inlay::opencl_program<Network, Target>;
  static_assert(program::schedule.step_count < Network::layers);
  inlay::test::expect_layers<program>(INLAY_TEST_MODELS, name, how);
}
template <class Target>
void expect_both(dot first, dot second) {
  expect_equal<int8_network, Target>("tiny_mobilenet_v2_int8", first);
  expect_equal<uint8_network, Target>("tiny_mobilenet_v2_uint8", second);
}

// Each GPU, and each variant of the dot product with signed and unsigned bytes.
TEST(variants, mali_g31) {
  expect_both<mali<mali_gpu::g31>>(dot::plain, dot::arm);
}
TEST(variants, mali_g52) {
  expect_both<mali<mali_gpu::g52>>(dot::arm, dot::arm_accumulate);
}
TEST(variants, mali_g76) {
  expect_both<mali<mali_gpu::g76>>(dot::arm_accumulate, dot::khr);
}
TEST(variants, mali_g57) {
  expect_both<mali<mali_gpu::g57>>(dot::khr, dot::plain);
}
TEST(variants, mali_g77) {
  expect_both<mali<mali_gpu::g77>>(dot::plain, dot::khr);
}
TEST(variants, mali_g610) {
  expect_both<mali<mali_gpu::g610>>(dot::arm, dot::arm);
}
TEST(variants, generic) {
  expect_both<inlay::targets::opencl>(dot::plain, dot::plain);
}
TEST(variants, generic_with_dot) {
  expect_both<inlay::targets::opencl>(dot::khr, dot::khr);
}

constexpr std::string_view both = "cl_khr_fp16 cl_arm_integer_dot_product_int8 "
                                  "cl_arm_integer_dot_product_accumulate_int8";
static_assert(inlay::opencl::dot_of("") == dot::plain);
static_assert(inlay::opencl::dot_of("cl_khr_fp16 cl_khr_integer_dot_product") == dot::khr);
static_assert(inlay::opencl::dot_of(both) == dot::arm_accumulate);
static_assert(inlay::opencl::dot_of("cl_arm_integer_dot_product_int8 x") == dot::arm);
static_assert(inlay::opencl::dot_of("cl_arm_integer_dot_product_accumulate_int16") == dot::plain);

} // namespace
