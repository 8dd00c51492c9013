// SPDX-License-Identifier: Apache-2.0
#include "../support/files.hpp"

#include <inlay/import/tflite.hpp>
#include <inlay/models/mobilenet_v2.hpp>
#include <inlay/program/engine.hpp>

#include <models/golden_int8.hpp>

#include <gtest/gtest.h>

// The hand-written family with the parameters of the real file is the file, layer by layer.

namespace {

using namespace inlay;

using from_file = tflite::network<models::golden_int8>;

static_assert(from_file::multiply_accumulates == 300'775'552);
static_assert(from_file::parameters == 3'471'040);
static_assert(from_file::counts.biases * 4 == 72'228);
static_assert(from_file::layers == 68);
static_assert(from_file::input::shape == shape{224, 224, 3});
static_assert(from_file::input::element == element::uint8);
static_assert(from_file::output<>::shape == shape{1001});

/// Operator I by hand is operator I + 1 of the file, which quantizes its uint8 input first.
struct file_parameters {
  static constexpr quantization input = from_file::layer<0>::output::quantization;

  template <int Index>
  struct layer {
    static constexpr operands around = from_file::graph.around(from_file::graph[Index + 1]);
    static constexpr inlay::quantization quantization = around.output->type.quantization;
    static constexpr constant weights = around.has(1) ? around[1].data : constant{};
    static constexpr constant scales = around.has(1) ? around[1].channel_scales : constant{};
    static constexpr constant bias = around.has(2) ? around[2].data : constant{};
  };
};

using by_hand = mobilenet_v2<1.0, 224, 1001, file_parameters>;

static_assert(by_hand::layers == 66);
static_assert(by_hand::counts == from_file::counts);

TEST(mobilenet_v2, with_the_files_parameters_is_the_file) {
  const auto picture = inlay::test::shared_folder() / "golden/tf2_mobilenet_v2_1.0_224_ptq/cat";
  const auto input = inlay::test::read_file(picture / "input.bin");
  ASSERT_EQ(input.size(), from_file::input::shape.elements());

  constexpr engine_options observed{.keep_every_tensor = true};
  using file_engine = engine<from_file, targets::reference, observed>;
  using hand_engine = engine<by_hand, targets::reference, observed>;
  static constinit file_engine::workspace file_memory;
  static constinit hand_engine::workspace hand_memory;
  std::vector<std::vector<unsigned char>> layers;
  file_engine::infer(from_file::input::const_view(input.data()), file_memory, [&](auto, auto view) {
    layers.emplace_back(view.bytes(), view.bytes() + view.size());
  });
  ASSERT_EQ(layers.size(), 68U);

  const auto image = by_hand::input::const_view::from_bytes(layers[0].data());
  int seen = 0;
  hand_engine::infer(image, hand_memory, [&](auto layer, auto view) {
    const auto& expected = layers[static_cast<std::size_t>(layer.index) + 1];
    ASSERT_EQ(view.size(), expected.size());
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), view.bytes()))
        << "layer " << layer.index << " (" << layer.name << ")";
    ++seen;
  });
  EXPECT_EQ(seen, 66);
}

} // namespace
