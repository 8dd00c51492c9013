// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/transfer_planner.hpp>
#include <inlay/program/ethos_u_bands.hpp>
#include <inlay/program/placed_stream.hpp>

namespace inlay::detail {

/// Cuts the steps of a network into cascades for an NPU.
/// @tparam ConstantsIn an engine's option
template <class Steps, constants_memory ConstantsIn>
struct ethos_u_cascades {
  static constexpr const auto& graph = Steps::graph;
  static constexpr const auto& schedule = Steps::schedule;
  static constexpr graph_size size = Steps::size;
  static constexpr ethos_u::npu npu = Steps::npu;
  static constexpr ethos_u::memory_speed memory = ethos_u_memory(npu, ConstantsIn);
  static constexpr std::size_t count = cascade_divisions.size();

  static constexpr row_stream<size> whole =
      divided_stream<size>(graph, schedule, Steps::undivided, Steps::row_granule);
  static constexpr row_readers<size> readers{whole};
  static constexpr auto under_windows = nodes_under_windows(whole);

  static constexpr npu_nodes on_npu = nodes_of_npu(schedule, whole);
  static constexpr int first = on_npu.first;
  static constexpr int last = on_npu.last;

  static constexpr ethos_u::step_operation operation_of(int node) {
    return step_operation_of(graph, schedule[whole[node].step]);
  }

  template <std::size_t Index>
  static constexpr row_stream<size> stream_of_option = [] {
    row_division<size> bands = Steps::undivided;
    divide(bands, whole, under_windows, cascade_divisions[Index], first, last);
    return divided_stream<size>(graph, schedule, bands, Steps::row_granule);
  }();
  template <std::size_t Index>
  static constexpr row_counts<size> rings_of_option = rings_of(stream_of_option<Index>, readers,
                                                               first);

  template <std::size_t Index>
  static constexpr std::array<std::int64_t, size.operators + 1> cycles_of_option =
      cycles_in_bands(graph, schedule, stream_of_option<Index>, on_npu, npu, memory);
  template <std::size_t Index>
  static constexpr cascade_option<size>
      option = measure_cascades(stream_of_option<Index>, readers, rings_of_option<Index>, first,
                                last, cascade_divisions[Index], cycles_of_option<Index>);
  template <std::size_t... Index>
  static constexpr auto collect(std::index_sequence<Index...>) {
    return std::array<const cascade_option<size>*, count>{&option<Index>...};
  }
  static constexpr auto options = collect(std::make_index_sequence<count>{});

  /// The fastest cascades whose arena is estimated as `Limit` bytes at most.
  template <std::int64_t Limit>
  static constexpr cascade_plan<size> plan_within = choose_cascades<size>(options, first, last,
                                                                          whole.count, Limit);

  static constexpr std::int64_t cycles_of_whole = option<0>.cycles[static_cast<std::size_t>(last)];

  /// Such cascades with everything in its place.
  template <std::int64_t Limit>
  struct cascaded {
    static constexpr graph_size size = Steps::size;
    static constexpr image_source image = Steps::image;
    static constexpr std::int64_t row_alignment = Steps::row_alignment;
    static constexpr const scratch_sizes<size>& scratch_of_nodes = Steps::scratch_of_nodes;
    static constexpr const row_readers<size>& readers = ethos_u_cascades::readers;
    static constexpr const row_cuts<size>& cuts = plan_within<Limit>.cuts;
    static constexpr row_stream<size> stream = [] {
      row_division<size> bands = Steps::undivided;
      divide(bands, whole, under_windows, plan_within<Limit>, on_npu);
      return divided_stream<size>(graph, schedule, bands, Steps::row_granule);
    }();
    using placed = placed_stream<cascaded>;
    static constexpr std::int64_t arena_bytes = placed::plan.arena_bytes;
  };

