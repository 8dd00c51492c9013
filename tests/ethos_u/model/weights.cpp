// SPDX-License-Identifier: Apache-2.0
#include "weights.hpp"

#include "stream_error.hpp"

#include <array>
#include <bit>

namespace inlay::test::npu_model {
namespace {

/// Bits from the lowest on.
class bit_reader {
public:
  explicit bit_reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  /// At most 16 bits.
  unsigned take(int count) {
    if (at_ + static_cast<std::size_t>(count) > bytes_.size() * 8) {
      throw stream_error("the weight stream ends within a slice, after " +
                         std::to_string(bytes_.size()) + " bytes");
    }
    unsigned window = 0;
    for (std::size_t i = 0; i < 3 && at_ / 8 + i < bytes_.size(); ++i) {
      window |= std::to_integer<unsigned>(bytes_[at_ / 8 + i]) << (8 * i);
    }
    window >>= at_ % 8;
    at_ += static_cast<std::size_t>(count);
    return window & ((1U << count) - 1);
  }

  void align() { at_ = (at_ + 7) / 8 * 8; }
  [[nodiscard]] bool at_end() const { return at_ / 8 >= bytes_.size(); }

private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

/// What a slice may take over from the one before it.
struct palette {
  bool known = false;
  bool with_runs = false; ///< whether zeros are coded apart, so that it has none
  int direct_offset = 0;
  int size = 0;
  int bits = 0;
  std::array<int, 32> values{};

  void read(bit_reader& from) {
    direct_offset = static_cast<int>(from.take(5));
    const int coded = static_cast<int>(from.take(5));
    size = coded > 0 ? coded + 1 : 0;
    bits = static_cast<int>(from.take(3)) + 2;
    for (int i = 0; i < size; ++i) {
      values[static_cast<std::size_t>(i)] = static_cast<int>(from.take(bits));
    }
  }

  [[nodiscard]] int index_bits() const {
    return size > 0 ? static_cast<int>(std::bit_width(static_cast<unsigned>(size - 1))) : bits;
  }

  [[nodiscard]] std::int16_t weight(int index) const {
    if (index >= 512) {
      throw stream_error("a weight's index is " + std::to_string(index) + "; 9 bits are the most");
    }
    const int coded =
        index < size ? values[static_cast<std::size_t>(index)] : index - size + direct_offset;
    return static_cast<std::int16_t>((coded & 1) != 0 ? -(coded >> 1) : coded >> 1);
  }
};

/// One of the two sequences of a slice: symbols whose quotients come a chunk before the remainders.
class sequence {
public:
  sequence() = default;
  sequence(int wanted, int remainder_bits) : wanted_(wanted), remainder_bits_(remainder_bits) {}

  /// Whether a chunk has still to bring quotients.
  [[nodiscard]] bool incomplete() const { return begun_ < wanted_; }
  [[nodiscard]] int begun() const { return begun_; }
  [[nodiscard]] int remainder_bits() const { return remainder_bits_; }
  [[nodiscard]] bool pending() const { return pending_; }
  [[nodiscard]] const std::vector<int>& values() const { return values_; }

  void add(int unary) {
    carry_ += unary;
    if (carry_ >= longest) {
      throw stream_error("a symbol of the weight stream has more than " + std::to_string(longest) +
                         " unary bits");
    }
  }
  void end_quotient() {
    now_[static_cast<std::size_t>(now_count_++)] = carry_;
    carry_ = 0;
    ++begun_;
  }

