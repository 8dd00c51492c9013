// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

using streamed = streamed_engine<small, targets::reference>;
#ifdef INLAY_FIXED
using workspace = streamed::workspace;
#else
using workspace = engine<small, targets::reference>::workspace;
#endif
void run(const std::array<std::int8_t, 48>& picture, workspace& memory) {
  streamed::infer(picture, memory);
}
