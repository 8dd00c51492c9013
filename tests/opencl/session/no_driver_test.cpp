// SPDX-License-Identifier: Apache-2.0
#include "tiny_program.hpp"

#include <gtest/gtest.h>

// Run where OCL_ICD_VENDORS names an empty folder.

namespace {

using namespace inlay;

TEST(no_driver, is_an_error_that_says_so) {
  const auto session = test::tiny_session::make(-1, test::no_cache());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.failed().kind, opencl::failure::no_platform);
  EXPECT_EQ(session.failed().call, "clGetPlatformIDs");
  EXPECT_NE(session.failed().message().find("no driver is installed"), std::string::npos);
}

} // namespace
