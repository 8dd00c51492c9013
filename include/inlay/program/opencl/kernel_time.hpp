// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/error.hpp>
#include <inlay/program/opencl/launch.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace inlay::opencl {

/// When one launch ran, in µs since the first one began.
struct kernel_time {
  std::string_view kernel{};
  int step = 0;
  double begin = 0;
  double end = 0;
};

/// @param ended the event of each launch, which have all come
inline result<std::vector<kernel_time>> times_of(std::span<const launch> launches,
                                                 const std::vector<cl::Event>& ended) {
  std::vector<kernel_time> times;
  cl_ulong first = 0;
  for (std::size_t i = 0; i < ended.size(); ++i) {
    cl_ulong begin = 0;
    cl_ulong end = 0;
    cl_int code = ended[i].getProfilingInfo(CL_PROFILING_COMMAND_START, &begin);
    code = code == CL_SUCCESS ? ended[i].getProfilingInfo(CL_PROFILING_COMMAND_END, &end) : code;
    if (error failed = error_of("clGetEventProfilingInfo", code)) {
      failed.log = code == CL_PROFILING_INFO_NOT_AVAILABLE
                       ? "expected a queue made with CL_QUEUE_PROFILING_ENABLE"
                       : "";
      return failed;
    }
    first = i == 0 ? begin : first;
    times.push_back({launches[i].kernel, launches[i].step, static_cast<double>(begin - first) / 1e3,
                     static_cast<double>(end - first) / 1e3});
  }
  return times;
}

} // namespace inlay::opencl
