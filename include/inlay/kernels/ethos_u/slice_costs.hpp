// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/golomb_rice.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

// What the weights of a stream cost in each coding. For the build-time packer: it allocates.

namespace inlay::ethos_u {

inline constexpr std::size_t code_count = 512;

/// How often each code occurs.
using code_histogram = std::array<std::uint32_t, code_count>;

inline code_histogram histogram_of(std::span<const std::uint16_t> codes) {
  code_histogram made{};
  for (const std::uint16_t code : codes) {
    ++made[code];
  }
  return made;
}

/// Bits that the greatest code needs.
inline int bits_of_codes(const code_histogram& counts) {
  int bits = 2;
  for (std::size_t code = 0; code < code_count; ++code) {
    while (counts[code] != 0 && code >> bits != 0) {
      ++bits;
    }
  }
  return bits;
}

/// A palette of the `size` most frequent codes, as far as there are as many; the others follow in
/// their order.
/// @param runs zeros are coded as runs and need no place
inline weight_palette palette_of(code_histogram counts, int size, bool runs) {
  if (runs) {
    counts[0] = 0;
  }
  weight_palette made;
  std::array<std::uint16_t, code_count> order{};
  for (std::size_t i = 0; i < code_count; ++i) {
    order[i] = static_cast<std::uint16_t>(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return counts[a] > counts[b]; });
  for (int i = 0; i < size && (counts[order[static_cast<std::size_t>(i)]] > 0 || i < 2); ++i) {
    made.codes[static_cast<std::size_t>(i)] = order[static_cast<std::size_t>(i)];
    made.size = i + 1;
  }
  code_histogram outside = counts;
  made.bits = made.size == 0 ? bits_of_codes(counts) : 2;
  for (int i = 0; i < made.size; ++i) {
    const std::uint16_t code = made.codes[static_cast<std::size_t>(i)];
    outside[code] = 0;
    while (code >> made.bits != 0) {
      ++made.bits;
    }
  }
  while (made.first < 31 && outside[static_cast<std::size_t>(made.first)] == 0) {
    ++made.first;
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

/// Bits of each code in each coding with one palette.
using code_costs = std::array<std::array<std::int32_t, weight_codings>, code_count>;

inline code_costs costs_with(const weight_palette& palette) {
  code_costs made{};
  for (std::size_t code = 0; code < code_count; ++code) {
    const std::uint32_t index = index_of(palette, static_cast<std::uint32_t>(code));
    for (int i = 0; i < 12; ++i) {
      made[code][static_cast<std::size_t>(i)] = bits_of_index(index, i / 2, i % 2 != 0);
    }
    const int bits = uncompressed_bits(palette);
    made[code][12] = index >> bits == 0 ? bits : not_codable;
  }
  return made;
}

/// The least cost of a slice's weights, and the coding that has it.
struct cheapest_coding {
  int coding = 0;
  std::int64_t bits = 0;
};

/// @param runs zeros are not coded as weights
inline cheapest_coding cheapest(const code_histogram& counts, const weight_palette& palette,
                                bool runs) {
  const code_costs costs = costs_with(palette);
  std::array<std::int64_t, weight_codings> sums{};
  for (std::size_t code = runs ? 1 : 0; code < code_count; ++code) {
    for (std::size_t i = 0; counts[code] != 0 && i < sums.size(); ++i) {
      sums[i] += std::int64_t{counts[code]} * costs[code][i];
    }
  }
  const auto best = std::min_element(sums.begin(), sums.end());
  return {static_cast<int>(best - sums.begin()), *best};
}

} // namespace inlay::ethos_u
