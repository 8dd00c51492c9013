// SPDX-License-Identifier: Apache-2.0
#include "random_graph.hpp"

#include <inlay/lower/lower.hpp>
#include <inlay/plan/plan.hpp>

#include <gtest/gtest.h>
#include <memory>

// Plans of random graphs are played through: every byte of the arena knows whose it is.

namespace {

using namespace inlay;
using inlay::test::random_source;

constexpr graph_size size{64, 24};
using plan_of_graph = memory_plan<size>;

/// The kinds whose kernels read an element, or a whole row of them, before they write there; stated
/// here again, so that a kind that is taken for one by mistake is seen.
constexpr bool may_work_in_place(const step::any& what) {
  return what.is<step::add>() || what.is<step::requantize>() || what.is<step::logistic>() ||
         what.is<step::softmax>();
}

/// Plays a schedule in an arena whose bytes hold the number of the tensor that wrote them.
class player {
public:
  player(const graph<size>& network, const schedule<size>& work, const plan_of_graph& plan)
      : network_(network), work_(work), plan_(plan),
        owners_(static_cast<std::size_t>(plan.arena_bytes), -1) {}

  void play(placement input) {
    if (input == placement::arena) {
      write(network_.input);
    }
    for (int i = 0; i < work_.step_count; ++i) {
      SCOPED_TRACE("step " + std::to_string(i));
      step(work_[i]);
    }
    for (int i = 0; i < network_.output_count; ++i) {
      const int number = network_.outputs[static_cast<std::size_t>(i)];
      ASSERT_GE(work_.storage_of(number), 0) << "output " << i << " is not stored";
      expect_whole(number);
    }
  }

private:
  [[nodiscard]] const allocation* find(int number) const {
    return plan_.find(work_.storage_of(number));
  }

  void expect_whole(int number) const {
    if (const allocation* place = find(number)) {
      for (std::int64_t at = place->offset; at < place->offset + place->bytes; ++at) {
        ASSERT_EQ(owners_[static_cast<std::size_t>(at)], work_.storage_of(number))
            << "tensor " << number << " is overwritten before it is read";
      }
    } else {
      ASSERT_EQ(work_.storage_of(number), network_.input) << "tensor " << number << " has no place";
    }
  }

  void write(int number) {
    const allocation& place = *find(number);
    ASSERT_GE(place.offset, 0);
    ASSERT_EQ(place.offset % plan_.alignment, 0);
    ASSERT_LE(place.offset + place.bytes, plan_.arena_bytes);
    std::fill_n(owners_.begin() + place.offset, place.bytes, number);
  }

  void step(const scheduled_step& work) {
    for (int k = 0; k < work.input_count; ++k) {
      expect_whole(work.inputs[static_cast<std::size_t>(k)]);
    }
    if (work.what.is<step::alias>()) {
      ASSERT_EQ(work_.storage_of(work.output), work_.storage_of(work.inputs[0]));
      return;
    }
    const allocation* to = find(work.output);
    ASSERT_NE(to, nullptr);
    ASSERT_EQ(to->bytes, network_.at(work.output).type.bytes());
    for (int k = 0; k < work.input_count; ++k) {
      const allocation* from = find(work.inputs[static_cast<std::size_t>(k)]);
      if (from != nullptr && from->overlaps(*to)) {
        ASSERT_TRUE(may_work_in_place(work.what)) << "a step that does not work in place does";
        ASSERT_EQ(from->offset, to->offset) << "in place means in the same place";
      }
    }
    write(work.output);
  }

