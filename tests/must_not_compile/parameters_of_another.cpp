// SPDX-License-Identifier: Apache-2.0
#include "packing.hpp"

using runner = engine<small, packing>;
#ifdef INLAY_FIXED
using parameters_given = runner::parameters;
#else
using parameters_given = engine<small, packing, engine_options{.threads = 2}>::parameters;
#endif
void run(const std::array<std::int8_t, 48>& picture, const parameters_given& packed,
         runner::workspace& memory) {
  runner::infer(picture, packed, memory);
}
