// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr std::size_t inputs = 48;
#else
constexpr std::size_t inputs = 47;
#endif
using net = network<image, fully_connected<fully_connected_options{.outputs = 2, .quantization = q},
                                           parameters<2 * inputs, 2>>>;
static_assert(net::layers == 1);
