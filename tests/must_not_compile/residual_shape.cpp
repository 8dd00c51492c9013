// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr int filters = 3;
#else
constexpr int filters = 5;
#endif
using net = network<image, residual<q, pointwise<filters, parameters<3 * filters, filters>>>>;
static_assert(net::layers == 2);
