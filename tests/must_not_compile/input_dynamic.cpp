// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
using given = std::span<const std::int8_t, 48>;
#else
using given = std::span<const std::int8_t>;
#endif
void run(given picture, engine<small>::workspace& memory) {
  engine<small>::infer(picture, memory);
}
