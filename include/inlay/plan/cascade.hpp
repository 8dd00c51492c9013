// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/numerics/divide_up.hpp>
#include <inlay/plan/cascade_search.hpp>
#include <inlay/plan/stream_cuts.hpp>

namespace inlay {

/// How the tensors of a cascade, which are made together, are divided into bands. Tensors of
/// different heights are divided alike, so that all of a cascade advance together.
struct cascade_division {
  /// In about how many bands each tensor is made; 1: whole.
  std::int32_t parts = 1;
  /// Whether tensors that a window goes over are made in bands half as high: of these, more than
  /// one are kept.
  bool halves = false;

  /// How many rows a band has.
  [[nodiscard]] constexpr std::int32_t band_of(std::int32_t height, bool is_under_window) const {
    const std::int32_t band = parts < height ? divide_up(height, parts) : 1;
    return halves && is_under_window ? divide_up(band, 2) : band;
  }
};

inline constexpr std::int32_t single_rows = 1 << 16;
/// The divisions that are tried. The first one is no cascade.
inline constexpr std::array<cascade_division, 16> cascade_divisions{{{1, false},
                                                                     {2, false},
                                                                     {4, false},
                                                                     {7, false},
                                                                     {10, false},
                                                                     {14, false},
                                                                     {19, false},
                                                                     {28, false},
                                                                     {38, false},
                                                                     {56, false},
                                                                     {single_rows, false},
                                                                     {4, true},
                                                                     {7, true},
                                                                     {14, true},
                                                                     {28, true},
                                                                     {56, true}}};

/// What cascades take where all tensors are made in as many parts.
template <graph_size Size>
struct cascade_option {
  /// The most nodes of a cascade.
  static constexpr int longest = 20;