  /// Blocks that are good rather than the best.
  template <ethos_u::block_request Request, ethos_u::constants_place Constants>
  static constexpr ethos_u::block
      rough_block = choose_blocks_roughly(npu, Request, memory, Constants).output;
  template <class Cascaded, int Node>
  static constexpr ethos_u::node_cost cost_of() {
    if constexpr (Node >= first && Node < last) {
      using ethos_u::constants_place;
      constexpr row_node made = Cascaded::stream[Node];
      constexpr std::int32_t band =
          made.rows > 1 ? made.band : operation_of(Node).made().output.height;
      constexpr ethos_u::block_request request = operation_of(Node).request(band);
      return node_cost_of(npu, memory, schedule[made.step], operation_of(Node), band,
                          rough_block<request, constants_place::outside>,
                          rough_block<request, constants_place::arena>);
    } else {
      return {};
    }
  }
  template <class Cascaded, int... Node>
  static constexpr ethos_u::node_costs<size> costs_of(std::integer_sequence<int, Node...>) {
    return {ethos_u::node_cost{}, cost_of<Cascaded, Node + 1>()...};
  }
  template <class Cascaded>
  static constexpr ethos_u::node_costs<size>
      costs = costs_of<Cascaded>(std::make_integer_sequence<int, whole.count - 1>{});

  /// The nodes of all operations, in their order.
  template <class Cascaded>
  static constexpr auto turns = [] {
    constexpr std::size_t turn_count = [] {
      std::int64_t sum = 0;
      for (int node = first; node < last; ++node) {
        sum += Cascaded::stream[node].rows;
      }
      return static_cast<std::size_t>(sum);
    }();
    std::array<int, turn_count> made{};
    std::size_t at = 0;
    for (int i = 0; i < Cascaded::cuts.count; ++i) {
      row_order<size> order(Cascaded::stream, readers, Cascaded::cuts[i]);
      order.play([&](int node, std::int32_t) {
        if (node >= first && node < last) {
          made[at++] = node;
        }
      });
    }
    return made;
  }();

  /// Cycles of some cascades where constants are copied into an arena of so many bytes.
  template <class Cascaded, std::int64_t ArenaLimit>
  static constexpr std::int64_t
      cycles_with_copies = ethos_u::plan_transfers<size>(npu, memory, Cascaded::placed::plan,
                                                         Cascaded::cuts, costs<Cascaded>,
                                                         turns<Cascaded>, ArenaLimit)
                               .cycles;

  /// Asks search_cascades until there is no question left.
  template <ethos_u_options Options>
  struct search {
    static constexpr cascade_wishes wishes = wishes_of(Options, cycles_of_whole);

    struct step {
      cascade_replay asked{};
      std::int64_t chosen = 0;
    };
    static constexpr step play(const cascade_replay& known) {
      step made{known, 0};
      made.chosen = search_cascades(made.asked, wishes);
      return made;
    }
    template <cascade_question What, std::int64_t Limit>
    static constexpr cascade_estimate answer() {
      if constexpr (What == cascade_question::estimate) {
        return plan_within<Limit>;
      } else if constexpr (What == cascade_question::arena) {
        return {.bytes = cascaded<Limit>::arena_bytes};
      } else {
        return {.cycles = cycles_with_copies<cascaded<Limit>, wishes.arena_limit>};
      }
    }
    template <int Questions>
    static constexpr step after() {
      if constexpr (Questions == 0) {
        return play({});
      } else {
        constexpr const cascade_replay& before = step_after<Questions - 1>.asked;
        return play(before.with(answer<before.open(), before.limit()>()));
      }
    }
    template <int Questions>
    static constexpr step step_after = after<Questions>();

    template <int Questions = 0>
    static constexpr std::int64_t limit() {
      if constexpr (step_after<Questions>.asked.open() == cascade_question::none) {
        return step_after<Questions>.chosen;
      } else {
        return limit<Questions + 1>();
      }
    }
  };
  template <ethos_u_options Options>
  using best = cascaded<search<Options>::limit()>;
};

} // namespace inlay::detail
