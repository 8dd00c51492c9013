// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

void run(const std::vector<std::int8_t>& picture, engine<small>::workspace& memory) {
#ifdef INLAY_FIXED
  engine<small>::infer(std::span(picture).first<48>(), memory);
#else
  engine<small>::infer(picture, memory);
#endif
}
