// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr int elements = 48;
#else
constexpr int elements = 50;
#endif
using net = network<image, reshape<shape{elements}>>;
static_assert(net::layers == 1);
