// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../emulated_dots.hpp"

#include <inlay/program/opencl_program.hpp>
#include <inlay/program/opencl_session.hpp>
#include <inlay/targets/mali.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace inlay::test {

using bytes = std::vector<unsigned char>;

/// A session on the first device with this product of bytes, emulated where the device lacks it.
template <class Program>
opencl_session<Program> open(opencl::dot how) {
  opencl::session_options options;
  const auto device = opencl::choose_device();
  const bool has_it = device && opencl::dot_of(device->extensions) == how;
  options.dot = how;
  options.prelude = has_it || how == opencl::dot::plain ? "" : emulated_dots;
  auto made = opencl_session<Program>::make(-1, options);
  if (!made) {
    throw std::runtime_error(made.failed().message());
  }
  return std::move(*made);
}

/// The output of each step that stores one, by its operator; a step without launches is another
/// name of what is there.
template <class Program>
std::vector<bytes> observe(opencl_session<Program>& session, const bytes& image) {
  constexpr const auto& graph = Program::network::graph;
  std::vector<bytes> layers(static_cast<std::size_t>(Program::network::layers));
  const auto keep = [&](int index, std::span<const unsigned char> arena) {
    const auto& step = Program::schedule[index];
    const auto offset = Program::plan.find(Program::schedule.storage_of(step.output))->offset;
    const auto from = arena.subspan(static_cast<std::size_t>(offset));
    const auto size = static_cast<std::size_t>(graph.at(step.output).type.bytes());
    layers[static_cast<std::size_t>(step.node)].assign(from.data(), from.data() + size);
  };
  std::size_t next = 0;
  const opencl::error failed = session.runner().observe(
      image.data(), [&](const opencl::launch& which, std::span<const unsigned char> arena) {
        ++next;
        const int end = next < Program::launches.size() ? Program::launches[next].step
                                                        : Program::schedule.step_count;
        for (int step = which.step; step < end; ++step) {
          keep(step, arena);
        }
      });
  if (failed) {
    throw std::runtime_error(failed.message());
  }
  return layers;
}

/// The first output, of an inference whose input and output are mapped.
template <class Program>
bytes infer(opencl_session<Program>& session, const bytes& image) {
  auto input = session.input();
  if (!input) {
    throw std::runtime_error(input.failed().message());
  }
  std::copy(image.begin(), image.end(), input->bytes());
  if (const opencl::error failed = session.infer()) {
    throw std::runtime_error(failed.message());
  }
  const auto output = session.output();
  const auto size = static_cast<std::size_t>(Program::network::template output<>::type.bytes());
  return {output.bytes(), output.bytes() + size};
}

/// The product of bytes that has this name.
inline opencl::dot dot_named(std::string_view name) {
  for (const opencl::dot each : opencl::every_dot) {
    if (opencl::name_of(each) == name) {
      return each;
    }
  }
  throw std::runtime_error("expected plain, arm, acc or khr, found " + std::string(name));
}

} // namespace inlay::test
