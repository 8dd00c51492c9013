// SPDX-License-Identifier: Apache-2.0
#include "runner.hpp"

#include <fmt/format.h>
#include <random>
#include <stdexcept>

namespace bench {

namespace {

std::vector<unsigned char> random_image(const network& what) {
  const auto bytes = what.tensor(what.graph.input).type.bytes();
  std::vector<unsigned char> made(static_cast<std::size_t>(bytes));
  std::minstd_rand random;
  for (unsigned char& each : made) {
    each = static_cast<unsigned char>(random() % 256);
  }
  return made;
}

} // namespace

kernel_set_runner::kernel_set_runner(const network& what, const inlay::kernel_set& set, int threads)
    : what_(what), set_(set), parameters_(set.parameters_bytes, set.alignment),
      workspace_(set.workspace_bytes(threads), set.alignment),
      image_(random_image(what)), memory_{image_.data(), parameters_.data(), workspace_.data()},
      pool_(threads) {
  inlay::prepare(set, parameters_.data());
  const int first = what.schedule[what.first_step].node;
  const int last = what.schedule[what.last_step - 1].node;
  int node = 0;
  for (const inlay::kernel_step& step : set.steps) {
    inner_first += step.node < first ? 1 : 0;
    inner_last += step.node <= last ? 1 : 0;
    pieces_.push_back({node, step.node, std::string(step.kernel)});
    node = step.node + 1;
  }
  infer();
}

std::string kernel_set_runner::name() const {
  return fmt::format("inlay {}", set_.name);
}

std::vector<int> kernel_set_runner::output() const {
  const inlay::kernel_step& last = set_.steps[inner_last - 1];
  return values_of(what_.tensor(what_.graph[last.node].output).type,
                   place_of(last.output, memory_));
}

std::span<const unsigned char> kernel_set_runner::make_inner_input() {
  run_pieces(0, inner_first);
  const inlay::scheduled_step& step = what_.schedule[what_.first_step];
  const auto size = static_cast<std::size_t>(what_.tensor(step.inputs[0]).type.bytes());
  const auto* bytes =
      inner_first == 0 ? memory_.image : place_of(set_.steps[inner_first - 1].output, memory_);
  return {bytes, size};
}

std::vector<int> values_of(const inlay::tensor_type& type, const unsigned char* bytes) {
  std::vector<int> values;
  for (std::int64_t i = 0; i < type.shape.elements(); ++i) {
    values.push_back(type.element == inlay::element::int8 ? static_cast<std::int8_t>(bytes[i])
                                                          : bytes[i]);
  }
  return values;
}

const inlay::kernel_set& choose(const model& from, const std::string& name) {
  const inlay::kernel_choice made = inlay::dispatch(from.sets, name);
  if (made.set == nullptr) {
    throw std::runtime_error(fmt::format("{}: {}", from.name, made.complaint.view()));
  }
  return *made.set;
}

} // namespace bench
