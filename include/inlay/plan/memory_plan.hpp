// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/graph.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace inlay {

/// Who gives the memory for a network's input.
enum class placement : std::uint8_t {
  /// The caller, anew for each inference; it is only read.
  caller,
  /// The arena; the caller fills it in before an inference, which may overwrite it.
  arena
};

/// The place in the arena of a tensor, or of a step's scratch memory, and the steps during which
/// it holds its values.
struct allocation {
  /// The tensor's number in the graph; -1 for scratch memory.
  int tensor = -1;
  std::int64_t bytes = 0;
  std::int64_t offset = 0;
  /// The step that writes it (-1: before the first), and the last one that reads it.
  int first = 0;
  int last = 0;
  /// Another tensor in whose place this one lies, -1 if none.
  int in_place_of = -1;

  [[nodiscard]] constexpr bool lives_with(const allocation& other) const {
    return first <= other.last && other.first <= last;
  }
  [[nodiscard]] constexpr bool overlaps(const allocation& other) const {
    return offset < other.offset + other.bytes && other.offset < offset + bytes;
  }
};

/// Where each tensor of a schedule lies.
template <graph_size Size>
struct memory_plan {
  std::array<allocation, 2 * Size.operators + 1> allocations{};
  int count = 0;
  std::int64_t arena_bytes = 0;
  /// Bytes that are live at once at the busiest step: no plan for this schedule needs less.
  std::int64_t lower_bound = 0;
  std::int64_t alignment = 1;

  [[nodiscard]] constexpr const allocation& operator[](int index) const {
    return allocations[static_cast<std::size_t>(index)];
  }
  /// The allocation of the tensor with the given storage; null if it is not in the arena.
  [[nodiscard]] constexpr const allocation* find(int storage) const {
    for (int i = 0; i < count; ++i) {
      if (allocations[static_cast<std::size_t>(i)].tensor == storage) {
        return &allocations[static_cast<std::size_t>(i)];
      }
    }
    return nullptr;
  }
  /// The scratch memory of a step; null if it has none.
  [[nodiscard]] constexpr const allocation* find_scratch(int step) const {
    for (int i = 0; i < count; ++i) {
      const allocation& each = allocations[static_cast<std::size_t>(i)];
      if (each.tensor < 0 && each.first == step) {
        return &each;
      }
    }
    return nullptr;
  }
};

/// Whether no two tensors that live at the same time share bytes (one that a step works on in
/// place ends where the other begins), each lies inside the arena and is aligned.
template <graph_size Size>
constexpr bool is_sound(const memory_plan<Size>& plan) {
  for (int i = 0; i < plan.count; ++i) {
    const allocation& a = plan[i];
    if (a.offset < 0 || a.offset % plan.alignment != 0 || a.offset + a.bytes > plan.arena_bytes) {
      return false;
    }
    for (int k = 0; k < i; ++k) {
      const allocation& b = plan[k];
      const bool handed_over =
          (a.in_place_of >= 0 && a.in_place_of == b.tensor && b.last == a.first) ||
          (b.in_place_of >= 0 && b.in_place_of == a.tensor && a.last == b.first);
      if (a.lives_with(b) && a.overlaps(b) && !handed_over) {
        return false;
      }
    }
  }
  return true;
}

} // namespace inlay
