// SPDX-License-Identifier: Apache-2.0
//
// A block of weights in another NPU's order.
#include <parameters/packed_npu_reader.hpp>

#ifdef INLAY_FIXED
using target = inlay::targets::ethos_u55<128>;
#else
using target = inlay::targets::ethos_u55<32>;
#endif

using program = inlay::detail::ethos_u_program<reader_npu::network, target,
                                               inlay::ethos_u_options{}, packed_npu_reader_weights>;
static_assert(program::table.bytes > 0);
