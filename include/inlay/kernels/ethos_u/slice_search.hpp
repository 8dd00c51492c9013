// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/slice_costs.hpp>
#include <inlay/numerics/divide_up.hpp>

#include <limits>

// Where to cut a stream of weights into slices, and how to code each: the cheapest path through
// blocks of weights by dynamic programming over all codings with the palettes that are given. Costs
// are those of the bits that a slice takes, but for the zeros that fill up its last chunk.

namespace inlay::ethos_u {

/// A palette that slices may have.
struct palette_choice {
  weight_palette palette{};
  /// With runs of zeros, or without.
  bool runs = false;
};

/// Weights [first, last) of a stream, coded alike.
struct planned_slice {
  std::size_t first = 0;
  std::size_t last = 0;
  /// The place of its palette_choice.
  std::size_t palette = 0;
  slice_coding coding{};
};

class slice_search {
public:
  /// Palettes that a search takes at most, those without runs and those with.
  static constexpr std::size_t most_plain = 7;
  static constexpr std::size_t most_with_runs = 6;

  /// @param codes of the stream
  /// @param counts their histogram
  /// @param block weights between which the stream may be cut
  constexpr slice_search(std::span<const std::uint16_t> codes, const code_histogram& counts,
                         std::span<const palette_choice> palettes, std::size_t block)
      : codes_(codes), palettes_(palettes), block_(block), code_kinds_(counts.size()) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      place_[counts[i].code] = static_cast<std::uint16_t>(i);
    }
    std::size_t states = 0;
    for (const palette_choice& each : palettes) {
      first_state_.push_back(states);
      states += static_cast<std::size_t>(weight_codings * (each.runs ? run_codings : 1));
      const int uncompressed = uncompressed_bits(each.palette);
      for (const code_frequency& code : counts) {
        costs_.push_back(costs_with(each.palette, uncompressed, code.code));
      }
    }
    first_state_.push_back(states);
  }

  constexpr std::vector<planned_slice> find() {
    const std::size_t blocks = divide_up(codes_.size(), block_);
    came_from_.reserve(blocks);
    std::array<std::int64_t, most_states> totals_of_all{};
    std::int64_t* totals = totals_of_all.data();
    for (std::size_t p = 0; p < palettes_.size(); ++p) {
      for (std::size_t i = first_state_[p]; i < first_state_[p + 1]; ++i) {
        totals[i] = unit * (slice_head_bits + palette_bits(palettes_[p].palette));
      }
    }
    for (std::size_t b = 0; b < blocks; ++b) {
      enter(totals, b);
      add_costs(totals, codes_.subspan(b * block_, std::min(block_, codes_.size() - b * block_)));
    }
    return trace(least(totals, 0, first_state_.back()));
  }

