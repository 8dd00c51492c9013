// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/step_operation.hpp>

namespace inlay::ethos_u {

/// What is the same for all bands of a node that the NPU makes.
struct npu_node {
  operation whole{};
  std::array<std::int32_t, 2> input_rings{};
  std::int32_t output_ring = 1;
  std::int32_t band = 1;
};

/// The operation that makes rows [first, first + count) of a node's output.
constexpr operation band_operation(const npu& on, const npu_node& node, std::int32_t first,
                                   std::int32_t count) {
  operation made = node.whole;
  const operation& whole = node.whole;
  made.output = rows_of(whole.output, node.output_ring, first, count);
  std::int32_t top = first;
  std::int32_t bottom = first + count - 1;
  if (whole.kind != operation_kind::add) {
    const std::int32_t height = whole.input.height;
    top = top * whole.stride.height - whole.padding.top;
    bottom = bottom * whole.stride.height - whole.padding.top +
             (whole.kernel.height - 1) * whole.dilation.height;
    made.padding.top = top < 0 ? -top : 0;
    made.padding.bottom = bottom < height ? 0 : bottom - height + 1;
    top += made.padding.top;
    bottom -= made.padding.bottom;
  } else {
    made.second = rows_of(whole.second, node.input_rings[1], top, bottom - top + 1);
  }
  made.input = rows_of(whole.input, node.input_rings[0], top, bottom - top + 1);
  made.blocks.banks = lay_out_banks(on, request_of(made), made.blocks.output);
  return made;
}

} // namespace inlay::ethos_u
