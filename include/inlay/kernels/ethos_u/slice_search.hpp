// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/slice_costs.hpp>

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
  /// @param codes of the stream
  /// @param block weights between which the stream may be cut
  slice_search(std::span<const std::uint16_t> codes, std::span<const palette_choice> palettes,
               std::size_t block)
      : codes_(codes), palettes_(palettes), block_(block) {
    for (std::size_t p = 0; p < palettes.size(); ++p) {
      first_state_.push_back(states_.size());
      const int runs = palettes[p].runs ? run_codings : 1;
      for (int weights = 0; weights < weight_codings; ++weights) {
        for (int run = 0; run < runs; ++run) {
          states_.push_back({p, weights, palettes[p].runs ? run : slice_coding::no_runs});
        }
      }
      costs_.push_back(costs_with(palettes[p].palette));
    }
    first_state_.push_back(states_.size());
  }

  std::vector<planned_slice> find() {
    const std::size_t blocks = (codes_.size() + block_ - 1) / block_;
    came_from_.assign(blocks * states_.size(), 0);
    std::vector<std::int64_t> totals(states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) {
      totals[i] = unit * (slice_head_bits + palette_bits(palettes_[states_[i].palette].palette));
    }
    for (std::size_t b = 0; b < blocks; ++b) {
      enter(totals, b);
      add_costs(totals, codes_.subspan(b * block_, std::min(block_, codes_.size() - b * block_)));
    }
    return trace(
        static_cast<std::size_t>(std::min_element(totals.begin(), totals.end()) - totals.begin()),
        blocks);
  }

private:
  // Costs are in eighths of a bit: what a zero adds to a run's quotient.
  static constexpr std::int64_t unit = 8;

  struct state {
    std::size_t palette;
    int weights;
    int run_bits;
  };

  /// For each state: from which state of the block before it is reached best.
  void enter(std::vector<std::int64_t>& totals, std::size_t block) {
    std::uint16_t* from = came_from_.data() + block * states_.size();
    for (std::size_t i = 0; i < states_.size(); ++i) {
      from[i] = static_cast<std::uint16_t>(i);
    }
    if (block == 0) {
      return;
    }
    const auto best_of = [&](std::size_t first, std::size_t last) {
      const auto begin = totals.begin();
      return static_cast<std::size_t>(std::min_element(begin + static_cast<std::ptrdiff_t>(first),
                                                       begin + static_cast<std::ptrdiff_t>(last)) -
                                      begin);
    };
    const std::size_t best = best_of(0, totals.size());
    const std::int64_t best_total = totals[best];
    for (std::size_t p = 0; p < palettes_.size(); ++p) {
      const std::size_t first = first_state_[p];
      const std::size_t last = first_state_[p + 1];
      const std::size_t same = best_of(first, last);
      const std::int64_t keeping = totals[same] + unit * slice_head_bits;
      const std::int64_t changing =
          best_total + unit * (slice_head_bits + palette_bits(palettes_[p].palette));
      for (std::size_t i = first; i < last; ++i) {
        const std::int64_t least = std::min(keeping, changing);
        if (least < totals[i]) {
          totals[i] = least;
          from[i] = static_cast<std::uint16_t>(keeping <= changing ? same : best);
        }
      }
    }
  }

  void add_costs(std::vector<std::int64_t>& totals, std::span<const std::uint16_t> codes) const {
    const auto zeros = std::count(codes.begin(), codes.end(), 0);
    const auto others = static_cast<std::ptrdiff_t>(codes.size()) - zeros;
    for (std::size_t p = 0; p < palettes_.size(); ++p) {
      std::array<std::int32_t, weight_codings> sums{};
      for (const std::uint16_t code : codes) {
        if (code != 0 || !palettes_[p].runs) {
          for (std::size_t i = 0; i < sums.size(); ++i) {
            sums[i] += costs_[p][code][i];
          }
        }
      }
      for (std::size_t i = first_state_[p]; i < first_state_[p + 1]; ++i) {
        const state& each = states_[i];
        totals[i] += unit * sums[static_cast<std::size_t>(each.weights)];
        if (palettes_[p].runs) {
          totals[i] += (unit >> each.run_bits) * zeros + unit * (1 + each.run_bits) * others;
        }
      }
    }
  }

  [[nodiscard]] std::vector<planned_slice> trace(std::size_t last_state, std::size_t blocks) const {
    std::vector<planned_slice> slices;
    std::size_t end = codes_.size();
    std::size_t now = last_state;
    for (std::size_t b = blocks; b-- > 0;) {
      const std::size_t before = came_from_[b * states_.size() + now];
      if (before != now || b == 0) {
        const state& each = states_[now];
        slices.push_back(
            {b * block_, end, each.palette, coding_number(each.weights, each.run_bits)});
        end = b * block_;
        now = before;
      }
    }
    std::reverse(slices.begin(), slices.end());
    return slices;
  }

  std::span<const std::uint16_t> codes_;
  std::span<const palette_choice> palettes_;
  std::size_t block_;
  std::vector<state> states_;
  std::vector<std::size_t> first_state_;
  std::vector<code_costs> costs_;
  std::vector<std::uint16_t> came_from_;
};

} // namespace inlay::ethos_u
