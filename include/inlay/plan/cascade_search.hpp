// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace inlay {

/// What is known of the fastest cascades within a limit before anything is placed.
struct cascade_estimate {
  bool found = false;
  /// Of the arena.
  std::int64_t bytes = 0;
  /// Copies of constants left out.
  std::int64_t cycles = 0;
  std::int64_t operations = 0;
};

struct cascade_wishes {
  static constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

  /// Of whole tensors.
  std::int64_t cycles_of_whole = 0;
  /// Operations of a command stream; those of a stream of the usual size.
  std::int64_t operations_limit = no_limit;
  std::int64_t usual_operations = no_limit;
  std::int64_t arena_limit = no_limit;
  /// Whether constants are copied into the arena.
  bool copies = false;
};

namespace detail {

/// The least limit, estimated, of cascades that cost a tenth more cycles and a command stream of
/// the usual size at most.
template <class Ask>
constexpr std::int64_t least_cheap_limit(Ask& ask, const cascade_wishes& wishes) {
  constexpr std::int64_t precision = 4096;
  std::int64_t low = 0;
  std::int64_t high = ask.estimate(cascade_wishes::no_limit).bytes;
  const std::int64_t operations = wishes.operations_limit < wishes.usual_operations
                                      ? wishes.operations_limit
                                      : wishes.usual_operations;
  while (high - low > precision) {
    const std::int64_t middle = (low + high) / 2;
    const cascade_estimate found = ask.estimate(middle);
    if (found.found && found.operations <= operations &&
        found.cycles <= wishes.cycles_of_whole + wishes.cycles_of_whole / 10) {
      high = found.bytes;
    } else {
      low = middle;
    }
  }
  return high;
}

/// A limit of cascades, and their arena when all is in its place.
struct placed_cascades {
  std::int64_t limit = 0;
  std::int64_t arena = 0;
};

/// Tries ever smaller cascades until they keep within the arena's limit when all is in its place.
/// @return else the smallest that were seen
template <class Ask>
constexpr placed_cascades fit_cascades(Ask& ask, std::int64_t arena_limit) {
  constexpr int most = 6;
  placed_cascades best;
  std::int64_t limit = arena_limit;
  cascade_estimate found = ask.estimate(limit);
  for (int i = 0; i < most && found.found; ++i) {
    const std::int64_t arena = ask.arena(limit);
    if (i == 0 || arena < best.arena) {
      best = {limit, arena};
    }
    if (arena <= arena_limit) {
      break;
    }
    limit = found.bytes - (arena - arena_limit);
    found = ask.estimate(limit);
  }
  return best;
}

/// Of some cascades, and of others that leave more and more of the arena to copies of constants,
/// those that are the fastest with their copies.
template <class Ask>
constexpr std::int64_t fastest_with_copies(Ask& ask, const cascade_wishes& wishes,
                                           placed_cascades best) {
  std::int64_t cycles = -1;
  for (int i = 1; i <= 4; ++i) {
    const cascade_estimate found = ask.estimate(wishes.arena_limit - wishes.arena_limit / 24 * i);
    if (!found.found || found.operations > wishes.operations_limit) {
      break;
    }
    const std::int64_t arena = found.bytes == best.limit ? best.arena : ask.arena(found.bytes);
    if (found.bytes == best.limit || arena > wishes.arena_limit) {
      continue;
    }
    if (best.arena > wishes.arena_limit) {
      best = {found.bytes, arena};
      continue;
    }
    cycles = cycles < 0 ? ask.cycles(best.limit) : cycles;
    if (const std::int64_t other = ask.cycles(found.bytes); other < cycles) {
      cycles = other;
      best = {found.bytes, arena};
    }
  }
  return best.limit;
}

} // namespace detail

/// Decides which cascades are tried, and which are taken: the fastest within a limit of the arena,
/// copies of constants included, or else the smallest that are cheap.
/// @param ask answers, of the fastest cascades within `limit` bytes: estimate(limit) as a
///   cascade_estimate, and in bytes and cycles arena(limit), when all is in its place, and
///   cycles(limit), copies included
/// @return the limit of the cascades to take
template <class Ask>
constexpr std::int64_t search_cascades(Ask& ask, const cascade_wishes& wishes) {
  if (wishes.arena_limit < cascade_wishes::no_limit && ask.estimate(wishes.arena_limit).found) {
    const detail::placed_cascades found = detail::fit_cascades(ask, wishes.arena_limit);
    return wishes.copies ? detail::fastest_with_copies(ask, wishes, found) : found.limit;
  }
  const std::int64_t least = detail::least_cheap_limit(ask, wishes);
  if (wishes.arena_limit < cascade_wishes::no_limit) {
    return least;
  }
  // A little more of an estimated arena sometimes takes less when all is in its place.
  const std::int64_t more = least + least / 32;
  return ask.arena(more) < ask.arena(least) ? more : least;
}

/// What is asked of the cascades within a limit.
enum class cascade_question : std::uint8_t { none, estimate, arena, cycles };

/// Answers search_cascades with what was learned before, up to the first question whose answer is
/// not known. Compilers limit evaluations: so each answer can be found in one of its own.
class cascade_replay {
public:
  constexpr cascade_estimate estimate(std::int64_t limit) {
    return answer(cascade_question::estimate, limit);
  }
  constexpr std::int64_t arena(std::int64_t limit) {
    return answer(cascade_question::arena, limit).bytes;
  }
  constexpr std::int64_t cycles(std::int64_t limit) {
    return answer(cascade_question::cycles, limit).cycles;
  }

  /// The first question without an answer, and its limit. The search ended without one if it is
  /// none, and else with a result that is of no use.
  [[nodiscard]] constexpr cascade_question open() const { return open_; }
  [[nodiscard]] constexpr std::int64_t limit() const { return limit_; }

  /// The same from the beginning, with the answer to the open question.
  [[nodiscard]] constexpr cascade_replay with(const cascade_estimate& learned) const {
    cascade_replay made = *this;
    made.known_[static_cast<std::size_t>(made.count_++)] = learned;
    made.next_ = 0;
    made.open_ = cascade_question::none;
    return made;
  }

private:
  static constexpr std::size_t most = 64;

  constexpr cascade_estimate answer(cascade_question what, std::int64_t limit) {
    if (next_ < count_) {
      return known_[static_cast<std::size_t>(next_++)];
    }
    if (open_ == cascade_question::none) {
      open_ = what;
      limit_ = limit;
    }
    return {};
  }

  std::array<cascade_estimate, most> known_{};
  int count_ = 0;
  int next_ = 0;
  cascade_question open_ = cascade_question::none;
  std::int64_t limit_ = 0;
};

} // namespace inlay
