// SPDX-License-Identifier: Apache-2.0
#include "../../must_not_compile/network.hpp"

#include <inlay/program/ethos_u_engine.hpp>

using first = pointwise<5, parameters<15, 5>>;
#ifdef INLAY_FIXED
using net = network<image, first, logistic>;
#else
using net = network<image, first, logistic, pointwise<5, parameters<25, 5>>>;
#endif
static_assert(ethos_u_engine<net, targets::ethos_u55<128>>::operations == 1);
