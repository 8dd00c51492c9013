// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr std::size_t scales = 5;
#else
constexpr std::size_t scales = 4;
#endif
using net = network<image, pointwise<5, parameters<15, scales, 5>>>;
static_assert(net::layers == 1);
