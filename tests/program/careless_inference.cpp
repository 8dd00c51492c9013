// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <vector>

// What check_object.cmake must complain about: the heap, and a static initializer.

namespace {

std::vector<int> memory(static_cast<std::size_t>(std::rand()));

} // namespace

extern "C" int classify(const unsigned char* image) noexcept;
int classify(const unsigned char* image) noexcept {
  return memory[*image];
}
