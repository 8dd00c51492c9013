// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/band_cost.hpp>
#include <inlay/kernels/ethos_u/block_search.hpp>
#include <inlay/kernels/ethos_u/transfer_planner.hpp>
#include <inlay/plan/cascade.hpp>
#include <inlay/program/ethos_u_steps.hpp>
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

  static constexpr bool is_on_npu(int node) {
    return ethos_u::is_for_npu(schedule[whole[node].step].what);
  }
  /// Nodes [first, last) are the NPU's.
  static constexpr int first = [] {
    int node = 1;
    while (!is_on_npu(node)) {
      ++node;
    }
    return node;
  }();
  static constexpr int last = [] {
    int node = whole.count;
    while (!is_on_npu(node - 1)) {
      --node;
    }
    return node;
  }();

  static constexpr ethos_u::step_operation operation_of(int node) {
    return step_operation_of(graph, schedule[whole[node].step]);
  }

  /// Gives the nodes [begin, end) the bands of a division.
  static constexpr void divide(row_division<size>& bands, cascade_division by, int begin, int end) {
    for (int node = begin; node < end; ++node) {
      bands.bands[static_cast<std::size_t>(whole[node].step)] =
          by.band_of(whole[node].height, under_windows[static_cast<std::size_t>(node)]);
    }
  }

  template <std::size_t Index>
  static constexpr row_stream<size> stream_of_option = [] {
    row_division<size> bands = Steps::undivided;
    divide(bands, cascade_divisions[Index], first, last);
    return divided_stream<size>(graph, schedule, bands, Steps::row_granule);
  }();
  template <std::size_t Index>
  static constexpr row_counts<size> rings_of_option = rings_of(stream_of_option<Index>, readers,
                                                               first);

  template <std::size_t Index>
  static constexpr std::array<std::int64_t, size.operators + 1> cycles_of_option = [] {
    std::array<std::int64_t, size.operators + 1> cycles{};
    for (int node = first; node < last; ++node) {
      const ethos_u::step_operation what = operation_of(node);
      const row_node& made = stream_of_option<Index>[node];
      const ethos_u::block_choice blocks = choose_blocks_roughly(
          npu, what.request(made.band), memory, ethos_u::constants_place::outside);
      cycles[static_cast<std::size_t>(node)] =
          cost_of_bands(npu, what, made.band, blocks.output, memory).cycles +
          made.rows * ethos_u::cycles_of_an_operation;
    }
    return cycles;
  }();
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
      for (int i = 0; i < cuts.count; ++i) {
        if (cuts[i].begin >= first && cuts[i].end <= last) {
          divide(bands, plan_within<Limit>.divisions[static_cast<std::size_t>(i)], cuts[i].begin,
                 cuts[i].end);
        }
      }
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

  /// Whether cascades take few enough operations and cycles.
  template <std::int64_t Limit, std::int64_t StreamLimit>
  static constexpr bool is_cheap =
      plan_within<Limit>.found&& plan_within<Limit>.operations* ethos_u::bytes_of_commands <=
      StreamLimit&& plan_within<Limit>.cycles <= cycles_of_whole + cycles_of_whole / 10;

  /// The least estimated arena of cheap cascades, above Low and at most High.
  template <std::int64_t Low, std::int64_t High, std::int64_t StreamLimit>
  static constexpr std::int64_t least_limit() {
    constexpr std::int64_t precision = 4096;
    if constexpr (High - Low <= precision) {
      return High;
    } else {
      constexpr std::int64_t middle = (Low + High) / 2;
      if constexpr (is_cheap<middle, StreamLimit>) {
        return least_limit<Low, plan_within<middle>.bytes, StreamLimit>();
      } else {
        return least_limit<middle, High, StreamLimit>();
      }
    }
  }

  template <class A, class B>
  using smaller_of = std::conditional_t<(B::arena_bytes < A::arena_bytes), B, A>;

  /// Tries cascades of ever smaller arenas until one has at most ArenaLimit bytes when all is in
  /// its place; else the smallest that was seen.
  template <std::int64_t Limit, std::int64_t ArenaLimit, int Tries>
  static constexpr auto search() {
    using found = cascaded<Limit>;
    constexpr std::int64_t over = found::arena_bytes - ArenaLimit;
    constexpr std::int64_t next = plan_within<Limit>.bytes - (over > 1 ? over : 1);
    if constexpr (over <= 0 || Tries == 1 || !plan_within<next>.found) {
      return found{};
    } else {
      return smaller_of<found, decltype(search<next, ArenaLimit, Tries - 1>())>{};
    }
  }

  /// Of two cascades the faster one, copies included, of those whose arena is small enough.
  template <class A, class B, std::int64_t ArenaLimit>
  static constexpr auto faster_of() {
    if constexpr (std::is_same_v<A, B> || B::arena_bytes > ArenaLimit) {
      return A{};
    } else if constexpr (A::arena_bytes > ArenaLimit ||
                         cycles_with_copies<B, ArenaLimit> < cycles_with_copies<A, ArenaLimit>) {
      return B{};
    } else {
      return A{};
    }
  }

  /// Of cascades that leave more and more of the arena to copies of constants, the fastest one.
  template <class Fastest, std::int64_t ArenaLimit, std::int64_t StreamLimit, int Tries>
  static constexpr auto search_for_copies() {
    constexpr std::int64_t next = ArenaLimit - ArenaLimit / 24 * (5 - Tries);
    if constexpr (Tries == 0 || ConstantsIn == constants_memory::sram || !plan_within<next>.found) {
      return Fastest{};
    } else if constexpr (plan_within<next>.operations * ethos_u::bytes_of_commands > StreamLimit) {
      return Fastest{};
    } else {
      using other = cascaded<plan_within<next>.bytes>;
      return search_for_copies<decltype(faster_of<Fastest, other, ArenaLimit>()), ArenaLimit,
                               StreamLimit, Tries - 1>();
    }
  }

  static constexpr std::int64_t most_stream_bytes = std::int64_t{100} * 1024;

  template <std::int64_t ArenaLimit, std::int64_t StreamLimit>
  static constexpr auto choose() {
    constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t of_stream =
        StreamLimit < most_stream_bytes ? StreamLimit : most_stream_bytes;
    constexpr std::int64_t least = least_limit<0, plan_within<no_limit>.bytes, of_stream>();
    if constexpr (ArenaLimit == no_limit) {
      return smaller_of<cascaded<least>, cascaded<least + least / 32>>{};
    } else if constexpr (plan_within<ArenaLimit>.found) {
      using found = decltype(search<ArenaLimit, ArenaLimit, 6>());
      return search_for_copies<found, ArenaLimit, StreamLimit, 4>();
    } else {
      return cascaded<least>{};
    }
  }
  template <std::int64_t ArenaLimit, std::int64_t StreamLimit>
  using best = decltype(choose<ArenaLimit, StreamLimit>());
};

} // namespace inlay::detail
