// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/slice_search.hpp>

#include <optional>
#include <utility>

// The smallest stream of weights that a search finds. For the build-time packer: it allocates.

namespace inlay::ethos_u {

namespace detail {

/// Writes the slices of one stream.
class slice_writer {
public:
  slice_writer(bit_writer& out, std::span<const std::uint16_t> codes) : out_(out), codes_(codes) {}

  /// Writes codes up to `last`, where zeros that follow in a run may be written as well.
  void write(std::size_t last, const palette_choice& choice, const slice_coding& coding) {
    while (at_ < last) {
      if (choice.runs) {
        write_runs(last, choice.palette, coding);
      } else {
        write_plain(last, choice.palette, coding);
      }
    }
  }

private:
  void write_plain(std::size_t last, const weight_palette& palette, const slice_coding& coding) {
    indices_.clear();
    runs_.clear();
    while (at_ < last && indices_.size() < most_weights_a_slice) {
      indices_.push_back(index_of(palette, codes_[at_++]));
    }
    put(coding, palette, false);
  }

  void write_runs(std::size_t last, const weight_palette& palette, const slice_coding& coding) {
    if (std::count(codes_.begin() + static_cast<std::ptrdiff_t>(at_),
                   codes_.begin() + static_cast<std::ptrdiff_t>(last),
                   0) == static_cast<std::ptrdiff_t>(last - at_)) {
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
  void write_zeros(std::size_t last) {
    indices_.assign(1, 0);
    runs_.assign(2, 0);
    runs_[1] = static_cast<std::uint32_t>(last - at_) - 1;
    at_ = last;
    put({.run_bits = 3, .weight_bits = 0}, {}, true);
  }

  std::uint32_t take_zeros() {
    std::uint32_t count = 0;
    for (; at_ < codes_.size() && codes_[at_] == 0; ++at_) {
      ++count;
    }
    return count;
  }

  void put(const slice_coding& coding, const weight_palette& palette, bool runs) {
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
inline std::vector<palette_choice> first_palettes(const code_histogram& counts) {
  std::vector<palette_choice> made;
  for (const bool runs : {false, true}) {
    for (const int size : {0, 2, 4, 8, 16, 32}) {
      made.push_back({palette_of(counts, size, runs), runs});
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
inline void refine(std::span<const std::uint16_t> codes, std::vector<palette_choice>& palettes,
                   std::vector<planned_slice>& slices) {
  for (std::size_t first = 0, last = 0; first < slices.size(); first = last) {
    std::vector<code_histogram> counts;
    code_histogram sum{};
    for (last = first; last < slices.size() && slices[last].palette == slices[first].palette;
         ++last) {
      const planned_slice& each = slices[last];
      counts.push_back(histogram_of(codes.subspan(each.first, each.last - each.first)));
      for (std::size_t code = 0; code < code_count; ++code) {
        sum[code] += counts.back()[code];
      }
    }
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
      const weight_palette made = palette_of(sum, size, runs);
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

inline std::vector<unsigned char> written(std::span<const std::uint16_t> codes,
                                          std::span<const palette_choice> palettes,
                                          std::span<const planned_slice> slices) {
  const auto write = [&](unsigned char* to) {
    bit_writer out(to);
    slice_writer writer(out, codes);
    for (const planned_slice& each : slices) {
      writer.write(each.last, palettes[each.palette], each.coding);
    }
    put_end(out);
    return static_cast<std::size_t>(out.bits() / 8);
  };
  std::vector<unsigned char> stream(write(nullptr));
  write(stream.data());
  return stream;
}

} // namespace detail

/// The smallest stream found of these weights, each in [-255, 255]; nothing of no weights.
inline std::vector<unsigned char> compress(std::span<const std::int32_t> weights) {
  if (weights.empty()) {
    return {};
  }
  std::vector<std::uint16_t> codes;
  for (const std::int32_t weight : weights) {
    codes.push_back(static_cast<std::uint16_t>(code_of(weight)));
  }
  std::vector<palette_choice> palettes = detail::first_palettes(histogram_of(codes));
  // Fine cuts pay in short streams, where they are cheap to look for.
  const std::size_t block = codes.size() < 16384 ? 8 : 64;
  std::vector<planned_slice> slices = slice_search(codes, palettes, block).find();
  std::vector<unsigned char> found = detail::written(codes, palettes, slices);
  detail::refine(codes, palettes, slices);
  std::vector<unsigned char> refined = detail::written(codes, palettes, slices);
  return refined.size() < found.size() ? refined : found;
}

} // namespace inlay::ethos_u
