// SPDX-License-Identifier: Apache-2.0
//
// One model for latency.cpp. INLAY_MODEL_HEADER and INLAY_MODEL are the embedded file,
// INLAY_MODEL_NAME is what people call it.
#include "latency.hpp"

#include <inlay/inlay.hpp>

#include INLAY_MODEL_HEADER

#include <array>
#include <random>

namespace {

using network = inlay::tflite::network<INLAY_MODEL>;
using engine = inlay::engine<network>;
using value = network::input::value_type;

constinit engine::workspace memory;

/// Any picture does: no kernel's time depends on its values.
const auto& image() {
  static const auto random = [] {
    std::array<value, static_cast<std::size_t>(network::input::shape.elements())> made{};
    std::minstd_rand bits;
    for (value& each : made) {
      each = static_cast<value>(bits() % 256);
    }
    return made;
  }();
  return random;
}

void infer() {
  bench::touch(memory.arena);
  engine::infer(image(), memory);
  bench::touch(memory.arena);
}

void infer_layers(bench::duration* times) {
  bench::touch(memory.arena);
  auto last = bench::clock::now();
  engine::infer(image(), memory, [&](auto, auto) {
    bench::touch(memory.arena);
    const auto now = bench::clock::now();
    *times++ = now - last;
    last = bench::clock::now();
  });
}

std::vector<bench::layer> layers() {
  std::vector<bench::layer> list;
  for (int i = 0; i < engine::schedule.step_count; ++i) {
    const inlay::scheduled_step& step = engine::schedule[i];
    const inlay::node& node = network::graph[step.node];
    inlay::text output;
    output << network::graph.at(node.output).type.shape;
    list.push_back({step.node, inlay::name_of(node.what), std::string(output.view()),
                    engine::target::kernel_of(step.what),
                    inlay::count(network::graph, node).multiply_accumulates});
  }
  return list;
}

std::size_t weights_bytes() {
  std::size_t bytes = 0;
  for (int i = 0; i < engine::schedule.step_count; ++i) {
    bytes += engine::schedule[i].layers[0].weights.size + engine::schedule[i].layers[0].bias.size;
  }
  return bytes;
}

const bool added = [] {
  bench::models().push_back({.name = INLAY_MODEL_NAME,
                             .target = engine::target::name,
                             .arena_bytes = engine::arena_bytes,
                             .weights_bytes = weights_bytes(),
                             .multiply_accumulates = network::multiply_accumulates,
                             .layers = layers(),
                             .infer = infer,
                             .infer_layers = infer_layers});
  return true;
}();

} // namespace