  const graph<size>& network_;
  const schedule<size>& work_;
  const plan_of_graph& plan_;
  std::vector<int> owners_;
};

/// Bytes that must be there at once during one step, counted from the schedule alone; an output
/// that may take its input's place counts once.
std::int64_t bytes_during(const graph<size>& network, const schedule<size>& work, int step,
                          placement input, std::int64_t alignment) {
  const auto last_use = [&](int storage) {
    int last = -1;
    for (int i = 0; i < work.step_count; ++i) {
      for (int k = 0; k < work[i].input_count; ++k) {
        last = work.storage_of(work[i].inputs[static_cast<std::size_t>(k)]) == storage ? i : last;
      }
    }
    for (int i = 0; i < network.output_count; ++i) {
      const int number = network.outputs[static_cast<std::size_t>(i)];
      last = work.storage_of(number) == storage ? work.step_count : last;
    }
    return last;
  };
  std::int64_t live = 0;
  const auto add = [&](int number) {
    live += (network.at(number).type.bytes() + alignment - 1) / alignment * alignment;
  };
  if (input == placement::arena && last_use(network.input) >= step) {
    add(network.input);
  }
  for (int i = 0; i <= step; ++i) {
    const int made = work[i].output;
    if (work.storage_of(made) != made || (i < step && last_use(made) < step)) {
      continue;
    }
    bool in_place = false;
    if (i == step && may_work_in_place(work[i].what)) {
      for (int k = 0; k < work[i].input_count; ++k) {
        const int from = work.storage_of(work[i].inputs[static_cast<std::size_t>(k)]);
        const bool in_arena = from != network.input || input == placement::arena;
        in_place = in_place || (in_arena && last_use(from) == step &&
                                network.at(from).type.bytes() == network.at(made).type.bytes());
      }
    }
    if (!in_place) {
      add(made);
    }
  }
  return live;
}

void expect_sound(const graph<size>& network, bool fold, placement input, std::int64_t alignment) {
  const auto work = std::make_unique<schedule<size>>();
  lower(network, lowering{.fold_padding = fold}, *work);
  const plan_of_graph plan = plan_memory(network, *work, input, alignment);
  EXPECT_TRUE(is_sound(plan));
  EXPECT_GE(plan.arena_bytes, plan.lower_bound);
  std::int64_t needed = 0;
  for (int i = 0; i < work->step_count; ++i) {
    needed = std::max(needed, bytes_during(network, *work, i, input, alignment));
  }
  EXPECT_EQ(plan.lower_bound, needed);
  player(network, *work, plan).play(input);
}

TEST(plan, keeps_every_tensor_until_its_last_reader_in_random_graphs) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_source random(seed);
    const inlay::test::random_graph<size> made(random, static_cast<int>(random.between(1, 23)));
    diagnosis found;
    ASSERT_TRUE(check_graph(made.get(), found)) << found.message().view();
    const std::int64_t alignment = std::int64_t{1} << random.between(0, 6);
    for (const placement input : {placement::caller, placement::arena}) {
      for (const bool fold : {true, false}) {
        expect_sound(made.get(), fold, input, alignment);
        if (HasFatalFailure() || HasNonfatalFailure()) {
          return;
        }
      }
    }
  }
}

TEST(plan, is_optimal_for_most_random_graphs) {
  int optimal = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    random_source random(seed);
    const inlay::test::random_graph<size> made(random, 16);
    const auto work = std::make_unique<schedule<size>>();
    lower(made.get(), {}, *work);
    const auto plan = plan_memory(made.get(), *work, placement::caller, 16);
    optimal += plan.arena_bytes == plan.lower_bound ? 1 : 0;
  }
  EXPECT_GT(optimal, 800);
}

// Scratch memory lives during its step alone, and meets no tensor of it.
TEST(plan, gives_scratch_memory_to_random_graphs) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_source random(seed);
    const inlay::test::random_graph<size> made(random, static_cast<int>(random.between(1, 23)));
    const auto work = std::make_unique<schedule<size>>();
    lower(made.get(), {}, *work);
    std::vector<std::int64_t> scratch(static_cast<std::size_t>(work->step_count));
    std::int64_t needed = 0;
    for (int i = 0; i < work->step_count; ++i) {
      std::int64_t& bytes = scratch[static_cast<std::size_t>(i)];
      bytes = random.one_in(2) ? 0 : random.between(1, 300);
      needed = std::max(needed, (bytes + 15) / 16 * 16 +
                                    bytes_during(made.get(), *work, i, placement::caller, 16));
    }
    const plan_of_graph plan = plan_memory(made.get(), *work, placement::caller, 16, scratch);
    ASSERT_TRUE(is_sound(plan));
    EXPECT_EQ(plan.lower_bound, needed);
    player(made.get(), *work, plan).play(placement::caller);
    for (int i = 0; i < work->step_count; ++i) {
      const allocation* own = plan.find_scratch(i);
      ASSERT_EQ(own != nullptr, scratch[static_cast<std::size_t>(i)] > 0);
      ASSERT_TRUE(own == nullptr || own->bytes == scratch[static_cast<std::size_t>(i)]);
    }
  }
}

// is_sound itself must see a mistake.
constexpr plan_of_graph two_tensors(std::int64_t second_offset, int second_first) {
  plan_of_graph plan;
  plan.alignment = 16;
  plan.arena_bytes = 64;
  plan.count = 2;
  plan.allocations[0] = {.tensor = 0, .bytes = 20, .offset = 0, .first = 0, .last = 1};
  plan.allocations[1] = {
      .tensor = 1, .bytes = 32, .offset = second_offset, .first = second_first, .last = 2};
  return plan;
}
static_assert(is_sound(two_tensors(32, 1)));
static_assert(is_sound(two_tensors(0, 2)), "the first is not needed any more");
static_assert(!is_sound(two_tensors(16, 1)), "they overlap while both live");
static_assert(!is_sound(two_tensors(0, 1)));
static_assert(!is_sound(two_tensors(48, 1)), "beyond the arena");
static_assert(!is_sound(two_tensors(40, 2)), "not aligned");
static_assert(!is_sound(two_tensors(-16, 2)));

constexpr plan_of_graph in_place() {
  plan_of_graph plan = two_tensors(0, 1);
  plan.allocations[1].in_place_of = 0;
  return plan;
}
constexpr plan_of_graph two_scratches() {
  plan_of_graph plan = two_tensors(0, 1);
  plan.allocations[0].tensor = plan.allocations[1].tensor = -1;
  return plan;
}
static_assert(!is_sound(two_scratches()), "nothing hands over to scratch memory");
static_assert(is_sound(in_place()), "one ends in the step in which the other begins");

} // namespace
