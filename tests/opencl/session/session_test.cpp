// SPDX-License-Identifier: Apache-2.0
#include "tiny_program.hpp"

#include <gtest/gtest.h>

// Inferences give the reference's numbers, whichever way memory is given.

namespace {

using namespace inlay;
using test::tiny_session;

tiny_session make_session() {
  auto made = tiny_session::make(-1, test::no_cache());
  EXPECT_TRUE(made) << made.failed().message();
  return std::move(*made);
}

TEST(session, copies_input_and_output) {
  tiny_session session = make_session();
  for (int seed = 0; seed < 3; ++seed) {
    const test::tiny_image image = test::image_of(seed);
    test::tiny_scores scores{};
    const opencl::error failed = session.infer(image, scores);
    ASSERT_FALSE(failed) << failed.message();
    EXPECT_EQ(scores, test::expected_of(image));
  }
}

TEST(session, maps_input_and_output) {
  tiny_session session = make_session();
  for (int seed = 0; seed < 3; ++seed) {
    const test::tiny_image image = test::image_of(seed);
    auto input = session.input();
    ASSERT_TRUE(input) << input.failed().message();
    std::copy(image.begin(), image.end(), input->data());
    ASSERT_FALSE(session.infer());
    const auto view = session.output();
    test::tiny_scores scores{};
    std::copy(view.begin(), view.end(), scores.begin());
    EXPECT_EQ(scores, test::expected_of(image));
  }
}

TEST(session, takes_both_ways_in_turns) {
  tiny_session session = make_session();
  for (int seed = 0; seed < 4; ++seed) {
    const test::tiny_image image = test::image_of(seed);
    test::tiny_scores scores{};
    if (seed % 2 == 0) {
      ASSERT_TRUE(session.input()); // and is not used
      ASSERT_FALSE(session.infer(image, scores));
    } else {
      auto input = session.input();
      ASSERT_TRUE(input);
      std::copy(image.begin(), image.end(), input->data());
      ASSERT_FALSE(session.infer());
      std::copy(session.output().begin(), session.output().end(), scores.begin());
    }
    EXPECT_EQ(scores, test::expected_of(image));
  }
}

TEST(session, waits_for_events_and_gives_one) {
  auto device = opencl::choose_device();
  ASSERT_TRUE(device);
  auto queue = opencl::make_queue(*device);
  ASSERT_TRUE(queue);
  auto session = tiny_session::make(*queue, test::no_cache());
  ASSERT_TRUE(session) << session.failed().message();
  const cl::UserEvent before(queue->getInfo<CL_QUEUE_CONTEXT>());
  const opencl::runner::events events{before};
  const test::tiny_image image = test::image_of(5);
  test::tiny_scores scores{};
  ASSERT_FALSE(session->enqueue_after(events, image, scores));
  EXPECT_GT(session->done().getInfo<CL_EVENT_COMMAND_EXECUTION_STATUS>(), CL_COMPLETE);
  cl::UserEvent(before).setStatus(CL_COMPLETE);
  ASSERT_FALSE(session->wait());
  EXPECT_EQ(scores, test::expected_of(image));
  EXPECT_EQ(session->done().getInfo<CL_EVENT_COMMAND_EXECUTION_STATUS>(), CL_COMPLETE);

  auto input = session->input();
  ASSERT_TRUE(input);
  input->data()[3] = 9;
  ASSERT_FALSE(session->enqueue_after(events));
  ASSERT_FALSE(session->wait());
  EXPECT_EQ(session->output()[3], 9 - 128);
}

TEST(session, two_share_a_queue) {
  auto device = opencl::choose_device();
  auto queue = opencl::make_queue(*device);
  ASSERT_TRUE(queue);
  auto one = tiny_session::make(*queue, test::no_cache());
  auto other = tiny_session::make(*queue, test::no_cache());
  ASSERT_TRUE(one && other);
  const test::tiny_image first = test::image_of(1);
  const test::tiny_image second = test::image_of(2);
  test::tiny_scores scores{};
  test::tiny_scores more{};
  ASSERT_FALSE(one->enqueue(first, scores));
  ASSERT_FALSE(other->enqueue(second, more));
  ASSERT_FALSE(one->wait());
  ASSERT_FALSE(other->wait());
  EXPECT_EQ(scores, test::expected_of(first));
  EXPECT_EQ(more, test::expected_of(second));
}

TEST(session, shows_each_launch) {
  tiny_session session = make_session();
  const test::tiny_image image = test::image_of(3);
  std::vector<std::string_view> seen;
  const opencl::error failed = session.runner().observe(
      image.data(), [&](const opencl::launch& which, std::span<const unsigned char> arena) {
        seen.push_back(which.kernel);
        EXPECT_EQ(arena[64 + 31], image[31]);
        EXPECT_EQ(arena[16] == (image[0] ^ 0x80), seen.size() == 2);
      });
  ASSERT_FALSE(failed) << failed.message();
  EXPECT_EQ(seen, (std::vector<std::string_view>{"move", "flip"}));
}

TEST(session, profiles_kernels) {
  auto device = opencl::choose_device();
  auto queue = opencl::make_queue(*device, true);
  ASSERT_TRUE(queue);
  auto session = tiny_session::make(*queue, test::no_cache());
  ASSERT_TRUE(session);
  const test::tiny_image image = test::image_of(3);
  const auto times = session->runner().profile(image.data());
  ASSERT_TRUE(times) << times.failed().message();
  ASSERT_EQ(times->size(), 2U);
  EXPECT_EQ((*times)[1].kernel, "flip");
  EXPECT_GE((*times)[0].end, (*times)[0].begin);
  EXPECT_GE((*times)[1].begin, (*times)[0].end);

  tiny_session without = make_session();
  const auto none = without.runner().profile(image.data());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.failed().call, "clGetEventProfilingInfo");
}

TEST(devices, are_listed) {
  const auto all = opencl::devices();
  ASSERT_TRUE(all) << all.failed().message();
  for (const opencl::device& each : *all) {
    EXPECT_FALSE(each.name.empty());
    EXPECT_FALSE(each.driver.empty());
    EXPECT_FALSE(each.platform.empty());
    EXPECT_GT(each.memory_bytes, 0U);
  }
}

TEST(devices, multiply_as_their_extensions_say) {
  using opencl::dot;
  EXPECT_EQ(opencl::dot_of(""), dot::plain);
  EXPECT_EQ(opencl::dot_of("cl_khr_fp16 cl_arm_integer_dot_product_int8"), dot::arm);
  EXPECT_EQ(opencl::dot_of("cl_arm_integer_dot_product_int8 "
                           "cl_arm_integer_dot_product_accumulate_int8"),
            dot::arm_accumulate);
  EXPECT_EQ(opencl::dot_of("cl_arm_integer_dot_product_int8 cl_khr_integer_dot_product"), dot::khr);
  EXPECT_EQ(opencl::dot_of("cl_khr_integer_dot_products arm_integer_dot_product_int8"), dot::plain);
}

} // namespace
