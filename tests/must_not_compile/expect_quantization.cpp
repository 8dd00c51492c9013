// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr quantization expected = q;
#else
constexpr quantization expected{0.25F, -3};
#endif
using net = network<image, pointwise<5, parameters<15, 5>>,
                    expect<tensor_type{element::int8, shape{4, 4, 5}, expected}>, softmax>;
static_assert(net::layers == 2);
