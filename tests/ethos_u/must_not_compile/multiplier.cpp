// SPDX-License-Identifier: Apache-2.0
#include "../../must_not_compile/network.hpp"

#include <inlay/program/ethos_u_engine.hpp>

#ifdef INLAY_FIXED
constexpr int multiplier = 1;
#else
constexpr int multiplier = 2;
#endif
using net =
    network<image,
            depthwise_conv2d<depthwise_conv2d_options{
                                 .kernel = {3, 3}, .multiplier = multiplier, .quantization = q},
                             parameters<27 * multiplier, 3 * multiplier>>>;
static_assert(ethos_u_engine<net, targets::ethos_u55<128>>::operations == 1);
