// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/lower/schedule.hpp>
#include <inlay/numerics/divide_up.hpp>
#include <inlay/plan/memory_plan.hpp>

#include <span>

namespace inlay {

namespace detail {

/// Chooses offsets for one graph; kept apart from the plan so that orders can be compared.
template <graph_size Size>
class planner {
public:
  constexpr planner(const graph<Size>& network, const schedule<Size>& work, placement input,
                    std::int64_t alignment, std::span<const std::int64_t> scratch)
      : network_(network), work_(work) {
    index_.fill(-1);
    plan_.alignment = alignment;
    if (input == placement::arena) {
      allocate(network.input, -1);
    }
    for (int i = 0; i < work.step_count; ++i) {
      follow(i);
      if (static_cast<std::size_t>(i) < scratch.size()) {
        allocate_scratch(scratch[static_cast<std::size_t>(i)], i);
      }
    }
    for (int i = 0; i < network.output_count; ++i) {
      if (allocation* kept = find(network.outputs[static_cast<std::size_t>(i)])) {
        extend(*kept, work.step_count);
      }
    }
    share_places();
  }

  constexpr memory_plan<Size> run() {
    measure();
    memory_plan<Size> best = place(&larger);
    if (best.arena_bytes > best.lower_bound) {
      const memory_plan<Size> other = place(&longer);
      best = other.arena_bytes < best.arena_bytes ? other : best;
    }
    if (best.arena_bytes > best.lower_bound) {
      const memory_plan<Size> other = place(&earlier);
      best = other.arena_bytes < best.arena_bytes ? other : best;
    }
    return best;
  }

private:
  using order = bool (*)(const allocation&, const allocation&);
  static constexpr bool larger(const allocation& a, const allocation& b) {
    return a.bytes > b.bytes;
  }
  static constexpr bool longer(const allocation& a, const allocation& b) {
    return a.bytes * (a.last - a.first + 1) > b.bytes * (b.last - b.first + 1);
  }
  static constexpr bool earlier(const allocation& a, const allocation& b) {
    return a.first < b.first;
  }

  constexpr allocation& at(int index) { return plan_.allocations[static_cast<std::size_t>(index)]; }
  constexpr allocation* find(int tensor) {
    const int storage = work_.storage_of(tensor);
    const int index = storage < 0 ? -1 : index_[static_cast<std::size_t>(storage)];
    return index < 0 ? nullptr : &at(index);
  }

  constexpr void allocate(int tensor, int step) {
    index_[static_cast<std::size_t>(tensor)] = plan_.count;
    at(plan_.count++) = {
        .tensor = tensor, .bytes = network_.at(tensor).type.bytes(), .first = step, .last = step};
  }

  constexpr void allocate_scratch(std::int64_t bytes, int step) {
    if (bytes > 0) {
      at(plan_.count++) = {.bytes = bytes, .first = step, .last = step};
    }
  }

  /// The lifetimes that step `i` begins and prolongs.
  constexpr void follow(int i) {
    const scheduled_step& step = work_[i];
    for (int k = 0; k < step.input_count; ++k) {
      if (allocation* read = find(step.inputs[static_cast<std::size_t>(k)])) {
        extend(*read, i);
      }
    }
    if (work_.storage_of(step.output) == step.output) {
      allocate(step.output, i);
    }
  }

  static constexpr void extend(allocation& lived, int step) {
    lived.last = step > lived.last ? step : lived.last;
  }

  /// Lets the output of a step that works in place lie where an input does that ends with it.
  constexpr void share_places() {
    for (int i = 0; i < work_.step_count; ++i) {
      const scheduled_step& step = work_[i];
      if (!step::works_in_place(step.what)) {
        continue;
      }
      for (int k = 0; k < step.input_count; ++k) {
        allocation* input = find(step.inputs[static_cast<std::size_t>(k)]);
        allocation* output = find(step.output);
        if (input != nullptr && input->last == i && input->bytes == output->bytes &&
            output->in_place_of < 0) {
          output->in_place_of = input->tensor;
        }
      }
    }
  }

  /// The allocation whose place `of` takes, through any number of steps.
  constexpr int root(int of) {
    while (at(of).in_place_of >= 0) {
      of = index_[static_cast<std::size_t>(at(of).in_place_of)];
    }
    return of;
  }

