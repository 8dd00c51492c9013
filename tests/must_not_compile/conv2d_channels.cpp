// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr std::size_t inputs = 5;
#else
constexpr std::size_t inputs = 4;
#endif
using net =
    network<image, pointwise<5, parameters<15, 5>>, pointwise<2, parameters<2 * inputs, 2>>>;
static_assert(net::layers == 2);
