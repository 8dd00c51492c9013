// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr std::size_t elements = 48;
#else
constexpr std::size_t elements = 49;
#endif
void run(const std::array<std::int8_t, elements>& picture, engine<small>::workspace& memory) {
  engine<small>::infer(picture, memory);
}
