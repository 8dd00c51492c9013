// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr shape expected{4, 4, 5};
#else
constexpr shape expected{2, 2, 5};
#endif
using net = network<image, pointwise<5, parameters<15, 5>>,
                    expect<tensor_type{element::int8, expected, q}>>;
static_assert(net::layers == 1);