private:
  // Costs are in eighths of a bit: what a zero adds to a run's quotient.
  static constexpr std::int64_t unit = 8;
  static constexpr std::size_t most_states =
      weight_codings * (most_plain + run_codings * most_with_runs);

  /// The first of the least totals in [first, last).
  static constexpr std::size_t least(const std::int64_t* totals, std::size_t first,
                                     std::size_t last) {
    std::size_t found = first;
    for (std::size_t i = first + 1; i < last; ++i) {
      found = totals[i] < totals[found] ? i : found;
    }
    return found;
  }

  /// For each state: from which state of the block before it is reached best.
  constexpr void enter(std::int64_t* totals, std::size_t block) {
    std::uint16_t* from = came_from_.emplace_back().data();
    if (block == 0) {
      return;
    }
    std::vector<std::size_t> best_of_palettes;
    std::size_t best = 0;
    for (std::size_t p = 0; p < palettes_.size(); ++p) {
      const std::size_t same = least(totals, first_state_[p], first_state_[p + 1]);
      best = totals[same] < totals[best] ? same : best;
      best_of_palettes.push_back(same);
    }
    const std::int64_t best_total = totals[best];
    for (std::size_t p = 0; p < palettes_.size(); ++p) {
      const std::size_t same = best_of_palettes[p];
      const std::int64_t keeping = totals[same] + unit * slice_head_bits;
      const std::int64_t changing =
          best_total + unit * (slice_head_bits + palette_bits(palettes_[p].palette));
      const std::int64_t fewest = std::min(keeping, changing);
      const std::size_t cheaper = keeping <= changing ? same : best;
      const std::size_t last = first_state_[p + 1];
      for (std::size_t i = first_state_[p]; i < last; ++i) {
        from[i] = static_cast<std::uint16_t>(fewest < totals[i] ? cheaper : i);
        totals[i] = fewest < totals[i] ? fewest : totals[i];
      }
    }
  }

  constexpr void add_costs(std::int64_t* totals, std::span<const std::uint16_t> codes) const {
    const auto zeros = std::count(codes.begin(), codes.end(), 0);
    const auto others = static_cast<std::ptrdiff_t>(codes.size()) - zeros;
    std::array<std::int64_t, run_codings> of_runs{};
    for (int bits = 0; bits < run_codings; ++bits) {
      of_runs[static_cast<std::size_t>(bits)] = (unit >> bits) * zeros + unit * (1 + bits) * others;
    }
    for (std::size_t p = 0; p < palettes_.size(); ++p) {
      const code_costs* costs = costs_.data() + p * code_kinds_;
      std::array<std::int64_t, weight_codings> sums_of_all{};
      std::int64_t* sums = sums_of_all.data();
      const auto add = [&](std::size_t code, std::int64_t count) {
        const std::int32_t* bits = costs[place_[code]].data();
        for (int i = 0; i < weight_codings; ++i) {
          sums[i] += count * bits[i];
        }
      };
      if (zeros > 0 && !palettes_[p].runs) {
        add(0, zeros);
      }
      for (const std::uint16_t code : codes) {
        if (code != 0) {
          add(code, 1);
        }
      }
      std::int64_t* total = totals + first_state_[p];
      for (int i = 0; i < weight_codings; ++i) {
        if (palettes_[p].runs) {
          for (const std::int64_t run : of_runs) {
            *total++ += unit * sums[i] + run;
          }
        } else {
          *total++ += unit * sums[i];
        }
      }
    }
  }

  [[nodiscard]] constexpr std::vector<planned_slice> trace(std::size_t last_state) const {
    std::vector<planned_slice> slices;
    std::size_t end = codes_.size();
    std::size_t now = last_state;
    for (std::size_t b = came_from_.size(); b-- > 0;) {
      const std::size_t before = came_from_[b][now];
      if (before != now || b == 0) {
        slices.push_back(slice_of(now, b * block_, end));
        end = b * block_;
        now = before;
      }
    }
    std::reverse(slices.begin(), slices.end());
    return slices;
  }

  /// Weights [first, last) in one state.
  [[nodiscard]] constexpr planned_slice slice_of(std::size_t state, std::size_t first,
                                                 std::size_t last) const {
    std::size_t p = 0;
    while (first_state_[p + 1] <= state) {
      ++p;
    }
    const bool runs = palettes_[p].runs;
    const auto number = static_cast<int>(state - first_state_[p]);
    return {first, last, p,
            runs ? coding_number(number / run_codings, number % run_codings)
                 : coding_number(number, slice_coding::no_runs)};
  }

  std::span<const std::uint16_t> codes_;
  std::span<const palette_choice> palettes_;
  std::size_t block_;
  /// A state is a palette, a coding of weights and, with runs, one of these.
  std::vector<std::size_t> first_state_;
  std::size_t code_kinds_;
  /// Where each code is in the histogram.
  std::array<std::uint16_t, code_count> place_{};
  /// With each palette, of each code of the histogram.
  std::vector<code_costs> costs_;
  /// Of each block.
  std::vector<std::array<std::uint16_t, most_states>> came_from_;
};

} // namespace inlay::ethos_u
