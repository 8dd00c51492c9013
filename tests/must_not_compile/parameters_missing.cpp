// SPDX-License-Identifier: Apache-2.0
#include "packing.hpp"

using runner = engine<small, packing>;
void run(const std::array<std::int8_t, 48>& picture, const runner::parameters& packed,
         runner::workspace& memory) {
#ifdef INLAY_FIXED
  runner::infer(picture, packed, memory);
#else
  static_cast<void>(packed);
  runner::infer(picture, memory);
#endif
}
