// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/files.hpp"

#include <inlay/import/tflite.hpp>
#include <inlay/program/engine.hpp>

#include <gtest/gtest.h>
#include <map>
#include <memory>

namespace inlay::test {

using bytes = std::vector<unsigned char>;

template <class View>
bytes bytes_of_view(View view) {
  return {view.bytes(), view.bytes() + View::size() * sizeof(typename View::value_type)};
}

/// What one inference gave: the network's outputs, and what the taps saw by operator.
struct recorded {
  std::vector<bytes> outputs;
  std::map<int, bytes> layers;
};

/// Runs an engine once, in an arena whose bytes are all `before`.
template <class Engine>
recorded run_engine(const bytes& input, unsigned char before) {
  using network = typename Engine::network;
  const auto memory = std::make_unique<typename Engine::workspace>();
  std::fill(std::begin(memory->arena), std::end(memory->arena), before);
  const auto packed = std::make_unique<typename Engine::parameters>();
  std::fill(std::begin(packed->packed), std::end(packed->packed), before);
  Engine::prepare(*packed);
  recorded result;
  const auto tap = [&](auto layer, auto view) {
    EXPECT_TRUE(result.layers.emplace(layer.index, bytes_of_view(view)).second)
        << "operator " << layer.index << " is tapped twice";
  };
  const auto keep = [&](const auto&... views) {
    (result.outputs.push_back(bytes_of_view(views)), ...);
  };
  const auto keep_all = [&](const auto& outputs) {
    if constexpr (network::outputs == 1) {
      keep(outputs);
    } else {
      std::apply(keep, outputs);
    }
  };
  using given = typename network::input;
  EXPECT_EQ(input.size(), given::const_view::size() * sizeof(typename given::value_type));
  if constexpr (Engine::options.input == placement::arena) {
    std::copy(input.begin(), input.end(), Engine::input(*memory).bytes());
    keep_all(Engine::infer(std::as_const(*packed), *memory, tap));
  } else {
    keep_all(Engine::infer(given::const_view::from_bytes(input.data()), std::as_const(*packed),
                           *memory, tap));
  }
  return result;
}

/// A message that names the first difference, instead of two heaps of bytes.
inline testing::AssertionResult equal(const bytes& found, const bytes& expected) {
  if (found.size() != expected.size()) {
    return testing::AssertionFailure() << found.size() << " bytes, expected " << expected.size();
  }
  const auto [at, other] = std::mismatch(found.begin(), found.end(), expected.begin());
  if (at == found.end()) {
    return testing::AssertionSuccess();
  }
  std::size_t different = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    different += found[i] == expected[i] ? 0 : 1;
  }
  return testing::AssertionFailure()
         << different << " of " << found.size() << " bytes differ, first byte "
         << at - found.begin() << ": " << int{*at} << ", expected " << int{*other};
}

inline void expect_equal(const recorded& found, const std::vector<bytes>& expected,
                         const std::array<int, 8>& producers) {
  for (const auto& [index, values] : found.layers) {
    EXPECT_TRUE(equal(values, expected[static_cast<std::size_t>(index)])) << "operator " << index;
  }
  for (std::size_t i = 0; i < found.outputs.size(); ++i) {
    EXPECT_TRUE(equal(found.outputs[i], expected[static_cast<std::size_t>(producers[i])]))
        << "output " << i;
  }
}

/// Runs a model in every way that an engine has, each in two arenas full of different rubbish:
/// every tensor that a tap sees, and every output, equals the reference's byte for byte.
template <class Model, class Target = targets::native>
void expect_reference(const std::filesystem::path& folder, const std::string& name) {
  using network = tflite::network<Model>;
  const bytes input = read_file(folder / (name + ".input.bin"));
  std::vector<bytes> expected;
  std::array<int, 8> producers{};
  for (int i = 0; i < network::layers; ++i) {
    const std::string number = std::to_string(1000 + i).substr(1);
    expected.push_back(read_file(folder / (name + "." + number + ".bin")));
    for (std::size_t k = 0; k < network::outputs; ++k) {
      producers[k] = network::graph.outputs[k] == network::graph[i].output ? i : producers[k];
    }
  }
  for (const unsigned char before : bytes{0x00, 0xAA, 0x55}) {
    SCOPED_TRACE("arena full of " + std::to_string(before));
    const auto all = run_engine<engine<network, Target, engine_options{.keep_every_tensor = true}>>(
        input, before);
    EXPECT_EQ(all.layers.size(), expected.size()) << "a tap is missing";
    expect_equal(all, expected, producers);
    expect_equal(run_engine<engine<network, Target>>(input, before), expected, producers);
    expect_equal(run_engine<engine<network, Target, engine_options{.input = placement::arena}>>(
                     input, before),
                 expected, producers);
  }
}

} // namespace inlay::test
