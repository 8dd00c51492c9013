// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"
#include "tiny_program.hpp"

#include <gtest/gtest.h>

// Each failure of OpenCL arrives as an error that names the call and the code.

namespace {

using namespace inlay;
using test::opencl_calls;
using test::tiny_session;

/// Makes a session and runs it, in both ways; the first error of it.
opencl::error use_session() {
  auto session = tiny_session::make(-1, test::no_cache());
  if (!session) {
    return session.failed();
  }
  test::tiny_scores scores{};
  if (opencl::error failed = session->infer(test::image_of(0), scores)) {
    return failed;
  }
  if (auto input = session->input(); !input) {
    return input.failed();
  }
  return session->infer();
}

TEST(failure, arrives_from_each_call) {
  opencl_calls::watch();
  ASSERT_FALSE(use_session());
  std::vector<std::string_view> names;
  for (const auto& call : opencl_calls::seen()) {
    names.push_back(call.name);
  }
  EXPECT_GT(names.size(), 30U);
  std::map<std::string_view, int> nth;
  for (const std::string_view name : names) {
    const int number = nth[name]++;
    // Releases and the end of a session have nobody to tell.
    if (name == "clReleaseEvent" || name == "clRetainEvent" || name == "clFinish") {
      continue;
    }
    SCOPED_TRACE(std::string(name) + " " + std::to_string(number));
    constexpr cl_int code = CL_INVALID_OPERATION;
    opencl_calls::fail(name, code, number);
    const opencl::error failed = use_session();
    const bool reached = opencl_calls::stop_failing();
    ASSERT_TRUE(reached);
    // The last unmapping is that of a session's end.
    if (!failed && name == "clEnqueueUnmapMemObject") {
      continue;
    }
    EXPECT_EQ(failed.call, name);
    EXPECT_EQ(failed.code, code);
    EXPECT_NE(failed.message().find("CL_INVALID_OPERATION (-59)"), std::string::npos);
  }
}

TEST(failure, has_a_kind) {
  struct {
    std::string_view call;
    cl_int code;
    opencl::failure kind;
  } cases[] = {
      {"clGetPlatformIDs", -1001, opencl::failure::no_platform},
      {"clGetDeviceIDs", CL_DEVICE_NOT_FOUND, opencl::failure::no_device},
      {"clCreateBuffer", CL_MEM_OBJECT_ALLOCATION_FAILURE, opencl::failure::out_of_memory},
      {"clCreateContext", CL_OUT_OF_HOST_MEMORY, opencl::failure::out_of_memory},
      {"clBuildProgram", CL_INVALID_BUILD_OPTIONS, opencl::failure::build_failed},
      {"clEnqueueNDRangeKernel", CL_OUT_OF_RESOURCES, opencl::failure::device_lost},
      {"clWaitForEvents", CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST,
       opencl::failure::device_lost},
      {"clGetCommandQueueInfo", CL_INVALID_COMMAND_QUEUE, opencl::failure::wrong_queue},
      {"clSetKernelArg", CL_INVALID_ARG_SIZE, opencl::failure::call_failed},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(std::string(each.call));
    opencl_calls::fail(each.call, each.code);
    const opencl::error failed = use_session();
    EXPECT_TRUE(opencl_calls::stop_failing());
    EXPECT_EQ(failed.kind, each.kind) << failed.message();
  }
}

TEST(failure, of_a_device_leaves_a_session_that_can_be_tried_again) {
  auto session = tiny_session::make(-1, test::no_cache());
  ASSERT_TRUE(session);
  const test::tiny_image image = test::image_of(2);
  test::tiny_scores scores{};
  opencl_calls::fail("clEnqueueNDRangeKernel", CL_DEVICE_NOT_AVAILABLE, 1);
  EXPECT_EQ(session->infer(image, scores).kind, opencl::failure::device_lost);
  EXPECT_TRUE(opencl_calls::stop_failing());
  EXPECT_FALSE(session->wait());
  ASSERT_FALSE(session->infer(image, scores));
  EXPECT_EQ(scores, test::expected_of(image));
}

TEST(failure, of_the_compiler_has_its_log) {
  opencl::session_options options = test::no_cache();
  options.prelude = "#error \"this is no compiler for it\"\n";
  const auto session = tiny_session::make(-1, options);
  ASSERT_FALSE(session);
  EXPECT_EQ(session.failed().kind, opencl::failure::build_failed);
  EXPECT_EQ(session.failed().call, "clBuildProgram");
  EXPECT_NE(session.failed().message().find("this is no compiler for it"), std::string::npos)
      << session.failed().message();
}

TEST(failure, of_an_extension_is_no_failure_of_a_session) {
  opencl::session_options options = test::no_cache();
  options.prelude = "#ifdef INLAY_DOT_KHR\n#error \"it has no dot of signed bytes\"\n#endif\n";
  opencl_calls::pretend("cl_khr_integer_dot_product");
  const auto session = tiny_session::make(-1, options);
  options.dot = opencl::dot::khr;
  const auto insisting = tiny_session::make(-1, options);
  opencl_calls::pretend({});
  ASSERT_TRUE(session) << session.failed().message();
  EXPECT_EQ(session->runner().dot(), opencl::dot::plain);
  EXPECT_NE(session->runner().origin().note.find("it has no dot of signed bytes"),
            std::string::npos);
  ASSERT_FALSE(insisting);
  EXPECT_EQ(insisting.failed().kind, opencl::failure::build_failed);
}

struct huge : test::tiny_program {
  static constexpr std::size_t arena_bytes = std::size_t{1} << 50;
};
struct wide : test::tiny_program {
  static constexpr std::array<opencl::launch, 1> launches{
      opencl::launch{"move", {1U << 30, 1, 1}, {1U << 30, 1, 1}, {0, 64}, 2, 0}};
};
struct misspelled : test::tiny_program {
  static constexpr std::array<opencl::launch, 1> launches{
      opencl::launch{"shift", {32, 1, 1}, {0, 0, 0}, {0, 64}, 2, 0}};
};

TEST(failure, of_memory) {
  const auto session = opencl_session<huge>::make(-1, test::no_cache());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.failed().kind, opencl::failure::out_of_memory) << session.failed().message();
}

TEST(failure, of_a_small_device) {
  const auto session = opencl_session<wide>::make(-1, test::no_cache());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.failed().kind, opencl::failure::device_too_small);
  EXPECT_NE(session.failed().log.find("kernel move: expected work-groups of 1073741824 items"),
            std::string::npos)
      << session.failed().message();
}

TEST(failure, names_the_kernel) {
  const auto session = opencl_session<misspelled>::make(-1, test::no_cache());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.failed().call, "clCreateKernel");
  EXPECT_EQ(session.failed().log, "kernel shift");
}

TEST(failure, of_a_device_number) {
  const auto session = tiny_session::make(99, test::no_cache());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.failed().kind, opencl::failure::no_device);
  EXPECT_NE(session.failed().message().find("found 99"), std::string::npos);
}

TEST(failure, of_a_queue_out_of_order) {
  const auto device = opencl::choose_device();
  ASSERT_TRUE(device);
  const cl::Context context(device->handle);
  const cl::CommandQueue queue(context, device->handle, CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE);
  const auto session = tiny_session::make(queue, test::no_cache());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.failed().kind, opencl::failure::wrong_queue);
  EXPECT_FALSE(tiny_session::make(cl::CommandQueue(), test::no_cache()));
}

} // namespace
