// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

void run(const std::int8_t* picture, engine<small>::workspace& memory) {
#ifdef INLAY_FIXED
  engine<small>::infer(small::input::const_view(picture), memory);
#else
  engine<small>::infer(picture, memory);
#endif
}
