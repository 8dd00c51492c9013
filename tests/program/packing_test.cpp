// SPDX-License-Identifier: Apache-2.0
#include "tiny_network.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

// A target that uses all that an engine offers: packed constants, scratch memory, units.

namespace {

using namespace inlay;
using namespace inlay::test;

template <auto Step>
constexpr bool is_convolution =
    std::is_same_v<std::remove_const_t<decltype(Step)>, step::convolution>;

struct packing : targets::reference {
  static constexpr std::int64_t alignment = 32;

  template <auto Step>
  static constexpr std::size_t weights_bytes = static_cast<std::size_t>(
      Step.out.channels* Step.in.channels* Step.window.kernel.height* Step.window.kernel.width);

  // Multipliers, biases, weights.
  template <auto Step>
  static constexpr std::size_t packed_bytes = [] {
    if constexpr (is_convolution<Step>) {
      return 12 * static_cast<std::size_t>(Step.out.channels) + weights_bytes<Step>;
    } else {
      return std::size_t{0};
    }
  }();
  template <auto Step>
  static constexpr std::size_t scratch_bytes = [] {
    if constexpr (is_convolution<Step>) {
      return static_cast<std::size_t>(Step.out.elements());
    } else {
      return std::size_t{0};
    }
  }();
  template <auto Step>
  static constexpr std::int32_t units = [] {
    if constexpr (is_convolution<Step>) {
      return Step.out.height;
    } else {
      return 1;
    }
  }();

  template <auto Step>
  static void pack(kernels::layers constants, unsigned char* out) noexcept {
    const layer_constants& only = constants.front();
    for (std::size_t c = 0; c < static_cast<std::size_t>(Step.out.channels); ++c) {
      const quantized_multiplier by = only.scaling.multiplier(only.multiplier_count == 1 ? 0 : c);
      const std::int32_t bias = only.bias.empty() ? 0 : only.bias.at<std::int32_t>(c);
      std::memcpy(out + 8 * c, &by, 8);
      std::memcpy(out + 8 * static_cast<std::size_t>(Step.out.channels) + 4 * c, &bias, 4);
    }
    std::memcpy(out + 12 * Step.out.channels, only.weights.bytes, weights_bytes<Step>);
  }

  /// All of it into scratch memory, then the rows that are asked for to where they belong.
  template <auto Step>
  static void run(const kernels::arguments& given) noexcept {
    if constexpr (is_convolution<Step>) {
      const auto channels = static_cast<std::size_t>(Step.out.channels);
      kernels::arguments whole = given;
      whole.output = given.scratch;
      whole.multipliers = reinterpret_cast<const quantized_multiplier*>(given.packed);
      whole.bias = {given.packed + 8 * channels, 4 * channels};
      whole.weights = {given.packed + 12 * channels, weights_bytes<Step>};
      targets::reference::run<Step>(whole);
      const std::int32_t row = Step.out.width * Step.out.channels;
      const std::int32_t begin = given.units.first * row;
      std::memcpy(given.output + begin, given.scratch + begin,
                  static_cast<std::size_t>(given.units.last * row - begin));
    } else {
      targets::reference::run<Step>(given);
    }
  }
};

/// Calls all parts at once, each on a thread of its own, the last first.
struct crowd {
  int& divided;
  template <class Work>
  void operator()(int parts, const Work& work) const {
    ++divided;
    std::vector<std::thread> threads;
    for (int part = parts - 1; part >= 0; --part) {
      threads.emplace_back([&work, part] { work(part); });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
};

template <engine_options Options>
std::vector<int> layers_by_packing() {
  using runner = engine<tiny, packing, Options>;
  static_assert(runner::parameters_bytes > 0 && runner::parameters_bytes % 32 == 0);
  typename runner::parameters packed;
  std::memset(packed.packed, 0xA5, sizeof packed.packed);
  runner::prepare(packed);
  const typename runner::parameters& shared = packed;
  typename runner::workspace memory;
  std::vector<int> seen;
  int divided = 0;
  const auto tap = [&](auto, auto view) { seen.insert(seen.end(), view.begin(), view.end()); };
  if constexpr (Options.input == placement::arena) {
    std::copy(tiny_image.begin(), tiny_image.end(), runner::input(memory).begin());
    runner::infer_on(crowd{divided}, shared, memory, tap);
  } else {
    runner::infer_on(crowd{divided}, tiny_image, shared, memory, tap);
  }
  // The two convolutions over two rows are divided; the classifier has one row.
  EXPECT_EQ(divided, Options.threads > 1 ? 2 : 0);
  return seen;
}

const std::vector<int> expected(tiny_layers.begin(), tiny_layers.end());

TEST(packing, gives_each_step_its_constants_and_each_part_its_memory) {
  EXPECT_EQ(layers_by_packing<engine_options{.keep_every_tensor = true}>(), expected);
  EXPECT_EQ((layers_by_packing<engine_options{.keep_every_tensor = true, .threads = 2}>()),
            expected);
  EXPECT_EQ((layers_by_packing<engine_options{
                 .input = placement::arena, .keep_every_tensor = true, .threads = 3}>()),
            expected);
}

// The reference's run_row, which this target inherits, knows nothing of packed constants.
TEST(packing, streams_steps_with_packed_constants_whole) {
  using runner = streamed_engine<tiny, packing>;
  runner::parameters packed;
  runner::prepare(packed);
  runner::workspace memory;
  std::vector<int> seen;
  const auto tap = [&](auto, auto row, int) { seen.insert(seen.end(), row.begin(), row.end()); };
  runner::infer(tiny_image, packed, memory, tap);
  std::sort(seen.begin(), seen.end());
  std::vector<int> layers = expected;
  std::sort(layers.begin(), layers.end());
  EXPECT_EQ(seen, layers);
}

TEST(packing, parameters_are_shared_by_inferences) {
  using runner = engine<tiny, packing>;
  runner::parameters packed;
  runner::prepare(packed);
  for (int i = 0; i < 3; ++i) {
    runner::workspace memory;
    const auto scores = runner::infer(tiny_image, packed, memory);
    EXPECT_EQ(scores[0], tiny_layers[27]);
    EXPECT_EQ(scores[1], tiny_layers[28]);
  }
}

// A target that packs nothing has no parameters, which may be given all the same.
using plain = engine<tiny, targets::reference>;
static_assert(plain::parameters_bytes == 0);
static_assert([] {
  plain::parameters none;
  plain::prepare(none);
  plain::workspace memory;
  return plain::infer(tiny_image, none, memory)[0];
}() == tiny_layers[27]);

} // namespace