  cascade_division division{};
  /// For each node, bytes of the arena for the nodes from there on: for one, for two, ...
  std::array<std::array<std::int64_t, longest>, Size.operators + 1> bytes{};
  /// Cycles and operations of all nodes before each.
  std::array<std::int64_t, Size.operators + 2> cycles{};
  std::array<std::int32_t, Size.operators + 2> operations{};
};

/// A stream cut into cascades.
template <graph_size Size>
struct cascade_plan : cascade_estimate {
  row_cuts<Size> cuts{};
  /// How each segment is divided.
  std::array<cascade_division, Size.operators + 1> divisions{};
};

namespace detail {

/// For each node whether a window of several rows goes over what it makes.
template <graph_size Size>
constexpr std::array<bool, Size.operators + 1> nodes_under_windows(const row_stream<Size>& stream) {
  std::array<bool, Size.operators + 1> found{};
  for (int reader = 0; reader < stream.count; ++reader) {
    for (int k = 0; k < stream[reader].input_count; ++k) {
      const row_input& input = stream[reader].inputs[static_cast<std::size_t>(k)];
      if (input.reach > 0) {
        found[static_cast<std::size_t>(input.node)] = true;
      }
    }
  }
  return found;
}

/// Bytes of a segment. What it stores may follow what it frees through the same bytes, a band and
/// the rows of a window behind.
template <graph_size Size>
constexpr std::int64_t bytes_of_cascade(const row_stream<Size>& stream, const segment_size& size,
                                        int end) {
  if (size.freed == 0 || size.stored == 0) {
    return size.bytes;
  }
  const row_node& last = stream[end - 1];
  const std::int64_t most = size.freed < size.stored ? size.freed : size.stored;
  if (last.rows == 1) {
    const bool replaces = last.in_place && size.stored == last.bytes() &&
                          stream[size.freed_node].blocked == last.blocked;
    for (int k = 0; k < last.input_count && replaces; ++k) {
      if (last.inputs[static_cast<std::size_t>(k)].node == size.freed_node) {
        return size.bytes - most;
      }
    }
    return size.bytes;
  }
  const std::int64_t behind = most / last.rows + 2 * stream[size.freed_node].row_pitch;
  return size.bytes - (behind < most ? most - behind : 0);
}

} // namespace detail

/// Measures cascades of one division.
/// @param stream all nodes made in that division
/// @param rings rings_of(stream, ..., first)
/// @param first, last the nodes [first, last) may be in cascades
/// @param cycles for each node the time that it takes in this division
template <graph_size Size>
constexpr cascade_option<Size>
measure_cascades(const row_stream<Size>& stream, const detail::row_readers<Size>& readers,
                 const row_counts<Size>& rings, int first, int last, cascade_division division,
                 const std::array<std::int64_t, Size.operators + 1>& cycles) {
  const detail::scratch_sizes<Size> no_scratch{};
  const detail::segment_meter<Size> meter(stream, readers, rings, no_scratch, first, true);
  cascade_option<Size> made;
  made.division = division;
  for (int begin = first; begin < last; ++begin) {
    const auto at = static_cast<std::size_t>(begin);
    made.cycles[at + 1] = made.cycles[at] + cycles[at];
    made.operations[at + 1] = made.operations[at] + stream[begin].rows;
    const int end = begin + made.longest < last ? begin + made.longest : last;
    meter.extend(begin, end, [&](int behind, const detail::segment_size& size) {
      made.bytes[at][static_cast<std::size_t>(behind - begin - 1)] =
          detail::bytes_of_cascade(stream, size, behind);
    });
  }
  return made;
}

/// The fastest cascades whose arena has at most `limit` bytes, as far as these are known without
/// placing anything.
/// @param first, last the nodes [first, last) may be in cascades; all others are done one by one
template <graph_size Size, std::size_t Count>
constexpr cascade_plan<Size>
choose_cascades(const std::array<const cascade_option<Size>*, Count>& options, int first, int last,
                int count, std::int64_t limit) {
  struct choice {
    std::int64_t cycles = -1;
    std::int64_t bytes = 0;
    int begin = 0;
    std::size_t option = 0;
  };
  const auto at = [](int index) { return static_cast<std::size_t>(index); };
  std::array<choice, Size.operators + 2> best{};
  best[at(first)].cycles = 0;
  for (int begin = first; begin < last; ++begin) {
    const choice before = best[at(begin)];
    if (before.cycles < 0) {
      continue;
    }
    for (std::size_t k = 0; k < Count; ++k) {
      const cascade_option<Size>& option = *options[k];
      // Whole tensors need no cascade.
      const int most = option.division.parts == 1 ? 1 : option.longest;
      for (int end = begin + 1; end <= last && end <= begin + most; ++end) {
        const std::int64_t bytes = option.bytes[at(begin)][at(end - begin - 1)];
        if (bytes > limit) {
          continue;
        }
        const std::int64_t cycles =
            before.cycles + option.cycles[at(end)] - option.cycles[at(begin)];
        choice& known = best[at(end)];
        if (known.cycles < 0 || cycles < known.cycles) {
          known = {cycles, bytes > before.bytes ? bytes : before.bytes, begin, k};
        }
      }
    }
  }
  cascade_plan<Size> made;
  const choice& whole = best[at(last)];
  made.found = whole.cycles >= 0;
  if (!made.found) {
    return made;
  }
  made.bytes = whole.bytes;
  made.cycles = whole.cycles;
  const auto append = [&](int begin, int end, cascade_division division) {
    made.divisions[at(made.cuts.count)] = division;
    made.cuts.segments[at(made.cuts.count++)] = {begin, end};
  };
  for (int node = count; node > last; --node) {
    append(node - 1, node, {});
  }
  for (int end = last; end > first; end = best[at(end)].begin) {
    const cascade_option<Size>& option = *options[best[at(end)].option];
    const int begin = best[at(end)].begin;
    append(begin, end, option.division);
    made.operations += option.operations[at(end)] - option.operations[at(begin)];
  }
  for (int node = first; node > 1; --node) {
    append(node - 1, node, {});
  }
  for (int i = 0; i < made.cuts.count / 2; ++i) {
    const auto other = at(made.cuts.count - 1 - i);
    const row_segment segment = made.cuts.segments[at(i)];
    const cascade_division division = made.divisions[at(i)];
    made.cuts.segments[at(i)] = made.cuts.segments[other];
    made.divisions[at(i)] = made.divisions[other];
    made.cuts.segments[other] = segment;
    made.divisions[other] = division;
  }
  return made;
}

} // namespace inlay
