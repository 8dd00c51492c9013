// SPDX-License-Identifier: Apache-2.0
#include "../../must_not_compile/network.hpp"

#include <inlay/program/ethos_u_engine.hpp>

#ifdef INLAY_FIXED
constexpr std::int64_t limit = 4096;
#else
constexpr std::int64_t limit = 100;
#endif
using engine_of =
    ethos_u_engine<small, targets::ethos_u55<128>, ethos_u_options{.stream_limit = limit}>;
static_assert(engine_of::stream_bytes > 0);
