// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../emulated_dots.hpp"

#include <inlay/program/opencl_program.hpp>

#define CL_HPP_ENABLE_EXCEPTIONS
#define CL_HPP_TARGET_OPENCL_VERSION 120
#define CL_HPP_MINIMUM_OPENCL_VERSION 120
#include <CL/opencl.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace inlay::test {

using bytes = std::vector<unsigned char>;

/// Runs a program on the first device, with as little as that takes.
/// @param full what the arena is full of before; without it, only the input is written, for tools
///   that look for reads of what nobody has written
/// @param tap called as tap(operator, bytes) after each step
template <class Program, class Tap>
void run_program(const bytes& input, opencl::dot how, std::optional<unsigned char> full,
                 const Tap& tap) {
  const cl::Device device = cl::Device::getDefault();
  const cl::Context context(device);
  const cl::CommandQueue queue(context, device);
  std::string source(how == opencl::dot::plain ? std::string_view() : emulated_dots);
  source += Program::source;
  cl::Program built(context, source);
  try {
    built.build(device, std::string(opencl::build_options(how)).c_str());
  } catch (const cl::BuildError& error) {
    throw std::runtime_error(error.getBuildLog().front().second);
  }
  const auto packed = std::make_unique<typename Program::parameters>();
  std::fill(std::begin(packed->packed), std::end(packed->packed), full.value_or(0));
  Program::prepare(*packed);
  const cl::Buffer parameters(context, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR,
                              Program::parameters_bytes, packed->packed);
  const cl::Buffer arena(context, CL_MEM_READ_WRITE, Program::arena_bytes);
  if (full) {
    queue.enqueueFillBuffer(arena, *full, 0, Program::arena_bytes);
  }
  queue.enqueueWriteBuffer(arena, CL_TRUE, Program::input_offset, input.size(), input.data());
  std::size_t next = 0;
  for (int i = 0; i < Program::schedule.step_count; ++i) {
    if (next < Program::launches.size() && Program::launches[next].step == i) {
      const opencl::launch& each = Program::launches[next++];
      cl::Kernel kernel(built, std::string(each.kernel).c_str());
      kernel.setArg(0, arena);
      kernel.setArg(1, parameters);
      for (int k = 0; k < each.argument_count; ++k) {
        kernel.setArg(static_cast<cl_uint>(2 + k), each.arguments[static_cast<std::size_t>(k)]);
      }
      const auto range = [](const std::array<std::uint32_t, 3>& of) {
        return cl::NDRange(of[0], of[1], of[2]);
      };
      queue.enqueueNDRangeKernel(kernel, cl::NullRange, range(each.global), range(each.local));
    }
    const int tensor = Program::schedule[i].output;
    const allocation* place = Program::plan.find(Program::schedule.storage_of(tensor));
    bytes result(static_cast<std::size_t>(Program::network::graph.at(tensor).type.bytes()));
    queue.enqueueReadBuffer(arena, CL_TRUE, static_cast<std::size_t>(place->offset), result.size(),
                            result.data());
    tap(Program::schedule[i].node, result);
  }
}

} // namespace inlay::test
