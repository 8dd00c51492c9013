// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/stream_proof.hpp>
#include <inlay/plan/stream_recompute.hpp>

#include <memory>
#include <span>

namespace inlay {

/// A schedule as rows, cut and placed.
template <graph_size Size>
struct stream_plan {
  row_stream<Size> stream{};
  row_cuts<Size> cuts{};
  row_plan<Size> rows{};
  /// Multiply-accumulates of rows that are computed again instead of kept.
  std::int64_t recomputed = 0;

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

namespace detail {

/// The first node that an inference makes.
constexpr int first_node(image_source source) {
  return source == image_source::rows ? 0 : 1;
}

/// Cuts and places made.stream.
template <graph_size Size>
void cut_and_place(const row_readers<Size>& readers, const row_counts<Size>& rings,
                   image_source source, std::int64_t alignment, const scratch_sizes<Size>& scratch,
                   stream_plan<Size>& made) {
  const bool in_arena = source == image_source::arena;
  made.cuts = cut_rows(made.stream, readers, rings, scratch, first_node(source), in_arena);
  row_needs<Size> needs{};
  for (int i = 0; i < made.cuts.count; ++i) {
    const needs_of_segment<Size> some(made.stream, readers, made.cuts[i], in_arena);
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

/// The node that reads what step `made` makes, where that is one node.
template <graph_size Size>
int reader_of(const row_stream<Size>& stream, int made) {
  int node = 1;
  while (stream[stream[node].inputs[0].node].step != made) {
    ++node;
  }
  return node;
}

} // namespace detail

/// What rows may be computed again, as streamed_options::recomputation.
struct recomputation {
  /// Of the network's multiply-accumulates.
  int percent = 0;
  /// What the kernel of a step may overwrite, in bytes.
  std::int64_t (*scratch_bytes_of)(const step::any&) = nullptr;
};

/// Plans at run time what streamed_engine plans in the compiler, for kernels that can do every step
/// by rows.
/// @param made overwritten
/// @param scratch_of_steps bytes that each step may overwrite while it runs; empty: none does
/// @param again its scratch_bytes_of is asked for pieces of steps if percent is not 0
template <graph_size Size>
void plan_stream(const graph<Size>& network, const schedule<Size>& work, image_source source,
                 std::int64_t alignment, stream_plan<Size>& made,
                 std::span<const std::int64_t> scratch_of_steps = {},
                 const recomputation& again = {}) {
  std::array<bool, Size.operators> by_rows{};
  by_rows.fill(true);
  const auto whole =
      std::make_unique<row_stream<Size>>(stream_of(network, work, by_rows, alignment));
  const step_numbers<Size> costs = recomputation_costs(*whole, work, alignment);
  std::int64_t left = count(network).multiply_accumulates * again.percent / 100;
  recomputed_steps<Size> recomputed{};
  step_numbers<Size> scratch_of_readers{};
  const auto plan = std::make_unique<stream_plan<Size>>();
  made.stream.count = 0;
  for (int next = 0; next >= 0;) {
    plan->stream = without(*whole, recomputed);
    detail::scratch_sizes<Size> scratch{};
    for (int node = 1; node < plan->stream.count; ++node) {
      const int of_reader = plan->stream[node].recomputes;
      scratch[static_cast<std::size_t>(node)] =
          of_reader >= 0 ? scratch_of_readers[static_cast<std::size_t>(of_reader)]
          : scratch_of_steps.empty()
              ? 0
              : scratch_of_steps[static_cast<std::size_t>(plan->stream[node].step)];
    }
    const detail::row_readers<Size> readers(plan->stream);
    const int begin = detail::first_node(source);
    const row_counts<Size> rings = detail::rings_of(plan->stream, readers, begin);
    detail::cut_and_place(readers, rings, source, alignment, scratch, *plan);
    if (made.stream.count == 0 || plan->rows.arena_bytes < made.rows.arena_bytes) {
      made = *plan;
    }
    next = again.percent == 0
               ? -1
               : detail::next_to_recompute(plan->stream, readers, rings, scratch, plan->cuts, begin,
                                           source == image_source::arena, costs, left)
                     .next;
    if (next >= 0) {
      const auto step = static_cast<std::size_t>(next);
      const step::any& reader = work[(*whole)[detail::reader_of(*whole, next)].step].what;
      recomputed[step] = true;
      left -= costs[step];
      plan->recomputed += costs[step];
      scratch_of_readers[step] = round_up(
          recompute_memory::of(work[next].what.template as<step::convolution>(),
                               reader.template as<step::depthwise_convolution>(), alignment,
                               [&](const auto& piece) {
                                 step::any what;
                                 what = piece;
                                 return again.scratch_bytes_of(what);
                               })
              .bytes,
          alignment);
    }
  }
}

} // namespace inlay
