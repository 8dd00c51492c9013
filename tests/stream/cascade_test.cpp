// SPDX-License-Identifier: Apache-2.0
#include "../plan/random_graph.hpp"
#include "player.hpp"

#include <inlay/lower/lower.hpp>
#include <inlay/plan/cascade.hpp>
#include <inlay/plan/stream_proof.hpp>

#include <limits>
#include <memory>
#include <string>

namespace {

using namespace inlay;
using inlay::test::random_source;

constexpr graph_size size{64, 24};
constexpr std::size_t divisions = cascade_divisions.size();
constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

/// A random network, measured in all divisions, with random costs.
class measured {
public:
  explicit measured(random_source& random)
      : made_(random, static_cast<int>(random.between(1, 23))) {
    lower(made_.get(), {}, *work_);
    for (bool& each : undivided_.blocked) {
      each = random.one_in(3);
    }
    whole = divide([](int) { return cascade_division{}; });
    windows_ = detail::nodes_under_windows(*whole);
    first = static_cast<int>(random.between(1, 2));
    last = whole->count - static_cast<int>(random.between(0, 1));
    if (first >= last) {
      first = 1;
      last = whole->count;
    }
    for (std::size_t i = 0; i < divisions; ++i) {
      const auto stream = divide([&](int) { return cascade_divisions[i]; });
      const detail::row_readers<size> readers(*stream);
      for (int node = first; node < last; ++node) {
        costs[i][static_cast<std::size_t>(node)] = random.between(1, 1000);
      }
      options_[i] = std::make_unique<cascade_option<size>>(
          measure_cascades(*stream, readers, detail::rings_of(*stream, readers, first), first, last,
                           cascade_divisions[i], costs[i]));
      options[i] = options_[i].get();
    }
  }

  [[nodiscard]] cascade_plan<size> plan_within(std::int64_t limit) const {
    return choose_cascades<size>(options, first, last, whole->count, limit);
  }

  /// All nodes, those of the segments of a plan divided as it says.
  [[nodiscard]] std::unique_ptr<row_stream<size>> divide(const cascade_plan<size>& plan) const {
    std::array<cascade_division, size.operators + 1> of{};
    for (int i = 0; i < plan.cuts.count; ++i) {
      for (int node = plan.cuts[i].begin; node < plan.cuts[i].end; ++node) {
        of[static_cast<std::size_t>(node)] = plan.divisions[static_cast<std::size_t>(i)];
      }
    }
    return divide([&](int node) { return of[static_cast<std::size_t>(node)]; });
  }

  std::unique_ptr<row_stream<size>> whole;
  int first = 1;
  int last = 1;
  std::array<std::array<std::int64_t, size.operators + 1>, divisions> costs{};
  std::array<const cascade_option<size>*, divisions> options{};

private:
  template <class Choice>
  [[nodiscard]] std::unique_ptr<row_stream<size>> divide(const Choice& division_of) const {
    row_division<size> division = undivided_;
    int node = 0;
    for (int i = 0; i < work_->step_count; ++i) {
      const scheduled_step& step = (*work_)[i];
      node += step.what.is<step::alias>() ? 0 : 1;
      division.bands[static_cast<std::size_t>(i)] =
          division_of(node).band_of(made_.get().at(step.output).type.shape.height(),
                                    windows_[static_cast<std::size_t>(node)]);
    }
    return std::make_unique<row_stream<size>>(divided_stream(made_.get(), *work_, division, 16));
  }

  inlay::test::random_graph<size> made_;
  std::unique_ptr<schedule<size>> work_ = std::make_unique<schedule<size>>();
  row_division<size> undivided_{};
  std::array<bool, size.operators + 1> windows_{};
  std::array<std::unique_ptr<cascade_option<size>>, divisions> options_{};
};

/// Places a plan, proves it and plays it.
void expect_plays(const measured& what, const cascade_plan<size>& plan) {
  const auto stream = what.divide(plan);
  const detail::row_readers<size> readers(*stream);
  detail::row_needs<size> needs{};
  for (int i = 0; i < plan.cuts.count; ++i) {
    const detail::needs_of_segment<size> some(*stream, readers, plan.cuts[i], true);
    std::copy(some.nodes.begin() + plan.cuts[i].begin, some.nodes.begin() + plan.cuts[i].end,
              needs.begin() + plan.cuts[i].begin);
  }
  const row_plan<size> placed = place_rows(*stream, readers, plan.cuts, needs, {},
                                           image_source::arena, 16, placing_order::by_end);
  for (int i = 0; i < plan.cuts.count; ++i) {
    EXPECT_TRUE(is_sound(*stream, readers, plan.cuts, placed, i)) << "segment " << i;
  }
  test::player<size>(*stream, plan.cuts, placed, image_source::arena).play();
}

void expect_covers_all_nodes(const cascade_plan<size>& plan, int count) {
  int next = 1;
  for (int i = 0; i < plan.cuts.count; ++i) {
    EXPECT_EQ(plan.cuts[i].begin, next);
    EXPECT_GT(plan.cuts[i].end, next);
    next = plan.cuts[i].end;
  }
  EXPECT_EQ(next, count);
}

TEST(cascade, plans_of_random_graphs_keep_every_row_and_their_limits) {
  int limited = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_source random(seed);
    const measured what(random);
    cascade_plan<size> plan = what.plan_within(no_limit);
    ASSERT_TRUE(plan.found);
    std::int64_t least = 0;
    for (int node = what.first; node < what.last; ++node) {
      std::int64_t cheapest = no_limit;
      for (const auto& costs : what.costs) {
        cheapest = std::min(cheapest, costs[static_cast<std::size_t>(node)]);
      }
      least += cheapest;
    }
    EXPECT_EQ(plan.cycles, least) << "without a limit everything is done at its cheapest";
    std::int64_t cycles = 0;
    while (plan.found) {
      EXPECT_GE(plan.cycles, cycles) << "a smaller arena cannot be faster";
      cycles = plan.cycles;
      expect_covers_all_nodes(plan, what.whole->count);
      expect_plays(what, plan);
      if (HasFatalFailure() || HasNonfatalFailure()) {
        return;
      }
      const std::int64_t limit = plan.bytes - 1;
      plan = what.plan_within(limit);
      if (plan.found) {
        EXPECT_LE(plan.bytes, limit);
        ++limited;
      }
    }
  }
  EXPECT_GT(limited, 200);
}

TEST(cascade, divisions_are_in_proportion) {
  constexpr cascade_division quarters{4, false};
  static_assert(quarters.band_of(112, false) == 28);
  static_assert(quarters.band_of(7, false) == 2);
  static_assert(quarters.band_of(3, false) == 1);
  static_assert(cascade_division{4, true}.band_of(112, true) == 14);
  static_assert(cascade_division{4, true}.band_of(112, false) == 28);
  static_assert(cascade_division{single_rows, true}.band_of(112, true) == 1);
  static_assert(cascade_divisions[0].band_of(112, true) == 112);
}

} // namespace
