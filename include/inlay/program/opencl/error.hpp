// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/program/opencl/binding.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace inlay::opencl {

/// What went wrong, for programs that act on it.
enum class failure {
  none,
  no_platform,      ///< no driver is installed
  no_device,        ///< drivers, but no device of the kind that was asked for
  wrong_queue,      ///< a queue of the caller's that cannot be used
  build_failed,     ///< the driver's compiler refuses the source; `error::log` says why
  out_of_memory,    ///< on the device or on the host
  device_too_small, ///< a kernel wants larger work-groups than the device has
  device_lost,      ///< the device or the driver gave up while it worked; make a new session
  call_failed,      ///< anything else: `error::call` and `error::code` say what
};

/// The name of an error code as OpenCL's headers spell it.
constexpr std::string_view name_of(cl_int code) {
  struct entry {
    cl_int code;
    std::string_view name;
  };
  constexpr entry names[] = {
      {CL_SUCCESS, "CL_SUCCESS"},
      {CL_DEVICE_NOT_FOUND, "CL_DEVICE_NOT_FOUND"},
      {CL_DEVICE_NOT_AVAILABLE, "CL_DEVICE_NOT_AVAILABLE"},
      {CL_COMPILER_NOT_AVAILABLE, "CL_COMPILER_NOT_AVAILABLE"},
      {CL_MEM_OBJECT_ALLOCATION_FAILURE, "CL_MEM_OBJECT_ALLOCATION_FAILURE"},
      {CL_OUT_OF_RESOURCES, "CL_OUT_OF_RESOURCES"},
      {CL_OUT_OF_HOST_MEMORY, "CL_OUT_OF_HOST_MEMORY"},
      {CL_PROFILING_INFO_NOT_AVAILABLE, "CL_PROFILING_INFO_NOT_AVAILABLE"},
      {CL_MEM_COPY_OVERLAP, "CL_MEM_COPY_OVERLAP"},
      {CL_BUILD_PROGRAM_FAILURE, "CL_BUILD_PROGRAM_FAILURE"},
      {CL_MAP_FAILURE, "CL_MAP_FAILURE"},
      {CL_MISALIGNED_SUB_BUFFER_OFFSET, "CL_MISALIGNED_SUB_BUFFER_OFFSET"},
      {CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST,
       "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST"},
      {CL_COMPILE_PROGRAM_FAILURE, "CL_COMPILE_PROGRAM_FAILURE"},
      {CL_LINKER_NOT_AVAILABLE, "CL_LINKER_NOT_AVAILABLE"},
      {CL_LINK_PROGRAM_FAILURE, "CL_LINK_PROGRAM_FAILURE"},
      {CL_KERNEL_ARG_INFO_NOT_AVAILABLE, "CL_KERNEL_ARG_INFO_NOT_AVAILABLE"},
      {CL_INVALID_VALUE, "CL_INVALID_VALUE"},
      {CL_INVALID_DEVICE_TYPE, "CL_INVALID_DEVICE_TYPE"},
      {CL_INVALID_PLATFORM, "CL_INVALID_PLATFORM"},
      {CL_INVALID_DEVICE, "CL_INVALID_DEVICE"},
      {CL_INVALID_CONTEXT, "CL_INVALID_CONTEXT"},
      {CL_INVALID_QUEUE_PROPERTIES, "CL_INVALID_QUEUE_PROPERTIES"},
      {CL_INVALID_COMMAND_QUEUE, "CL_INVALID_COMMAND_QUEUE"},
      {CL_INVALID_HOST_PTR, "CL_INVALID_HOST_PTR"},
      {CL_INVALID_MEM_OBJECT, "CL_INVALID_MEM_OBJECT"},
      {CL_INVALID_BINARY, "CL_INVALID_BINARY"},
      {CL_INVALID_BUILD_OPTIONS, "CL_INVALID_BUILD_OPTIONS"},
      {CL_INVALID_PROGRAM, "CL_INVALID_PROGRAM"},
      {CL_INVALID_PROGRAM_EXECUTABLE, "CL_INVALID_PROGRAM_EXECUTABLE"},
      {CL_INVALID_KERNEL_NAME, "CL_INVALID_KERNEL_NAME"},
      {CL_INVALID_KERNEL_DEFINITION, "CL_INVALID_KERNEL_DEFINITION"},
      {CL_INVALID_KERNEL, "CL_INVALID_KERNEL"},
      {CL_INVALID_ARG_INDEX, "CL_INVALID_ARG_INDEX"},
      {CL_INVALID_ARG_VALUE, "CL_INVALID_ARG_VALUE"},
      {CL_INVALID_ARG_SIZE, "CL_INVALID_ARG_SIZE"},
      {CL_INVALID_KERNEL_ARGS, "CL_INVALID_KERNEL_ARGS"},
      {CL_INVALID_WORK_DIMENSION, "CL_INVALID_WORK_DIMENSION"},
      {CL_INVALID_WORK_GROUP_SIZE, "CL_INVALID_WORK_GROUP_SIZE"},
      {CL_INVALID_WORK_ITEM_SIZE, "CL_INVALID_WORK_ITEM_SIZE"},
      {CL_INVALID_GLOBAL_OFFSET, "CL_INVALID_GLOBAL_OFFSET"},
      {CL_INVALID_EVENT_WAIT_LIST, "CL_INVALID_EVENT_WAIT_LIST"},
      {CL_INVALID_EVENT, "CL_INVALID_EVENT"},
      {CL_INVALID_OPERATION, "CL_INVALID_OPERATION"},
      {CL_INVALID_BUFFER_SIZE, "CL_INVALID_BUFFER_SIZE"},
      {CL_INVALID_GLOBAL_WORK_SIZE, "CL_INVALID_GLOBAL_WORK_SIZE"},
      {CL_INVALID_PROPERTY, "CL_INVALID_PROPERTY"},
      {-1001, "CL_PLATFORM_NOT_FOUND_KHR"},
  };
  for (const entry& one : names) {
    if (one.code == code) {
      return one.name;
    }
  }
  return "an error code of the driver's own";
}

