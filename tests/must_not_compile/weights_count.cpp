// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr std::size_t weights = 15;
#else
constexpr std::size_t weights = 16;
#endif
using net = network<image, pointwise<5, parameters<weights, 5>>>;
static_assert(net::layers == 1);
