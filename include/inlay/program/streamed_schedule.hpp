// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/row_arguments.hpp>
#include <inlay/plan/stream_proof.hpp>
#include <inlay/program/lowered_schedule.hpp>
#include <inlay/program/streamed_options.hpp>

namespace inlay::detail {

/// A network's steps for one target as nodes that make rows, cut into segments, with everything in
/// its place. Each part is an evaluation of its own, because compilers limit their steps.
template <class Network, class Target, streamed_options Options>
struct streamed_schedule : lowered_schedule<Network, unfused<Target>, false> {
  using lowered = lowered_schedule<Network, unfused<Target>, false>;
  using lowered::graph;
  using lowered::schedule;
  static constexpr graph_size size = lowered::size;

  static constexpr bool has_image_in_arena = Options.image == image_source::arena;
  /// The first node that an inference makes.
  static constexpr int first_node = Options.image == image_source::rows ? 0 : 1;

  template <int Index>
  static constexpr bool runs_by_rows = requires(const kernels::row_arguments& given) {
    Target::template run_row<lowered::template kernel<Index>>(given);
  };

  template <int... Index>
  static constexpr row_stream<size> make_stream(std::integer_sequence<int, Index...>) {
    return stream_of<size>(graph, schedule, {runs_by_rows<Index>...}, Target::alignment);
  }
  static constexpr row_stream<size> stream = make_stream(lowered::every_step);
  static constexpr row_readers<size> readers{stream};
  static constexpr row_counts<size> rings = rings_of(stream, readers, first_node);
  template <int... Index>
  static constexpr scratch_sizes<size> sizes_of_scratch(std::integer_sequence<int, Index...>) {
    const std::array<std::int64_t, sizeof...(Index) + 1> of_steps{
        lowered::template scratch_bytes<Index>...};
    scratch_sizes<size> sizes{};
    for (int node = 1; node < stream.count; ++node) {
      sizes[static_cast<std::size_t>(node)] = of_steps[static_cast<std::size_t>(stream[node].step)];
    }
    return sizes;
  }
  static constexpr scratch_sizes<size> scratch_of_nodes = sizes_of_scratch(lowered::every_step);

  static constexpr row_cuts<size> cuts =
      cut_rows(stream, readers, rings, scratch_of_nodes, first_node, has_image_in_arena);

  template <int Segment>
  static constexpr auto
      needs_in = needs_of_segment<size>(stream, readers, cuts[Segment], has_image_in_arena).nodes;

  template <int... Segment>
  static constexpr row_needs<size> collect_needs(std::integer_sequence<int, Segment...>) {
    row_needs<size> all{};
    const auto take = [&](row_segment segment, const row_needs<size>& some) {
      for (auto node = static_cast<std::size_t>(segment.begin);
           node < static_cast<std::size_t>(segment.end); ++node) {
        all[node] = some[node];
      }
    };
    (take(cuts[Segment], needs_in<Segment>), ...);
    return all;
  }
  static constexpr auto every_segment = std::make_integer_sequence<int, cuts.count>{};
  static constexpr row_needs<size> needs = collect_needs(every_segment);

  template <placing_order Order>
  static constexpr row_plan<size> placed = place_rows(stream, readers, cuts, needs,
                                                      scratch_of_nodes, Options.image,
                                                      Target::alignment, Order);
  static constexpr const row_plan<size>& plan =
      smallest_of(placed<placing_order::by_size>, placed<placing_order::by_time>,
                  placed<placing_order::by_end>);

  static constexpr int parts_of_proof = 8;
  template <int Segment, int Part>
  static constexpr bool is_part_proved = is_sound(stream, readers, cuts, plan, Segment, Part,
                                                  parts_of_proof);
  template <int Segment, int... Part>
  static constexpr bool are_parts_proved(std::integer_sequence<int, Part...>) {
    return (is_part_proved<Segment, Part> && ...);
  }
  template <int Segment>
  static constexpr bool
      is_proved = are_parts_proved<Segment>(std::make_integer_sequence<int, parts_of_proof>{});

  /// From how many places in a segment's program the rows of a node are asked for.
  template <int Node, int Segment>
  static constexpr int callers = [] {
    row_order<size> order(stream, readers, cuts[Segment]);
    int count = needs[Node].has_rest ? 1 : 0;
    count += order.is_read_inside(Node) ? 0 : 1;
    for (int i = readers.first[Node]; i >= 0; i = readers.edges[static_cast<std::size_t>(i)].next) {
      count += order.contains(readers.edges[static_cast<std::size_t>(i)].reader) ? 1 : 0;
    }
    return count;
  }();

  /// The node that makes a tensor.
  static constexpr int node_of(int tensor) {
    int node = 0;
    while (stream[node].tensor != schedule.storage_of(tensor)) {
      ++node;
    }
    return node;
  }
};

} // namespace inlay::detail
