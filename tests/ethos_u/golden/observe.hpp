// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../../stream/run_streamed.hpp"
#include "../model/check.hpp"
#include "../model/model.hpp"

#include <inlay/program/ethos_u_engine.hpp>

#include <iostream>

namespace inlay::test {

/// The functional model as the driver of an NPU; it keeps what each operation has made.
template <class Engine>
class observing_npu {
public:
  explicit observing_npu(std::map<int, bytes>& layers) : layers_(layers) {}

  int invoke(const void* payload, int size, std::uint64_t* bases, const std::size_t* sizes,
             int regions) noexcept {
    if (regions != 2) {
      return -1;
    }
    const auto* constants = reinterpret_cast<const std::byte*>(bases[0]);
    auto* arena = reinterpret_cast<std::byte*>(bases[1]);
    const std::array<npu_model::region, 2> memories{std::span(constants, sizes[0]),
                                                    std::span(arena, sizes[1])};
    try {
      int made = 0;
      npu_model::ethos_u_model model(Engine::target::npu.config_word());
      model.run(std::span(static_cast<const std::byte*>(payload), static_cast<std::size_t>(size)),
                memories, [&](const npu_model::operation& what, auto after) {
                  if (what.is_kernel()) {
                    keep(made++, npu_model::tensor_bytes(what.ofm, after));
                  }
                });
      return made == Engine::operations ? 0 : -2;
    } catch (const std::exception& error) {
      std::cerr << error.what() << "\n";
      return -3;
    }
  }

private:
  /// Bands follow each other from the top; of a divided tensor some channels of all rows come at
  /// once.
  void keep(int index, const std::vector<std::byte>& made) {
    const int node = Engine::turns[static_cast<std::size_t>(Engine::npu_begin + index)].node;
    bytes& layer = layers_[Engine::schedule[Engine::stream[node].step].node];
    const auto* first = reinterpret_cast<const unsigned char*>(made.data());
    const auto [channel, count] = Engine::channels_at(index);
    if (count == 0) {
      layer.insert(layer.end(), first, first + made.size());
      return;
    }
    const auto some = static_cast<std::size_t>(count);
    const auto all = static_cast<std::size_t>(Engine::operation_at(index).output.pixel_depth);
    const std::size_t pixels = made.size() / some;
    layer.resize(pixels * all);
    for (std::size_t i = 0; i < pixels; ++i) {
      std::copy_n(first + i * some, some, layer.data() + i * all + channel);
    }
  }

  std::map<int, bytes>& layers_;
};

/// What the checker finds wrong with an engine's stream.
/// @param all_is_read see npu_model::check_options; false for windows that leave pixels out
template <class Engine>
std::string findings(bool all_is_read = true) {
  const npu_model::program stream = npu_model::decode(std::as_bytes(std::span(Engine::payload)));
  const int first = Engine::turns[static_cast<std::size_t>(Engine::npu_begin)].node;
  const row_buffer& image = Engine::plan[Engine::stream[first].inputs[0].node];
  npu_model::check_options options;
  options.region_bytes = {static_cast<std::int64_t>(Engine::constants_bytes),
                          static_cast<std::int64_t>(Engine::arena_bytes)};
  options.given = {{1, image.offset, image.bytes}};
  options.all_is_read = all_is_read;
  return npu_model::text_of(npu_model::check(stream, options));
}

/// Constants of an engine, packed once.
template <class Engine>
const typename Engine::constants& packed_constants() {
  static const auto packed = [] {
    auto made = std::make_unique<typename Engine::constants>();
    if (!Engine::prepare(*made)) {
      throw std::runtime_error("the constants are not for an NPU");
    }
    return made;
  }();
  return *packed;
}

/// Runs an engine on the functional model, in an arena whose bytes are all `before`.
template <class Engine>
observed run_on_npu(const bytes& image, unsigned char before,
                    const typename Engine::constants& constants) {
  const auto memory = filled_workspace<Engine>(before);
  observed result;
  const auto tap = [&](auto layer, auto view) { append(result.layers[layer.index], view); };
  observing_npu<Engine> npu(result.layers);
  const auto view = Engine::network::input::const_view::from_bytes(image.data());
  const auto ended = Engine::infer(npu, constants, *memory, view, tap);
  EXPECT_EQ(ended.status, 0);
  append(result.outputs, ended.output);
  return result;
}

/// The same with constants that are not compressed.
template <class Engine>
observed run_on_npu(const bytes& image, unsigned char before) {
  return run_on_npu<Engine>(image, before, packed_constants<Engine>());
}

} // namespace inlay::test
