// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr std::size_t biases = 5;
#else
constexpr std::size_t biases = 6;
#endif
using net = network<image, pointwise<5, parameters<15, 5, biases>>>;
static_assert(net::layers == 1);
