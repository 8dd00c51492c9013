// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"

#include <algorithm>
#include <dlfcn.h>

namespace inlay::test {

namespace {

struct planned_failure {
  std::string_view name{};
  cl_int code = CL_SUCCESS;
  int calls_before = 0;
  bool reached = false;
};

std::vector<opencl_calls::call> calls;
planned_failure plan;
std::string_view pretended;
thread_local int depth = 0;

struct inside_library {
  inside_library() { ++depth; }
  ~inside_library() { --depth; }
};

/// Whether this call is the one that has to fail.
bool has_to_fail(std::string_view name) {
  if (plan.reached || plan.name != name || plan.calls_before-- > 0) {
    return false;
  }
  return plan.reached = true;
}

template <class Function>
Function* library(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

const std::vector<opencl_calls::call>& opencl_calls::seen() {
  return calls;
}
void opencl_calls::watch() {
  calls.clear();
}
void opencl_calls::fail(std::string_view name, cl_int code, int nth) {
  plan = {name, code, nth, false};
}
bool opencl_calls::stop_failing() {
  const bool reached = plan.reached;
  plan = {};
  return reached;
}
void opencl_calls::pretend(std::string_view extension) {
  pretended = extension;
}
bool opencl_calls::inside() noexcept {
  return depth > 0;
}

} // namespace inlay::test

using namespace inlay::test;

// A function that returns its code, and one that writes it where its last argument points to.
#define INTERPOSE(name, blocks, parameters, arguments)                                             \
  extern "C" cl_int name parameters {                                                              \
    const inside_library here;                                                                     \
    calls.push_back({#name, (blocks)});                                                            \
    if (has_to_fail(#name)) {                                                                      \
      return plan.code;                                                                            \
    }                                                                                              \
    return library<decltype(name)>(#name) arguments;                                               \
  }
#define INTERPOSE_MAKER(type, name, blocks, parameters, arguments)                                 \
  extern "C" type name parameters {                                                                \
    const inside_library here;                                                                     \
    calls.push_back({#name, (blocks)});                                                            \
    if (has_to_fail(#name)) {                                                                      \
      *error = plan.code;                                                                          \
      return nullptr;                                                                              \
    }                                                                                              \
    return library<decltype(name)>(#name) arguments;                                               \
  }
#define INFO(name, object)                                                                         \
  INTERPOSE(name, false, (object of, cl_uint what, size_t size, void* to, size_t* needed),         \
            (of, what, size, to, needed))

INTERPOSE(clGetPlatformIDs, false, (cl_uint size, cl_platform_id* to, cl_uint* count),
          (size, to, count))
INTERPOSE(clGetDeviceIDs, false,
          (cl_platform_id of, cl_device_type type, cl_uint size, cl_device_id* to, cl_uint* count),
          (of, type, size, to, count))
INFO(clGetPlatformInfo, cl_platform_id)
INFO(clGetCommandQueueInfo, cl_command_queue)
INFO(clGetProgramInfo, cl_program)
INFO(clGetEventProfilingInfo, cl_event)
extern "C" cl_int clGetDeviceInfo(cl_device_id of, cl_uint what, size_t size, void* to,
                                  size_t* needed) {
  const inside_library here;
  calls.push_back({"clGetDeviceInfo", false});
  if (has_to_fail("clGetDeviceInfo")) {
    return plan.code;
  }
  if (what != CL_DEVICE_EXTENSIONS || pretended.empty()) {
    return library<decltype(clGetDeviceInfo)>("clGetDeviceInfo")(of, what, size, to, needed);
  }
  if (needed != nullptr) {
    *needed = pretended.size() + 1;
  }
  if (to != nullptr) {
    *std::copy(pretended.begin(), pretended.end(), static_cast<char*>(to)) = '\0';
  }
  return CL_SUCCESS;
}
INTERPOSE(clGetKernelWorkGroupInfo, false,
          (cl_kernel of, cl_device_id on, cl_uint what, size_t size, void* to, size_t* needed),
          (of, on, what, size, to, needed))
INTERPOSE_MAKER(cl_context, clCreateContext, false,
                (const cl_context_properties* wishes, cl_uint count, const cl_device_id* devices,
                 void(CL_CALLBACK* notify)(const char*, const void*, size_t, void*), void* user,
                 cl_int* error),
                (wishes, count, devices, notify, user, error))
INTERPOSE_MAKER(cl_command_queue, clCreateCommandQueue, false,
                (cl_context in, cl_device_id on, cl_command_queue_properties wishes, cl_int* error),
                (in, on, wishes, error))
INTERPOSE_MAKER(cl_mem, clCreateBuffer, false,
                (cl_context in, cl_mem_flags flags, size_t size, void* host, cl_int* error),
                (in, flags, size, host, error))
INTERPOSE_MAKER(cl_program, clCreateProgramWithSource, false,
                (cl_context in, cl_uint count, const char** texts, const size_t* sizes,
                 cl_int* error),
                (in, count, texts, sizes, error))
INTERPOSE_MAKER(cl_program, clCreateProgramWithBinary, false,
                (cl_context in, cl_uint count, const cl_device_id* on, const size_t* sizes,
                 const unsigned char** binaries, cl_int* states, cl_int* error),
                (in, count, on, sizes, binaries, states, error))
INTERPOSE(clBuildProgram, true,
          (cl_program what, cl_uint count, const cl_device_id* on, const char* options,
           void(CL_CALLBACK* notify)(cl_program, void*), void* user),
          (what, count, on, options, notify, user))
INTERPOSE_MAKER(cl_kernel, clCreateKernel, false, (cl_program of, const char* name, cl_int* error),
                (of, name, error))
INTERPOSE(clSetKernelArg, false, (cl_kernel of, cl_uint index, size_t size, const void* value),
          (of, index, size, value))
INTERPOSE(clEnqueueNDRangeKernel, false,
          (cl_command_queue on, cl_kernel what, cl_uint dimensions, const size_t* first,
           const size_t* global, const size_t* local, cl_uint count, const cl_event* after,
           cl_event* done),
          (on, what, dimensions, first, global, local, count, after, done))
INTERPOSE(clEnqueueReadBuffer, blocking == CL_TRUE,
          (cl_command_queue on, cl_mem from, cl_bool blocking, size_t offset, size_t size, void* to,
           cl_uint count, const cl_event* after, cl_event* done),
          (on, from, blocking, offset, size, to, count, after, done))
INTERPOSE(clEnqueueWriteBuffer, blocking == CL_TRUE,
          (cl_command_queue on, cl_mem to, cl_bool blocking, size_t offset, size_t size,
           const void* from, cl_uint count, const cl_event* after, cl_event* done),
          (on, to, blocking, offset, size, from, count, after, done))
INTERPOSE_MAKER(void*, clEnqueueMapBuffer, blocking == CL_TRUE,
                (cl_command_queue on, cl_mem what, cl_bool blocking, cl_map_flags flags,
                 size_t offset, size_t size, cl_uint count, const cl_event* after, cl_event* done,
                 cl_int* error),
                (on, what, blocking, flags, offset, size, count, after, done, error))
INTERPOSE(clEnqueueUnmapMemObject, false,
          (cl_command_queue on, cl_mem what, void* at, cl_uint count, const cl_event* after,
           cl_event* done),
          (on, what, at, count, after, done))
INTERPOSE(clEnqueueBarrierWithWaitList, false,
          (cl_command_queue on, cl_uint count, const cl_event* after, cl_event* done),
          (on, count, after, done))
INTERPOSE(clFlush, false, (cl_command_queue on), (on))
INTERPOSE(clFinish, true, (cl_command_queue on), (on))
INTERPOSE(clWaitForEvents, true, (cl_uint count, const cl_event* events), (count, events))
INTERPOSE(clRetainEvent, false, (cl_event one), (one))
INTERPOSE(clReleaseEvent, false, (cl_event one), (one))
