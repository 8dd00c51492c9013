// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace bench {

namespace {

/// Whether a step is left out where peers are measured.
bool is_outer(const inlay::step::any& what) {
  return what.is<inlay::step::requantize>() || what.is<inlay::step::quantize>() ||
         what.is<inlay::step::dequantize>() || what.is<inlay::step::softmax>() ||
         what.is<inlay::step::alias>();
}

} // namespace

std::int64_t network::multiply_accumulates(int first, int last) const {
  std::int64_t sum = 0;
  for (int i = first; i <= last; ++i) {
    sum += count(graph, graph[i]).multiply_accumulates;
  }
  return sum;
}

std::size_t network::weights_bytes() const {
  std::size_t sum = 0;
  for (int i = 0; i < schedule.step_count; ++i) {
    sum += schedule[i].layers[0].weights.size + schedule[i].layers[0].bias.size;
  }
  return sum;
}

std::unique_ptr<network> read_network(const model& from) {
  auto made = std::make_unique<network>();
  inlay::diagnosis found;
  if (!inlay::tflite::read_graph(from.file.data(), from.file.size(), made->graph, found)) {
    throw std::runtime_error(fmt::format("{}: {}", from.name, found.message().view()));
  }
  lower(made->graph, inlay::lowering{}, made->schedule);
  made->last_step = made->schedule.step_count;
  while (made->first_step < made->last_step && is_outer(made->schedule[made->first_step].what)) {
    ++made->first_step;
  }
  while (made->last_step > made->first_step && is_outer(made->schedule[made->last_step - 1].what)) {
    --made->last_step;
  }
  return made;
}

} // namespace bench
