// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

using observed = engine<small, targets::native, engine_options{.keep_every_tensor = true}>;
#ifdef INLAY_FIXED
using workspace = observed::workspace;
#else
using workspace = engine<small>::workspace;
#endif
void run(const std::array<std::int8_t, 48>& picture, workspace& memory) {
  observed::infer(picture, memory);
}
