// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/stream_proof.hpp>

#include <span>

namespace inlay {

/// A schedule as rows, cut and placed.
template <graph_size Size>
struct stream_plan {
  row_stream<Size> stream{};
  row_cuts<Size> cuts{};
  row_plan<Size> rows{};

  /// Bytes of the arena from its beginning that a segment uses.
  [[nodiscard]] constexpr std::int64_t bytes_of(int segment) const {
    std::int64_t end = 0;
    for (int node = 0; node < stream.count; ++node) {
      const row_buffer& buffer = rows[node];
      const bool here = buffer.bytes > 0 && buffer.first <= segment && segment <= buffer.last;
      end = here && buffer.offset + buffer.bytes > end ? buffer.offset + buffer.bytes : end;
    }
    return end;
  }
};

/// Plans at run time what streamed_engine plans in the compiler, for kernels that can do every step
/// by rows.
/// @param made overwritten
/// @param scratch_of_steps bytes that each step may overwrite while it runs; empty: none does
template <graph_size Size>
void plan_stream(const graph<Size>& network, const schedule<Size>& work, image_source source,
                 std::int64_t alignment, stream_plan<Size>& made,
                 std::span<const std::int64_t> scratch_of_steps = {}) {
  std::array<bool, Size.operators> by_rows{};
  by_rows.fill(true);
  made.stream = stream_of(network, work, by_rows, alignment);
  const detail::row_readers<Size> readers(made.stream);
  detail::scratch_sizes<Size> scratch{};
  for (int node = 1; node < made.stream.count && !scratch_of_steps.empty(); ++node) {
    scratch[static_cast<std::size_t>(node)] =
        scratch_of_steps[static_cast<std::size_t>(made.stream[node].step)];
  }
  const int begin = source == image_source::rows ? 0 : 1;
  const bool in_arena = source == image_source::arena;
  made.cuts = cut_rows(made.stream, readers, detail::rings_of(made.stream, readers, begin), scratch,
                       begin, in_arena);
  detail::row_needs<Size> needs{};
  for (int i = 0; i < made.cuts.count; ++i) {
    const detail::needs_of_segment<Size> some(made.stream, readers, made.cuts[i], in_arena);
    for (int node = made.cuts[i].begin; node < made.cuts[i].end; ++node) {
      needs[static_cast<std::size_t>(node)] = some.nodes[static_cast<std::size_t>(node)];
    }
  }
  const auto place = [&](placing_order order) {
    return place_rows(made.stream, readers, made.cuts, needs, scratch, source, alignment, order);
  };
  made.rows = place(placing_order::by_size);
  for (const auto order : {placing_order::by_time, placing_order::by_end}) {
    const row_plan<Size> other = place(order);
    made.rows = other.arena_bytes < made.rows.arena_bytes ? other : made.rows;
  }
}

} // namespace inlay
