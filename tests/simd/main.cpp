// SPDX-License-Identifier: Apache-2.0
#include "architecture.hpp"

#include <inlay/targets/dispatch_x86.hpp>

#include <gtest/gtest.h>
#include <iostream>

// Nothing of the kernels runs on a processor without their instructions.
int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
#if defined(__x86_64__)
  for (const auto& set : inlay::targets::instruction_sets) {
    if (set.name == inlay::test::architecture::name && !set.supported()) {
      std::cout << "skipped: this processor has no " << set.name << "\n";
      return 0;
    }
  }
#endif
  return RUN_ALL_TESTS();
}
