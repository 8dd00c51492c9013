// SPDX-License-Identifier: Apache-2.0
//
//   opencl_MODEL DEVICE
//
// Measures one model on an OpenCL device, and prints JSON: the first inference, from the begin of
// the program to the first scores, and steady ones. Whether caches are full is the caller's
// concern.
#include "../times.hpp"

#include <inlay/program/opencl_program.hpp>
#include <inlay/program/opencl_session.hpp>

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include INLAY_MODEL_HEADER

namespace {

using network = inlay::tflite::network<INLAY_MODEL>;
using program = inlay::opencl_program<network>;
using session = inlay::opencl_session<program>;

/// A value, or the end of the program.
template <class T>
T value_of(inlay::opencl::result<T> made) {
  if (!made) {
    fmt::print(stderr, "{}\n", made.failed().message());
    std::exit(1); // NOLINT(concurrency-mt-unsafe)
  }
  return std::move(*made);
}

/// One inference without a copy on this side.
void infer(session& on) {
  if (const inlay::opencl::error failed = on.infer()) {
    value_of(inlay::opencl::result<int>(failed));
  }
}

/// An input of all values.
void fill(session& on) {
  const auto input = value_of(on.input());
  unsigned char next = 0;
  std::generate_n(input.bytes(), network::input::type.bytes(), [&] { return next += 37; });
}

/// The share of an inference's time in which no kernel runs.
/// @param microseconds the whole, of other inferences than those profiled here
double share_outside(session& on, double microseconds) {
  const std::vector<unsigned char> image(static_cast<std::size_t>(network::input::type.bytes()));
  bench::times busy;
  for (int i = 0; i < 10; ++i) {
    double sum = 0;
    for (const auto& each : value_of(on.runner().profile(image.data()))) {
      sum += each.end - each.begin;
    }
    busy.add(sum);
  }
  return std::max(0.0, 1 - busy.median() / microseconds);
}

bench::times steady(session& on, double microseconds) {
  bench::times taken;
  for (double sum = 0; sum < microseconds;) {
    fill(on);
    const double one = bench::time_of([&] { infer(on); });
    taken.add(one);
    sum += one;
  }
  return taken;
}

} // namespace

int main(int count, char** arguments) {
  const int number = count > 1 ? std::atoi(arguments[1]) : -1;
  std::optional<session> made;
  const double first = bench::time_of([&] {
    const auto device = value_of(inlay::opencl::choose_device(number));
    made.emplace(value_of(session::make(value_of(inlay::opencl::make_queue(device)))));
    fill(*made);
    infer(*made);
  });
  const bench::times taken = steady(*made, 2e6);
  const auto device = made->runner().device();
  session profiled = value_of(session::make(value_of(inlay::opencl::make_queue(device, true))));
  steady(profiled, 2e5);
  const nlohmann::ordered_json printed{
      {"device", fmt::format("{} ({}, driver {})", device.name, device.platform, device.driver)},
      {"dot", inlay::opencl::name_of(made->runner().dot())},
      {"keeps_kernels", device.keeps_kernels},
      {"from_cache", made->runner().origin().from_cache},
      {"note", made->runner().origin().note},
      {"first_us", first},
      {"repeat", taken.count()},
      {"min_us", taken.min()},
      {"median_us", taken.median()},
      {"share_outside_kernels", share_outside(profiled, taken.median())},
      {"launches", program::launches.size()},
      {"arena_bytes", program::arena_bytes},
      {"parameters_bytes", program::parameters_bytes},
      {"source_bytes", program::source.size()}};
  fmt::print("{}\n", printed.dump(2));
  return 0;
}
