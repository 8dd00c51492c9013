// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#ifdef INLAY_FIXED
constexpr std::size_t channels = 3;
#else
constexpr std::size_t channels = 5;
#endif
using net = network<image, depthwise_conv2d<depthwise_conv2d_options{.quantization = q},
                                            parameters<9 * channels, channels>>>;
static_assert(net::layers == 1);
