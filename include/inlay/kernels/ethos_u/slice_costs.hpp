// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/golomb_rice.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

// What the weights of a stream cost in each coding. It allocates, also in constant expressions.

namespace inlay::ethos_u {

inline constexpr std::size_t code_count = 512;

/// A code that occurs, and how often.
struct code_frequency {
  std::uint16_t code = 0;
  std::uint32_t count = 0;

  friend constexpr bool operator<(const code_frequency& a, const code_frequency& b) {
    return a.count != b.count ? a.count > b.count : a.code < b.code;
  }
};

/// The codes of some weights, the most frequent first, equally frequent ones in their order.
using code_histogram = std::vector<code_frequency>;

constexpr code_histogram histogram_of(std::span<const std::uint16_t> codes) {
  std::array<std::uint32_t, code_count> counts{};
  for (const std::uint16_t code : codes) {
    ++counts[code];
  }
  code_histogram made;
  for (std::size_t code = 0; code < code_count; ++code) {
    if (counts[code] != 0) {
      made.push_back({static_cast<std::uint16_t>(code), counts[code]});
    }
  }
  std::sort(made.begin(), made.end());
  return made;
}

/// A palette of the `size` most frequent codes, as far as there are as many; the others follow in
/// their order.
/// @param runs zeros are coded as runs and need no place
constexpr weight_palette palette_of(const code_histogram& counts, int size, bool runs) {
  weight_palette made;
  std::uint32_t greatest = 0;
  made.first = 31;
  for (const code_frequency& each : counts) {
    if (runs && each.code == 0) {
      continue;
    }
    const bool is_in = made.size < size;
    if (is_in) {
      made.codes[static_cast<std::size_t>(made.size++)] = each.code;
    } else if (each.code < made.first) {
      made.first = each.code;
    }
    if (is_in || size == 0) {
      greatest = std::max<std::uint32_t>(greatest, each.code);
    }
  }
  // A palette has two codes at least.
  for (std::uint16_t code = 0; size > 0 && made.size < 2; ++code) {
    if (made.size == 0 || made.codes[0] != code) {
      made.codes[static_cast<std::size_t>(made.size++)] = code;
      greatest = std::max<std::uint32_t>(greatest, code);
    }
  }
  while (greatest >> made.bits != 0) {
    ++made.bits;
  }
  return made;
}

/// Codings of the weights themselves: five remainders, with and without truncation, none.
inline constexpr int weight_codings = 13;
inline constexpr int run_codings = 4;

constexpr slice_coding coding_number(int weights, int run_bits) {
  slice_coding made;
  made.run_bits = run_bits;
  if (weights < 12) {
    made.weight_bits = weights / 2;
    made.truncates = weights % 2 != 0;
  }
  return made;
}

/// Bits of a code in each coding.
using code_costs = std::array<std::int32_t, weight_codings>;

namespace detail {

/// Of each index, and of those that have no coding: where indices are not compressed they are the
/// palette's.
inline constexpr auto costs_of_indices = [] {
  std::array<code_costs, greatest_index + 2> made{};
  for (std::uint32_t index = 0; index < made.size(); ++index) {
    for (int i = 0; i < 12; ++i) {
      made[index][static_cast<std::size_t>(i)] = bits_of_index(index, i / 2, i % 2 != 0);
    }
  }
  return made;
}();

} // namespace detail

/// @param uncompressed uncompressed_bits(palette)
constexpr code_costs costs_with(const weight_palette& palette, int uncompressed,
                                std::uint32_t code) {
  const std::uint32_t index = std::min(index_of(palette, code), greatest_index + 1);
  code_costs made = detail::costs_of_indices[index];
  made[12] = index >> uncompressed == 0 ? uncompressed : not_codable;
  return made;
}

/// The least cost of a slice's weights, and the coding that has it.
struct cheapest_coding {
  int coding = 0;
  std::int64_t bits = 0;
};

/// @param runs zeros are not coded as weights
constexpr cheapest_coding cheapest(const code_histogram& counts, const weight_palette& palette,
                                   bool runs) {
  const int uncompressed = uncompressed_bits(palette);
  std::array<std::int64_t, weight_codings> sums_of_all{};
  std::int64_t* sums = sums_of_all.data();
  for (const code_frequency& each : counts) {
    if (each.code == 0 && runs) {
      continue;
    }
    const code_costs costs_of_all = costs_with(palette, uncompressed, each.code);
    const std::int32_t* costs = costs_of_all.data();
    for (int i = 0; i < weight_codings; ++i) {
      sums[i] += std::int64_t{each.count} * costs[i];
    }
  }
  const std::int64_t* best = std::min_element(sums, sums + weight_codings);
  return {static_cast<int>(best - sums), *best};
}

} // namespace inlay::ethos_u