  [[nodiscard]] constexpr std::int64_t aligned(std::int64_t bytes) const {
    return round_up(bytes, plan_.alignment);
  }

  /// Joins the lifetimes of those that share a place, and finds the lower bound.
  constexpr void measure() {
    for (int i = 0; i < plan_.count; ++i) {
      blocks_[static_cast<std::size_t>(i)] = at(i);
      blocks_[static_cast<std::size_t>(i)].bytes = aligned(at(i).bytes);
    }
    for (int i = 0; i < plan_.count; ++i) {
      if (const int shared = root(i); shared != i) {
        extend(blocks_[static_cast<std::size_t>(shared)], at(i).last);
      }
    }
    for (int step = -1; step < work_.step_count; ++step) {
      std::int64_t live = 0;
      for (int i = 0; i < plan_.count; ++i) {
        const allocation& block = blocks_[static_cast<std::size_t>(i)];
        if (at(i).in_place_of < 0 && block.first <= step && step <= block.last) {
          live += block.bytes;
        }
      }
      plan_.lower_bound = live > plan_.lower_bound ? live : plan_.lower_bound;
    }
  }

  /// Greedy placement: each block in the given order goes to the lowest gap among the blocks
  /// that live with it and are placed already.
  constexpr memory_plan<Size> place(order before) {
    std::array<int, 2 * Size.operators + 1> turn{};
    int turns = 0;
    for (int i = 0; i < plan_.count; ++i) {
      if (at(i).in_place_of >= 0) {
        continue;
      }
      int k = turns++;
      for (; k > 0 && before(block(i), block(turn[static_cast<std::size_t>(k - 1)])); --k) {
        turn[static_cast<std::size_t>(k)] = turn[static_cast<std::size_t>(k - 1)];
      }
      turn[static_cast<std::size_t>(k)] = i;
    }
    std::array<int, 2 * Size.operators + 1> by_offset{};
    memory_plan<Size> result = plan_;
    for (int n = 0; n < turns; ++n) {
      allocation& next = block(turn[static_cast<std::size_t>(n)]);
      next.offset = 0;
      for (int k = 0; k < n; ++k) {
        const allocation& placed = block(by_offset[static_cast<std::size_t>(k)]);
        if (!placed.lives_with(next)) {
          continue;
        }
        if (placed.offset >= next.offset + next.bytes) {
          break;
        }
        const std::int64_t end = placed.offset + placed.bytes;
        next.offset = end > next.offset ? end : next.offset;
      }
      int k = n;
      for (; k > 0 && block(by_offset[static_cast<std::size_t>(k - 1)]).offset > next.offset; --k) {
        by_offset[static_cast<std::size_t>(k)] = by_offset[static_cast<std::size_t>(k - 1)];
      }
      by_offset[static_cast<std::size_t>(k)] = turn[static_cast<std::size_t>(n)];
      const std::int64_t end = next.offset + next.bytes;
      result.arena_bytes = end > result.arena_bytes ? end : result.arena_bytes;
    }
    for (int i = 0; i < plan_.count; ++i) {
      result.allocations[static_cast<std::size_t>(i)].offset = block(root(i)).offset;
    }
    return result;
  }

  constexpr allocation& block(int index) { return blocks_[static_cast<std::size_t>(index)]; }

  const graph<Size>& network_;
  const schedule<Size>& work_;
  memory_plan<Size> plan_{};
  std::array<allocation, 2 * Size.operators + 1> blocks_{};
  std::array<int, Size.tensors> index_{};
};

} // namespace detail

/// Gives each tensor of a schedule its place in one arena: those whose lifetimes do not meet
/// share bytes, and elementwise steps work in place. Greedy in three orders (by size, by size
/// times lifetime, by time), of which the smallest arena is taken.
/// @param scratch bytes that each step may overwrite while it runs; empty: none does
template <graph_size Size>
constexpr memory_plan<Size> plan_memory(const graph<Size>& network, const schedule<Size>& work,
                                        placement input, std::int64_t alignment,
                                        std::span<const std::int64_t> scratch = {}) {
  return detail::planner<Size>(network, work, input, alignment, scratch).run();
}

} // namespace inlay
