// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr extent kernel{4, 4};
#else
constexpr extent kernel{5, 4};
#endif
using net = network<image, average_pool_2d<average_pool_2d_options{.kernel = kernel}>>;
static_assert(net::layers == 1);
