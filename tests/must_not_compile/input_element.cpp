// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
using value = std::int8_t;
#else
using value = std::uint8_t;
#endif
void run(const std::array<value, 48>& picture, engine<small>::workspace& memory) {
  engine<small>::infer(picture, memory);
}
