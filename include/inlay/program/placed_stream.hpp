// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/stream_proof.hpp>

#include <utility>

namespace inlay::detail {

/// Everything of a cut stream in its place in the arena, and the proof. Each part is an evaluation
/// of its own, because compilers limit their steps.
/// @tparam Source has the constants `stream`, `readers`, `cuts`, `scratch_of_nodes`, `image` (an
/// image_source)
///   and `row_alignment`
template <class Source>
struct placed_stream {
  static constexpr const auto& stream = Source::stream;
  static constexpr const auto& cuts = Source::cuts;
  static constexpr graph_size size = Source::size;
  static constexpr const row_readers<size>& readers = Source::readers;
  static constexpr bool has_image_in_arena = Source::image == image_source::arena;

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
                                                      Source::scratch_of_nodes, Source::image,
                                                      Source::row_alignment, Order);
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
  template <int... Segment>
  static constexpr bool are_segments_proved(std::integer_sequence<int, Segment...>) {
    return (is_proved<Segment> && ...);
  }
};

} // namespace inlay::detail
