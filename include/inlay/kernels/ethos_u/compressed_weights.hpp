// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/slice_search.hpp>

#include <optional>
#include <utility>

// The smallest stream of weights that a search finds. It allocates, also in constant expressions.

namespace inlay::ethos_u {

namespace detail {

/// Writes the slices of one stream.
class slice_writer {
public:
  constexpr slice_writer(bit_writer& out, std::span<const std::uint16_t> codes)
      : out_(out), codes_(codes) {}

  /// Writes codes up to `last`, where zeros that follow in a run may be written as well.
  constexpr void write(std::size_t last, const palette_choice& choice, const slice_coding& coding) {
    while (at_ < last) {
      if (choice.runs) {
        write_runs(last, choice.palette, coding);
      } else {
        write_plain(last, choice.palette, coding);
      }
    }
  }

private:
  constexpr void write_plain(std::size_t last, const weight_palette& palette,
                             const slice_coding& coding) {
    indices_.clear();
    runs_.clear();
    while (at_ < last && indices_.size() < most_weights_a_slice) {
      indices_.push_back(index_of(palette, codes_[at_++]));
    }
    put(coding, palette, false);
  }

  constexpr void write_runs(std::size_t last, const weight_palette& palette,
                            const slice_coding& coding) {
    std::size_t after_zeros = at_;
    while (after_zeros < last && codes_[after_zeros] == 0) {
      ++after_zeros;
    }
    if (after_zeros == last) {
      write_zeros(last);
      return;
    }
    indices_.clear();
    runs_.clear();
    const bool is_new = !runs_now_ || palette != now_;
    if (is_new || codes_[at_] == 0) {
      now_ = {};
      runs_.push_back(take_zeros());
    }
    while (at_ < last && indices_.size() < most_weights_a_slice) {
      indices_.push_back(index_of(palette, codes_[at_++]));
      runs_.push_back(take_zeros());
    }
    put(coding, palette, true);
  }

  /// A slice of zeros has one of them as a weight.
  constexpr void write_zeros(std::size_t last) {
    indices_.assign(1, 0);
    runs_.assign(2, 0);
    runs_[1] = static_cast<std::uint32_t>(last - at_) - 1;
    at_ = last;
    put({.run_bits = 3, .weight_bits = 0}, {}, true);
  }

  constexpr std::uint32_t take_zeros() {
    std::uint32_t count = 0;
    for (; at_ < codes_.size() && codes_[at_] == 0; ++at_) {
      ++count;
    }
    return count;
  }

  constexpr void put(const slice_coding& coding, const weight_palette& palette, bool runs) {
    const bool is_new = !now_ || runs_now_ != runs || palette != *now_;
    put_slice(out_, coding, indices_, runs_, palette, is_new);
    now_ = palette;
    runs_now_ = runs;
  }

  bit_writer& out_;
  std::span<const std::uint16_t> codes_;
  std::size_t at_ = 0;
  std::optional<weight_palette> now_;
  bool runs_now_ = false;
  std::vector<std::uint32_t> indices_;
  std::vector<std::uint32_t> runs_;
};

/// The palettes that the first search is given: the codes in their order, less what is not used,
/// the most frequent ones.
constexpr std::vector<palette_choice> first_palettes(const code_histogram& counts) {
  std::vector<palette_choice> made;
  for (const bool runs : {false, true}) {
    for (const int size : {0, 2, 4, 8, 16, 32}) {
      const weight_palette next = palette_of(counts, size, runs);
      if (size <= 2 || next != made.back().palette) {
        made.push_back({next, runs});
      }
    }
  }
  weight_palette in_order;
  in_order.codes[1] = 2;
  in_order.size = 2;
  in_order.first = 3;
  made.push_back({in_order, false});
  return made;
}

/// Gives slices in a row with one palette the best one for them.
constexpr void refine(std::span<const std::uint16_t> codes, std::vector<palette_choice>& palettes,
                      std::vector<planned_slice>& slices) {
  const auto codes_in = [&](std::size_t first, std::size_t last) {
    return histogram_of(
        codes.subspan(slices[first].first, slices[last - 1].last - slices[first].first));
  };
  for (std::size_t first = 0, last = 0; first < slices.size(); first = last) {
    std::vector<code_histogram> counts;
    for (; last < slices.size() && slices[last].palette == slices[first].palette; ++last) {
      counts.push_back(codes_in(last, last + 1));
    }
    const code_histogram all = codes_in(first, last);
    const bool runs = palettes[slices[first].palette].runs;
    const auto cost_of = [&](const weight_palette& palette) {
      std::int64_t bits = palette_bits(palette);
      for (const code_histogram& each : counts) {
        bits += cheapest(each, palette, runs).bits;
      }
      return bits;
    };
    weight_palette best = palettes[slices[first].palette].palette;
    std::int64_t least = cost_of(best);
    for (int size = 0; size <= weight_palette::most; size += size == 0 ? 2 : 1) {
      const weight_palette made = palette_of(all, size, runs);
      if (made.size < size) {
        break;
      }
      if (const std::int64_t bits = cost_of(made); bits < least) {
        least = bits;
        best = made;
      }
    }
    for (std::size_t i = first; i < last; ++i) {
      slices[i].palette = palettes.size();
      slices[i].coding =
          coding_number(cheapest(counts[i - first], best, runs).coding, slices[i].coding.run_bits);
    }
    palettes.push_back({best, runs});
  }
}

/// Writes a whole stream.
/// @param to large enough; nullptr: nothing is written
/// @return its bytes
constexpr std::size_t write_slices(std::span<const std::uint16_t> codes,
                                   std::span<const palette_choice> palettes,
                                   std::span<const planned_slice> slices, unsigned char* to) {
  bit_writer out(to);
  slice_writer writer(out, codes);
  for (const planned_slice& each : slices) {
    writer.write(each.last, palettes[each.palette], each.coding);
  }
  put_end(out);
  return static_cast<std::size_t>(out.bits() / 8);
}

} // namespace detail

/// The smallest stream found of these weights, each in [-255, 255]; nothing of no weights.
constexpr std::vector<unsigned char> compress(std::span<const std::int32_t> weights) {
  if (weights.empty()) {
    return {};
  }
  std::vector<std::uint16_t> codes;
  for (const std::int32_t weight : weights) {
    codes.push_back(static_cast<std::uint16_t>(code_of(weight)));
  }
  const code_histogram counts = histogram_of(codes);
  std::vector<palette_choice> palettes = detail::first_palettes(counts);
  // Fine cuts pay in short streams, where they are cheap to look for.
  const std::size_t block = codes.size() < 16384 ? 8 : 64;
  std::vector<planned_slice> slices = slice_search(codes, counts, palettes, block).find();
  std::vector<planned_slice> refined = slices;
  detail::refine(codes, palettes, refined);
  const std::size_t bytes = detail::write_slices(codes, palettes, slices, nullptr);
  const std::size_t refined_bytes = detail::write_slices(codes, palettes, refined, nullptr);
  std::vector<unsigned char> stream(std::min(bytes, refined_bytes), 0);
  detail::write_slices(codes, palettes, refined_bytes < bytes ? refined : slices, stream.data());
  return stream;
}

} // namespace inlay::ethos_u
