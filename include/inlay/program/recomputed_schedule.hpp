// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/plan/stream_recompute.hpp>
#include <inlay/program/lowered_schedule.hpp>
#include <inlay/program/placed_stream.hpp>
#include <inlay/program/recomputed_row.hpp>
#include <inlay/program/streamed_options.hpp>
#include <inlay/targets/reference.hpp>

namespace inlay::detail {

using row_kernel = void (*)(const kernels::row_arguments&) noexcept;

/// Whether a target does a step by rows. A run_row that it has inherited from the reference reads
/// the model's constants, which a step is not given whose constants the target packs.
template <class Target, auto Step>
constexpr bool runs_by_rows() {
  if constexpr (!requires(const kernels::row_arguments& given) {
                  Target::template run_row<Step>(given);
                }) {
    return false;
  } else if constexpr (Target::template packed_bytes<Step> != 0 && requires {
                         row_kernel{&Target::template run_row<Step>};
                         row_kernel{&targets::reference::run_row<Step>};
                       }) {
    constexpr row_kernel own = &Target::template run_row<Step>;
    constexpr row_kernel inherited = &targets::reference::run_row<Step>;
    return own != inherited;
  } else {
    return true;
  }
}

/// A network's steps for one target as nodes that make rows, before it is known which of them are
/// recomputed.
template <class Network, class Target, streamed_options Options>
struct row_schedule : lowered_schedule<Network, unfused<Target>, false> {
  using lowered = lowered_schedule<Network, unfused<Target>, false>;
  using lowered::graph;
  using lowered::schedule;
  static constexpr graph_size size = lowered::size;
  static_assert(Options.recomputation >= 0,
                "inlay: streamed_options::recomputation is a number of percent");

  template <int... Index>
  static constexpr row_stream<size> make_stream(std::integer_sequence<int, Index...>) {
    return stream_of<size>(graph, schedule,
                           {runs_by_rows<Target, lowered::template kernel<Index>>()...},
                           Target::alignment);
  }
  static constexpr row_stream<size> whole_stream = make_stream(lowered::every_step);
  template <int... Index>
  static constexpr step_numbers<size> list_scratch_of_steps(std::integer_sequence<int, Index...>) {
    return {lowered::template scratch_bytes<Index>...};
  }
  static constexpr step_numbers<size> scratch_of_steps = list_scratch_of_steps(lowered::every_step);

  static constexpr step_numbers<size> costs =
      recomputation_costs(whole_stream, schedule, Target::alignment);
  static constexpr std::int64_t limit =
      Network::multiply_accumulates * std::int64_t{Options.recomputation} / 100;

  /// Step `Index` and the step before it that it recomputes.
  template <int Index, int Made>
  using recomputed =
      recomputed_row<Target, lowered::template kernel<Made>, lowered::template kernel<Index>>;

  /// The step that reads what step `made` makes, where that is one step.
  static constexpr int reader_of(int made) {
    int node = 1;
    while (whole_stream[whole_stream[node].inputs[0].node].step != made) {
      ++node;
    }
    return whole_stream[node].step;
  }
};

/// What placed_stream wants, with `Round` steps recomputed: each the one that saves most bytes of
/// the segment that was largest before, for each multiply-accumulate more.
template <class Rows, class Target, streamed_options Options, int Round>
struct recompute_round {
  using before = recompute_round<Rows, Target, Options, Round - 1>;
  static constexpr graph_size size = Rows::size;
  static constexpr image_source image = Options.image;
  static constexpr std::int64_t row_alignment = Target::alignment;
  static constexpr bool has_image_in_arena = image == image_source::arena;
  /// The first node that an inference makes.
  static constexpr int first_node = image == image_source::rows ? 0 : 1;

  static constexpr recomputed_steps<size> recomputed = [] {
    recomputed_steps<size> steps{};
    if constexpr (Round > 0) {
      steps = before::recomputed;
      steps[static_cast<std::size_t>(before::next.next)] = true;
    }
    return steps;
  }();
  /// What the steps that are recomputed cost.
  static constexpr std::int64_t spent = [] {
    if constexpr (Round > 0) {
      return before::spent + Rows::costs[static_cast<std::size_t>(before::next.next)];
    } else {
      return std::int64_t{0};
    }
  }();

  /// Scratch memory of the readers of such steps.
  static constexpr step_numbers<size> scratch_of_readers = [] {
    step_numbers<size> bytes{};
    if constexpr (Round > 0) {
      constexpr int made = before::next.next;
      using row = typename Rows::template recomputed<Rows::reader_of(made), made>;
      bytes = before::scratch_of_readers;
      bytes[made] = Rows::aligned(static_cast<std::size_t>(row::scratch_bytes));
    }
    return bytes;
  }();

  static constexpr row_stream<size> stream = without(Rows::whole_stream, recomputed);
  static constexpr row_readers<size> readers{stream};
  static constexpr row_counts<size> rings = rings_of(stream, readers, first_node);
  static constexpr scratch_sizes<size> scratch_of_nodes = [] {
    scratch_sizes<size> sizes{};
    for (int node = 1; node < stream.count; ++node) {
      const auto step = static_cast<std::size_t>(stream[node].step);
      const int made = stream[node].recomputes;
      sizes[static_cast<std::size_t>(node)] =
          made < 0 ? Rows::scratch_of_steps[step]
                   : scratch_of_readers[static_cast<std::size_t>(made)];
    }
    return sizes;
  }();
  static constexpr row_cuts<size> cuts =
      cut_rows(stream, readers, rings, scratch_of_nodes, first_node, has_image_in_arena);

  static constexpr recompute_step next =
      next_to_recompute(stream, readers, rings, scratch_of_nodes, cuts, first_node,
                        has_image_in_arena, Rows::costs, Rows::limit - spent);
};

} // namespace inlay::detail
