// SPDX-License-Identifier: Apache-2.0
#include "../../must_not_compile/network.hpp"

#include <inlay/program/ethos_u_engine.hpp>

#ifdef INLAY_FIXED
constexpr int stride = 3;
#else
constexpr int stride = 4;
#endif
// Large enough that there are several outputs.
using pixels = input<shape{8, 8, 3}, element::int8, q>;
using net =
    network<pixels,
            conv2d<conv2d_options{.filters = 5, .stride = {stride, stride}, .quantization = q},
                   parameters<15, 5>>>;
static_assert(ethos_u_engine<net, targets::ethos_u55<128>>::operations == 1);
