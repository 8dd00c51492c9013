// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/band_operation.hpp>
#include <inlay/plan/stream_plan.hpp>

namespace inlay::detail {

/// Where a node's tensor lies as the NPU sees it, whole, and how many of its rows are kept.
struct placed_map {
  ethos_u::feature_map map{};
  std::int32_t ring_rows = 1;
};

/// Where a stream's rows lie; those of some steps in slices of 16 channels.
template <graph_size Size>
struct npu_places {
  const row_stream<Size>& stream;
  const row_plan<Size>& rows;
  const std::array<bool, Size.operators>& blocked;

  /// Where `node` lies, for an operation that sees it as `seen`.
  [[nodiscard]] constexpr placed_map map_of(int node, ethos_u::feature_map seen) const {
    const row_node& what = stream[node];
    const row_buffer& buffer = rows[node];
    seen.base = buffer.offset;
    seen.is_blocked = what.step >= 0 && blocked[static_cast<std::size_t>(what.step)];
    const std::int64_t pixel = seen.is_blocked ? (seen.depth + 15) / 16 * 16 : seen.depth;
    const bool has_rows = what.height == seen.height && what.height > 1;
    seen.row_stride = has_rows ? what.row_pitch : pixel * seen.width;
    return {seen, buffer.ring == what.rows ? seen.height : buffer.ring * what.band};
  }

  /// What makes `node`, but for its constants.
  /// @param whole what makes all of it, without addresses
  [[nodiscard]] constexpr ethos_u::npu_node node_of(int node, const ethos_u::operation& whole,
                                                    const ethos_u::block_choice& blocks,
                                                    std::int32_t band) const {
    const row_node& what = stream[node];
    ethos_u::npu_node made;
    made.whole = whole;
    made.whole.blocks = blocks;
    made.band = band;
    const placed_map first = map_of(what.inputs[0].node, whole.input);
    made.whole.input = first.map;
    made.input_rings[0] = first.ring_rows;
    if (what.input_count > 1) {
      const placed_map second = map_of(what.inputs[1].node, whole.second);
      made.whole.second = second.map;
      made.input_rings[1] = second.ring_rows;
    }
    const placed_map output = map_of(node, whole.output);
    made.whole.output = output.map;
    made.output_ring = output.ring_rows;
    return made;
  }
};

} // namespace inlay::detail