  /// Ends a chunk: reads the remainders that belong to the chunk before it.
  void end_chunk(bit_reader& from, bool taken) {
    for (int i = 0; i < last_count_ && static_cast<int>(values_.size()) < wanted_; ++i) {
      const unsigned rest = from.take(remainder_bits_);
      values_.push_back((last_[static_cast<std::size_t>(i)] << remainder_bits_) +
                        static_cast<int>(rest));
    }
    last_ = now_;
    last_count_ = now_count_;
    now_count_ = 0;
    pending_ = taken;
  }

private:
  static constexpr int longest = 1 << 20;
  int wanted_ = 0;
  int remainder_bits_ = 0;
  int begun_ = 0;
  int carry_ = 0;
  bool pending_ = false;
  std::array<int, 12> now_{};
  std::array<int, 12> last_{};
  int now_count_ = 0;
  int last_count_ = 0;
  std::vector<int> values_;
};

class slice_reader {
public:
  slice_reader(bit_reader& from, palette& colors, int zero_divisor)
      : from_(from), palette_(colors), runs_used_(zero_divisor != 6) {
    const int count = static_cast<int>(from.take(15)) + 1;
    const int divisor = static_cast<int>(from.take(3));
    truncated_ = from.take(1) != 0;
    fresh_ = from.take(1) != 0;
    if (fresh_) {
      palette_.read(from);
      palette_.known = true;
    } else if (!palette_.known) {
      throw stream_error("the first slice of weights has no palette");
    } else if (palette_.with_runs != runs_used_) {
      throw stream_error("a slice of weights takes over a palette and changes zero runs");
    }
    palette_.with_runs = runs_used_;
    if (divisor == 6) {
      throw stream_error("a slice of weights has the divisor 6");
    }
    plain_ = divisor == 7;
    weights_ = sequence(count, plain_ ? palette_.index_bits() : divisor);
    if (runs_used_) {
      runs_ = sequence(count + (fresh_ ? 1 : 0), zero_divisor);
    }
  }

  void read(std::vector<std::int16_t>& into) {
    do {
      chunk();
    } while (weights_.pending() || runs_.pending());
    append(into);
  }

private:
  void chunk() {
    const int ahead = runs_used_ ? weights_.begun() - runs_.begun() : 0;
    const bool take_weights = ahead < 8 && weights_.incomplete();
    const bool take_runs = ahead >= 0 && runs_.incomplete();
    const unsigned weight_bits = take_weights && !plain_ ? from_.take(12) : 0;
    if (take_runs) {
      run_quotients();
    }
    if (take_weights) {
      weight_quotients(weight_bits);
    }
    weights_.end_chunk(from_, take_weights);
    runs_.end_chunk(from_, take_runs);
  }

  void run_quotients() {
    const int length = runs_.remainder_bits() == 3 ? 8 : 12;
    const unsigned unary = from_.take(length);
    for (int i = 0; i < length; ++i) {
      if ((unary >> i & 1) != 0) {
        runs_.add(1);
      } else {
        runs_.end_quotient();
      }
    }
  }

  void weight_quotients(unsigned unary) {
    const int positions = plain_ && weights_.remainder_bits() > 5 ? 8 : 12;
    unsigned extra = from_.take(std::popcount(unary));
    for (int i = 0; i < positions; ++i) {
      int added = 0;
      if ((unary >> i & 1) != 0) {
        added = 1 + static_cast<int>(extra & 1);
        extra >>= 1;
      }
      weights_.add(added);
      if (added < 2 || truncated_) {
        weights_.end_quotient();
      }
    }
  }

  void append(std::vector<std::int16_t>& into) const {
    std::size_t run = 0;
    const auto zeros = [&] {
      if (runs_used_) {
        const auto length = static_cast<std::size_t>(runs_.values()[run++]);
        if (into.size() + length > most_weights) {
          throw stream_error("the weight stream has more than " + std::to_string(most_weights) +
                             " weights");
        }
        into.insert(into.end(), length, std::int16_t{0});
      }
    };
    if (fresh_) {
      zeros();
    }
    for (const int index : weights_.values()) {
      into.push_back(palette_.weight(index));
      zeros();
    }
  }

  static constexpr std::size_t most_weights = std::size_t{1} << 26;
  bit_reader& from_;
  palette& palette_;
  bool runs_used_;
  bool truncated_ = false;
  bool fresh_ = false;
  bool plain_ = false;
  sequence weights_;
  sequence runs_;
};

} // namespace

std::vector<std::int16_t> decoded_weights(std::span<const std::byte> stream) {
  bit_reader bits(stream);
  palette colors;
  std::vector<std::int16_t> result;
  while (!bits.at_end()) {
    const int zero_divisor = static_cast<int>(bits.take(3));
    if (zero_divisor == 7) {
      bits.align();
      colors.known = false;
      continue;
    }
    if (zero_divisor == 4 || zero_divisor == 5) {
      throw stream_error("a slice of weights has the zero-run divisor " +
                         std::to_string(zero_divisor));
    }
    slice_reader(bits, colors, zero_divisor).read(result);
  }
  return result;
}

} // namespace inlay::test::npu_model
