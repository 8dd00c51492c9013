// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/weight_slice.hpp>

#include <span>

// The body of a slice, and how many bits it takes.
//
// A number is a quotient and a remainder of some bits (Golomb-Rice coding). Quotients are unary:
// that of a weight is written in places of 0, 1 or 2, a place below 2 ends it (with `truncates`
// every place does); that of a zero run in ones, ended by a zero. Weights and runs take turns by
// chunks of 12 places; remainders come one chunk later. A place of a weight is a bit in the chunk's
// first word that says whether it is not 0, and then another one behind all the words that says
// whether it is 2.

namespace inlay::ethos_u {

/// What a weight index or a zero run cannot be coded in.
inline constexpr int not_codable = 1 << 16;

inline constexpr std::uint32_t greatest_index = 511;
/// The longest quotient of a weight that Vela writes.
inline constexpr std::uint32_t greatest_quotient = 31;

/// Bits of a weight of which the index is coded with `remainder_bits`.
constexpr int bits_of_index(std::uint32_t index, int remainder_bits, bool truncates) noexcept {
  const std::uint32_t quotient = index >> remainder_bits;
  if (index > greatest_index || quotient > (truncates ? 2 : greatest_quotient)) {
    return not_codable;
  }
  const int unary = static_cast<int>(quotient) + 1;
  return remainder_bits + (truncates && unary > 2 ? 2 : unary);
}

/// The index of a weight's code; above greatest_index if there is none.
constexpr std::uint32_t index_of(const weight_palette& palette, std::uint32_t code) noexcept {
  const std::uint16_t* codes = palette.codes.data();
  for (int i = 0; i < palette.size; ++i) {
    if (codes[i] == code) {
      return static_cast<std::uint32_t>(i);
    }
  }
  const auto first = static_cast<std::uint32_t>(palette.first);
  return code < first ? greatest_index + 1
                      : code - first + static_cast<std::uint32_t>(palette.size);
}

/// Bits of an index where weights are not compressed.
constexpr int uncompressed_bits(const weight_palette& palette) noexcept {
  if (palette.size == 0) {
    return palette.bits;
  }
  int bits = 0;
  while (1 << bits < palette.size) {
    ++bits;
  }
  return bits;
}

namespace detail {

/// A sequence of numbers on its way into a slice.
class coded_sequence {
public:
  /// @param most the greatest part of a quotient in one place
  constexpr coded_sequence(std::span<const std::uint32_t> numbers, int remainder_bits,
                           std::uint32_t most, bool truncates) noexcept
      : numbers_(numbers.data()), count_(numbers.size()), bits_(remainder_bits), most_(most),
        truncates_(truncates) {
    begin();
  }

  [[nodiscard]] constexpr std::size_t ended() const noexcept { return at_; }
  [[nodiscard]] constexpr bool complete() const noexcept { return at_ == count_; }

  /// The next place of a unary quotient; 0 after the end.
  constexpr std::uint32_t next_place() noexcept {
    const std::uint32_t place = left_ < most_ ? left_ : most_;
    left_ -= place;
    if (!complete() && (place < most_ || truncates_)) {
      ++at_;
      begin();
    }
    return place;
  }

  /// Writes the remainders of the numbers that had ended when this was called last.
  constexpr void put_remainders(bit_writer& out) noexcept {
    for (; written_ < due_; ++written_) {
      out.put(numbers_[written_] & ((1U << bits_) - 1), bits_);
    }
    due_ = at_;
  }
  [[nodiscard]] constexpr bool has_remainders() const noexcept { return written_ < count_; }

private:
  constexpr void begin() noexcept { left_ = complete() ? 0 : numbers_[at_] >> bits_; }

  const std::uint32_t* numbers_;
  std::size_t count_;
  int bits_;
  std::uint32_t most_;
  bool truncates_;
  std::size_t at_ = 0;
  std::uint32_t left_ = 0;
  std::size_t due_ = 0;
  std::size_t written_ = 0;
};

} // namespace detail

/// Writes a slice.
/// @param indices of the weights, at most most_weights_a_slice, each codable
/// @param runs of zeros, one behind each weight, and with a palette one before the first; empty
///   without runs
/// @param palette as of now
/// @param is_new whether the slice has it in its head
constexpr void put_slice(bit_writer& out, const slice_coding& coding,
                         std::span<const std::uint32_t> indices,
                         std::span<const std::uint32_t> runs, const weight_palette& palette,
                         bool is_new) noexcept {
  constexpr int places = 12;
  const bool compressed = coding.weight_bits != slice_coding::uncompressed;
  const int weight_bits = compressed ? coding.weight_bits : uncompressed_bits(palette);
  const bool has_runs = coding.run_bits != slice_coding::no_runs;
  const int run_places = coding.run_bits == 3 ? 8 : places;
  const int weight_places = !compressed && weight_bits > 5 ? 8 : places;
  detail::coded_sequence weight(indices, weight_bits, 2, coding.truncates);
  detail::coded_sequence run(runs, has_runs ? coding.run_bits : 0, 1, false);
  put_slice_head(out, coding, static_cast<std::int32_t>(indices.size()),
                 is_new ? &palette : nullptr);
  while (weight.has_remainders() || run.has_remainders()) {
    // Neither sequence may be far ahead of the other.
    const auto ahead =
        static_cast<std::int64_t>(weight.ended()) - static_cast<std::int64_t>(run.ended());
    const bool takes_weights = !weight.complete() && (!has_runs || ahead < 8);
    const bool takes_runs = has_runs && !run.complete() && ahead >= 0;
    std::uint32_t not_zero = 0;
    std::uint32_t is_two = 0;
    int count = 0;
    for (int i = 0; takes_weights && i < weight_places; ++i) {
      const std::uint32_t place = weight.next_place();
      if (place > 0) {
        not_zero |= 1U << i;
        is_two |= (place - 1) << count;
        ++count;
      }
    }
    if (takes_weights && compressed) {
      out.put(not_zero, places);
    }
    for (int i = 0; takes_runs && i < run_places; ++i) {
      out.put(run.next_place(), 1);
    }
    out.put(is_two, count);
    weight.put_remainders(out);
    run.put_remainders(out);
  }
}

} // namespace inlay::ethos_u
