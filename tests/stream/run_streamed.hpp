// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/files.hpp"
#include "../support/random.hpp"

#include <inlay/inlay.hpp>

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <vector>

namespace inlay::test {

using bytes = std::vector<unsigned char>;

/// What an inference gave: the outputs one after the other, and each layer's output.
struct observed {
  bytes outputs;
  std::map<int, bytes> layers;
};

template <class View>
void append(bytes& to, View view) {
  to.insert(to.end(), view.bytes(),
            view.bytes() + View::size() * sizeof(typename View::value_type));
}

template <class Results>
bytes bytes_of_results(const Results& results) {
  bytes all;
  if constexpr (requires { results.bytes(); }) {
    append(all, results);
  } else {
    std::apply([&](auto... views) { (append(all, views), ...); }, results);
  }
  return all;
}

template <class Engine>
auto filled_workspace(unsigned char before) {
  auto memory = std::make_unique<typename Engine::workspace>();
  std::fill(std::begin(memory->arena), std::end(memory->arena), before);
  return memory;
}

/// Runs `engine`, whose steps see whole tensors. Those that only rename are left out.
template <class Network, class Target = targets::reference>
observed run_whole(const bytes& image) {
  using whole = engine<Network, Target>;
  const auto memory = filled_workspace<whole>(0xAA);
  observed result;
  const auto tap = [&](auto layer, auto view) {
    if (layer.name != op::reshape::name && layer.name != op::squeeze::name) {
      append(result.layers[layer.index], view);
    }
  };
  result.outputs = bytes_of_results(
      whole::infer(Network::input::const_view::from_bytes(image.data()), *memory, tap));
  return result;
}

/// Runs a streamed engine once, in an arena whose bytes are all `before`.
template <class Network, image_source Source, class Target = targets::reference,
          int Recomputation = 0>
observed run_streamed(const bytes& image, unsigned char before) {
  using streamed =
      streamed_engine<Network, Target,
                      streamed_options{.image = Source, .recomputation = Recomputation}>;
  const auto memory = filled_workspace<streamed>(before);
  const auto packed = std::make_unique<typename streamed::parameters>();
  streamed::prepare(*packed);
  observed result;
  const auto tap = [&](auto layer, auto row, int y) {
    bytes& rows = result.layers[layer.index];
    EXPECT_EQ(rows.size(), static_cast<std::size_t>(y) * row.size() * sizeof(row[0]))
        << "rows of layer " << layer.index << " come out of order";
    append(rows, row);
  };
  int expected_row = 0;
  const auto rows = [&](auto row, int y) {
    EXPECT_EQ(y, expected_row++) << "rows of the image are asked for out of order";
    const std::size_t size = row.size() * sizeof(row[0]);
    std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(size) * y, size, row.bytes());
  };
  if constexpr (Source == image_source::rows) {
    result.outputs = bytes_of_results(streamed::infer(rows, *packed, *memory, tap));
  } else if constexpr (Source == image_source::arena) {
    std::copy(image.begin(), image.end(), streamed::input(*memory).bytes());
    result.outputs = bytes_of_results(streamed::infer(*packed, *memory, tap));
  } else {
    const auto view = Network::input::const_view::from_bytes(image.data());
    result.outputs = bytes_of_results(streamed::infer(view, *packed, *memory, tap));
  }
  return result;
}

/// The outputs and all layers are the same.
inline void expect_same(const observed& found, const observed& expected) {
  EXPECT_EQ(found.outputs, expected.outputs);
  EXPECT_EQ(found.layers.size(), expected.layers.size());
  for (const auto& [layer, values] : expected.layers) {
    const auto rows = found.layers.find(layer);
    ASSERT_NE(rows, found.layers.end()) << "layer " << layer << " is missing";
    EXPECT_TRUE(rows->second == values) << "layer " << layer;
  }
}

/// The outputs are the same, and all layers but those that are recomputed, of which there is one at
/// least.
inline void expect_same_but_recomputed(const observed& found, observed expected) {
  const std::size_t all = expected.layers.size();
  std::erase_if(expected.layers,
                [&](const auto& layer) { return found.layers.count(layer.first) == 0; });
  EXPECT_LT(found.layers.size(), all);
  expect_same(found, expected);
}

inline bytes random_image(std::size_t size, std::uint64_t seed) {
  random_source random(seed);
  bytes image(size);
  for (unsigned char& each : image) {
    each = static_cast<unsigned char>(random.between(0, 255));
  }
  return image;
}

/// Streams a network from several sources of images and compares with whole tensors.
template <class Network, image_source... Sources>
void expect_streams(const bytes& image) {
  const observed expected = run_whole<Network>(image);
  ASSERT_FALSE(expected.layers.empty());
  for (const unsigned char before : bytes{0x00, 0x55}) {
    SCOPED_TRACE("arena full of " + std::to_string(before));
    (expect_same(run_streamed<Network, Sources>(image, before), expected), ...);
  }
}

template <class Network>
void expect_streams_from_all_sources(const bytes& image) {
  expect_streams<Network, image_source::caller, image_source::arena, image_source::rows>(image);
}

} // namespace inlay::test
