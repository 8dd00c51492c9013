// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/kernels.hpp>
#include <inlay/program/opencl/launch.hpp>

#include <span>
#include <string>
#include <vector>

namespace inlay::opencl {

/// A launch as a queue takes it: its kernel has all arguments.
struct prepared_launch {
  cl::Kernel kernel;
  cl::NDRange global;
  cl::NDRange local;

  /// @param ended its event; may be null
  error enqueue(const cl::CommandQueue& queue, cl::Event* ended) const noexcept {
    return error_of(
        "clEnqueueNDRangeKernel",
        queue.enqueueNDRangeKernel(kernel, cl::NullRange, global, local, nullptr, ended));
  }
};

/// @param built the kernel of each launch, whose arguments are set here
inline result<std::vector<prepared_launch>> prepare_launches(std::span<const launch> launches,
                                                             kernels& built,
                                                             const cl::Buffer& arena,
                                                             const cl::Buffer& parameters) {
  std::vector<prepared_launch> made;
  for (std::size_t i = 0; i < launches.size(); ++i) {
    const launch& from = launches[i];
    cl::Kernel& kernel = built.of_launch[i];
    cl_int code = kernel.setArg(0, arena);
    code = code == CL_SUCCESS ? kernel.setArg(1, parameters) : code;
    for (int a = 0; a < from.argument_count && code == CL_SUCCESS; ++a) {
      code = kernel.setArg(static_cast<cl_uint>(a + 2),
                           cl_int{from.arguments[static_cast<std::size_t>(a)]});
    }
    if (error failed = error_of("clSetKernelArg", code)) {
      failed.log = "kernel " + std::string(from.kernel);
      return failed;
    }
    const bool grouped = from.local[0] > 0;
    made.push_back(
        {kernel, cl::NDRange(from.global[0], from.global[1], from.global[2]),
         grouped ? cl::NDRange(from.local[0], from.local[1], from.local[2]) : cl::NullRange});
  }
  return made;
}

} // namespace inlay::opencl
