// SPDX-License-Identifier: Apache-2.0
#include "architecture.hpp"

#include <inlay/program/dispatch.hpp>

#include <gtest/gtest.h>
#include <iostream>

// Nothing of the kernels runs on a processor without their instructions.
int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
#if defined(__x86_64__)
  if (!inlay::is_supported(inlay::test::architecture::name)) {
    std::cout << "skipped: this processor has no " << inlay::test::architecture::name << "\n";
    return 0;
  }
#endif
  return RUN_ALL_TESTS();
}
