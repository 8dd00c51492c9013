// SPDX-License-Identifier: Apache-2.0
//
// Kernels one at a time, on shapes of MobileNetV2 1.0 224. A target is measured by adding it to
// `add_all` in main.
#include <inlay/targets/reference.hpp>

#include <benchmark/benchmark.h>
#include <random>
#include <vector>

namespace {

using namespace inlay;

constexpr value_range relu6{-128, 127};

constexpr step::convolution convolution(step::image in, step::image out, step::sliding_window by) {
  return {.in = in,
          .out = out,
          .window = by,
          .input_zero_point = -128,
          .output_zero_point = -128,
          .clamp = relu6};
}
constexpr step::convolution pointwise(int side, int in, int out) {
  return convolution({side, side, in}, {side, side, out}, {});
}
/// 3x3 with SAME padding, whose first row and column lie outside only if the stride is 1.
constexpr step::sliding_window three_by_three(int stride) {
  return {.kernel = {3, 3},
          .stride = {stride, stride},
          .padding_top = stride == 1,
          .padding_left = stride == 1};
}
constexpr step::depthwise_convolution depthwise(int side, int channels, int stride) {
  return {.in = {side, side, channels},
          .out = {side / stride, side / stride, channels},
          .window = three_by_three(stride),
          .input_zero_point = -128,
          .output_zero_point = -128,
          .clamp = relu6};
}
constexpr step::add add(int side, int channels) {
  return {.elements = std::int64_t{side} * side * channels,
          .first_multiplier = quantize_multiplier(0.5),
          .second_multiplier = quantize_multiplier(0.4),
          .output_multiplier = quantize_multiplier(1.9 / (1 << step::add::left_shift)),
          .clamp = {-128, 127}};
}

constexpr auto first_convolution = convolution({224, 224, 3}, {112, 112, 32}, three_by_three(2));
constexpr auto depthwise_112x112x32 = depthwise(112, 32, 1);
constexpr auto depthwise_112x112x96_stride_2 = depthwise(112, 96, 2);
constexpr auto depthwise_14x14x384 = depthwise(14, 384, 1);
constexpr auto pointwise_112x112_16_to_96 = pointwise(112, 16, 96);
constexpr auto pointwise_56x56_144_to_24 = pointwise(56, 144, 24);
constexpr auto pointwise_14x14_96_to_576 = pointwise(14, 96, 576);
constexpr auto pointwise_7x7_960_to_320 = pointwise(7, 960, 320);
constexpr auto fully_connected_1280_to_1001 = pointwise(1, 1280, 1001);
constexpr auto add_56x56x24 = add(56, 24);
constexpr step::mean mean_7x7x1280{.in = {7, 7, 1280}, .multiplier = quantize_multiplier(0.02)};
constexpr step::softmax softmax_1001{
    .depth = 1001, .multiplier = quantize_multiplier(5e6), .least_difference = -420};

struct cost {
  std::int64_t inputs = 0;
  std::int64_t outputs = 0;
  std::int64_t weights = 0;
  std::int64_t channels = 0;
  std::int64_t multiply_accumulates = 0;
};

constexpr cost cost_of(const step::convolution& what) {
  const std::int64_t taps =
      std::int64_t{what.window.kernel.height} * what.window.kernel.width * what.in.channels;
  return {what.in.elements(), what.out.elements(), taps * what.out.channels, what.out.channels,
          taps * what.out.elements()};
}
constexpr cost cost_of(const step::depthwise_convolution& what) {
  const std::int64_t taps = std::int64_t{what.window.kernel.height} * what.window.kernel.width;
  return {what.in.elements(), what.out.elements(), taps * what.out.channels, what.out.channels,
          taps * what.out.elements()};
}
constexpr cost cost_of(const step::add& what) {
  return {what.elements, what.elements};
}
constexpr cost cost_of(const step::mean& what) {
  return {what.in.elements(), what.in.channels};
}
constexpr cost cost_of(const step::softmax& what) {
  return {std::int64_t{what.rows} * what.depth, std::int64_t{what.rows} * what.depth};
}

std::vector<unsigned char> random_bytes(std::int64_t count) {
  std::vector<unsigned char> bytes(static_cast<std::size_t>(count));
  std::minstd_rand random;
  for (unsigned char& each : bytes) {
    each = static_cast<unsigned char>(random() % 256);
  }
  return bytes;
}

/// Times one step of a target and counts its products and the elements that it writes.
template <class Target, auto Step>
void run(benchmark::State& state) {
  constexpr cost sizes = cost_of(Step);
  const auto first = random_bytes(sizes.inputs);
  const auto second = random_bytes(sizes.inputs);
  const auto weights = random_bytes(sizes.weights);
  const std::vector<unsigned char> bias(static_cast<std::size_t>(sizes.channels) * 4);
  const std::vector multipliers(static_cast<std::size_t>(sizes.channels),
                                quantize_multiplier(0.001));
  std::vector<unsigned char> output(static_cast<std::size_t>(sizes.outputs));
  const kernels::arguments given{.inputs = {first.data(), second.data()},
                                 .output = output.data(),
                                 .weights = {weights.data(), weights.size()},
                                 .bias = {bias.data(), bias.size()},
                                 .multipliers = multipliers.data()};
  for ([[maybe_unused]] auto _ : state) {
    Target::template run<Step>(given);
    benchmark::DoNotOptimize(output.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * sizes.outputs);
  if (sizes.multiply_accumulates > 0) {
    state.counters["MAC/s"] = benchmark::Counter(static_cast<double>(sizes.multiply_accumulates),
                                                 benchmark::Counter::kIsIterationInvariantRate);
  }
}

template <class Target, auto Step>
void add_step(std::string_view name) {
  const std::string full = std::string(Target::name) + "/" + std::string(name);
  benchmark::RegisterBenchmark(full.c_str(), run<Target, Step>)->Unit(benchmark::kMicrosecond);
}

template <class Target>
void add_all() {
  add_step<Target, first_convolution>("first convolution 3x3 stride 2");
  add_step<Target, depthwise_112x112x32>("depthwise 112x112x32");
  add_step<Target, depthwise_112x112x96_stride_2>("depthwise 112x112x96 stride 2");
  add_step<Target, depthwise_14x14x384>("depthwise 14x14x384");
  add_step<Target, pointwise_112x112_16_to_96>("pointwise 112x112 16 to 96");
  add_step<Target, pointwise_56x56_144_to_24>("pointwise 56x56 144 to 24");
  add_step<Target, pointwise_14x14_96_to_576>("pointwise 14x14 96 to 576");
  add_step<Target, pointwise_7x7_960_to_320>("pointwise 7x7 960 to 320");
  add_step<Target, fully_connected_1280_to_1001>("fully connected 1280 to 1001");
  add_step<Target, add_56x56x24>("add 56x56x24");
  add_step<Target, mean_7x7x1280>("mean 7x7x1280");
  add_step<Target, softmax_1001>("softmax 1001");
}

} // namespace

int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) {
    return 1;
  }
  add_all<targets::reference>();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
