// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#include <inlay/targets/arm.hpp>
#include <inlay/targets/x86.hpp>

#ifdef INLAY_FIXED
using runner = engine<small, targets::reference>;
#else
#if defined(__x86_64__)
using other = targets::avx512_vnni;
#else
using other = targets::avx2;
#endif
using runner = engine<small, other>;
#endif

void run(const std::array<std::int8_t, 48>& picture, const runner::parameters& packed,
         runner::workspace& memory) {
  runner::infer(picture, packed, memory);
}