/// How an OpenCL call failed. An empty one says that nothing did.
struct [[nodiscard]] error {
  failure kind = failure::none;
  /// The function that failed, as OpenCL's headers spell it.
  std::string_view call{};
  cl_int code = CL_SUCCESS;
  /// What the driver's compiler says, or what was expected and found.
  std::string log{};

  /// Whether something failed.
  explicit operator bool() const noexcept { return kind != failure::none; }

  /// One line for people, and the log below it.
  [[nodiscard]] std::string message() const {
    std::string words = "OpenCL: ";
    if (!call.empty()) {
      words.append(call).append(" failed with ").append(name_of(code));
      words.append(" (").append(std::to_string(code)).append(")");
    }
    words.append(call.empty() ? "" : ": ").append(advice());
    return log.empty() ? words : words.append("\n").append(log);
  }

private:
  [[nodiscard]] std::string_view advice() const {
    switch (kind) {
    case failure::none:
      return "nothing failed";
    case failure::no_platform:
      return "no driver is installed, expected one (Debian: pocl-opencl-icd for the processor; for "
             "a GPU its maker's)";
    case failure::no_device:
      return "drivers are installed, but the device that was asked for is not there";
    case failure::wrong_queue:
      return "the queue cannot be used";
    case failure::build_failed:
      return "the driver's compiler refuses the source";
    case failure::out_of_memory:
      return "the network's buffers do not fit into the device's memory";
    case failure::device_too_small:
      return "the device cannot run work-groups of the size that the program has";
    case failure::device_lost:
      return "the device gave up; make a new session";
    case failure::call_failed:
      break;
    }
    return "this was not expected of a working driver";
  }
};

/// The error of a call: its kind follows from the code.
inline error error_of(std::string_view call, cl_int code) noexcept {
  failure kind = failure::call_failed;
  switch (code) {
  case CL_SUCCESS:
    return {};
  case -1001: // CL_PLATFORM_NOT_FOUND_KHR
    kind = failure::no_platform;
    break;
  case CL_DEVICE_NOT_FOUND:
    kind = failure::no_device;
    break;
  case CL_MEM_OBJECT_ALLOCATION_FAILURE:
  case CL_OUT_OF_HOST_MEMORY:
  case CL_INVALID_BUFFER_SIZE:
    kind = failure::out_of_memory;
    break;
  case CL_BUILD_PROGRAM_FAILURE:
  case CL_COMPILE_PROGRAM_FAILURE:
  case CL_LINK_PROGRAM_FAILURE:
    kind = failure::build_failed;
    break;
  case CL_DEVICE_NOT_AVAILABLE:
  case CL_OUT_OF_RESOURCES:
  case CL_INVALID_COMMAND_QUEUE:
  case CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST:
    kind = failure::device_lost;
    break;
  case CL_INVALID_WORK_GROUP_SIZE:
  case CL_INVALID_WORK_ITEM_SIZE:
    kind = failure::device_too_small;
    break;
  default:
    break;
  }
  return {kind, call, code, {}};
}

/// A value, or the error that kept it from being made.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : value_(std::move(value)) {}       // NOLINT(google-explicit-constructor)
  result(error failed) : error_(std::move(failed)) {} // NOLINT(google-explicit-constructor)

  /// Whether there is a value.
  explicit operator bool() const noexcept { return value_.has_value(); }
  T& operator*() noexcept { return *value_; }
  const T& operator*() const noexcept { return *value_; }
  T* operator->() noexcept { return &*value_; }
  const T* operator->() const noexcept { return &*value_; }

  /// What failed; says that nothing did where there is a value.
  [[nodiscard]] const error& failed() const noexcept { return error_; }

private:
  std::optional<T> value_{};
  error error_{};
};

} // namespace inlay::opencl
