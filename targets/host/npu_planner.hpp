// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "npu_timing.hpp"

#include <map>
#include <memory>

namespace inspect {

/// Plans a network at run time as ethos_u_engine does it in the compiler.
class npu_planner {
public:
  /// @param network outlives the planner
  explicit npu_planner(const npu_network& network)
      : network_(network), timing_(network), whole_(*network.whole),
        readers_(std::make_unique<readers>(whole_)),
        windows_(inlay::detail::nodes_under_windows(whole_)),
        on_npu_(inlay::detail::nodes_of_npu(network.work, whole_)) {}

  /// Everything whole.
  std::unique_ptr<npu_plan> plain() const {
    const auto cuts = std::make_unique<cascades>();
    for (int node = 1; node < whole_.count; ++node) {
      cuts->cuts.segments[at(cuts->cuts.count++)] = {node, node + 1};
    }
    std::unique_ptr<npu_plan> made = place(*cuts);
    timing_.complete(*made);
    return made;
  }

  /// The smallest arena that is cheap, or the fastest within the options' limit; the smallest that
  /// was found where nothing is within it.
  std::unique_ptr<npu_plan> cascaded() {
    measure();
    answers known{*this, {}};
    const std::int64_t limit = search_cascades(
        known, inlay::detail::wishes_of(network_.options, measured_[0]->cycles[at(on_npu_.last)]));
    std::unique_ptr<npu_plan> made = place(*within(limit));
    timing_.complete(*made);
    return made;
  }

private:
  static std::size_t at(int index) { return npu_network::at(index); }

  using cascades = inlay::cascade_plan<capacity>;
  using option = inlay::cascade_option<capacity>;
  using readers = inlay::detail::row_readers<capacity>;
  using division = npu_network::division;

  /// What search_cascades asks.
  struct answers {
    const npu_planner& planner;
    std::map<std::int64_t, std::unique_ptr<npu_plan>> placed;

    [[nodiscard]] inlay::cascade_estimate estimate(std::int64_t limit) const {
      return *planner.within(limit);
    }
    npu_plan& plan(std::int64_t limit) {
      std::unique_ptr<npu_plan>& known = placed[limit];
      if (!known) {
        known = planner.place(*planner.within(limit));
      }
      return *known;
    }
    std::int64_t arena(std::int64_t limit) { return plan(limit).rows.arena_bytes; }
    std::int64_t cycles(std::int64_t limit) {
      return planner.timing_.cycles_with_copies(plan(limit));
    }
  };

  void measure() {
    for (std::size_t i = 0; i < measured_.size(); ++i) {
      const inlay::cascade_division by = inlay::cascade_divisions[i];
      const auto bands = std::make_unique<division>(network_.undivided);
      inlay::detail::divide(*bands, whole_, windows_, by, on_npu_.first, on_npu_.last);
      const auto nodes = network_.divide(*bands);
      measured_[i] = std::make_unique<option>(measure_cascades(
          *nodes, *readers_, inlay::detail::rings_of(*nodes, *readers_, on_npu_.first),
          on_npu_.first, on_npu_.last, by,
          inlay::detail::cycles_in_bands(network_.graph, network_.work, *nodes, on_npu_,
                                         network_.on, network_.memory)));
      pointers_[i] = measured_[i].get();
    }
  }

  [[nodiscard]] std::unique_ptr<cascades> within(std::int64_t limit) const {
    return std::make_unique<cascades>(inlay::choose_cascades<capacity>(
        pointers_, on_npu_.first, on_npu_.last, whole_.count, limit));
  }

  /// Everything in its place, but for copies of constants.
  [[nodiscard]] std::unique_ptr<npu_plan> place(const cascades& chosen) const {
    const auto bands = std::make_unique<division>(network_.undivided);
    inlay::detail::divide(*bands, whole_, windows_, chosen, on_npu_);
    auto made = std::make_unique<npu_plan>();
    made->stream = *network_.divide(*bands);
    made->cuts = chosen.cuts;
    const auto needs = std::make_unique<inlay::detail::row_needs<capacity>>();
    for (int i = 0; i < made->cuts.count; ++i) {
      const auto some = std::make_unique<inlay::detail::needs_of_segment<capacity>>(
          made->stream, *readers_, made->cuts[i], network_.image() == inlay::image_source::arena);
      std::copy(some->nodes.begin() + made->cuts[i].begin, some->nodes.begin() + made->cuts[i].end,
                needs->begin() + made->cuts[i].begin);
    }
    const inlay::detail::scratch_sizes<capacity> no_scratch{};
    for (const auto order : {inlay::placing_order::by_size, inlay::placing_order::by_time,
                             inlay::placing_order::by_end}) {
      const auto placed = std::make_unique<inlay::row_plan<capacity>>(
          place_rows(made->stream, *readers_, made->cuts, *needs, no_scratch, network_.image(),
                     inlay::ethos_u::address_alignment, order));
      if (made->rows.count == 0 || placed->arena_bytes < made->rows.arena_bytes) {
        made->rows = *placed;
      }
    }
    add_turns(*made);
    return made;
  }

  void add_turns(npu_plan& made) const {
    for (int i = 0; i < made.cuts.count; ++i) {
      inlay::row_order<capacity> order(made.stream, *readers_, made.cuts[i]);
      order.play([&](int node, std::int32_t band) {
        made.turns.push_back({.node = node, .band = band});
        if (network_.is_on_npu(node)) {
          made.npu_begin =
              made.nodes.empty() ? static_cast<int>(made.turns.size()) - 1 : made.npu_begin;
          made.nodes.push_back(node);
        }
      });
    }
  }

  const npu_network& network_;
  npu_timing timing_;
  const inlay::row_stream<capacity>& whole_;
  std::unique_ptr<readers> readers_;
  std::array<bool, capacity.operators + 1> windows_;
  inlay::detail::npu_nodes on_npu_;
  std::array<std::unique_ptr<option>, inlay::cascade_divisions.size()> measured_;
  std::array<const option*, inlay::cascade_divisions.size()> pointers_{};
};

} // namespace inspect
