// SPDX-License-Identifier: Apache-2.0
#include "weights.hpp"

#include "stream_error.hpp"

#include <algorithm>
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

int rounded_up(int value, int to) {
  return (value + to - 1) / to * to;
}

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

std::vector<std::int16_t> arranged(std::span<const std::int16_t> decoded, const traversal& order) {
  const int kernel_elements = order.kernel_height * order.kernel_width;
  std::vector<std::int16_t> result(static_cast<std::size_t>(order.outputs) *
                                   static_cast<std::size_t>(kernel_elements) *
                                   static_cast<std::size_t>(order.inputs));
  constexpr int micro_inputs = 8;
  const int input_step = order.part_kernel || order.input_bits == 16 ? 16 : 32;
  const int element_multiple = order.input_bits == 16 && !order.depthwise ? 2 : 4;
  const int window_y = 8 / order.dilation_y;
  const int window_x = 8 / order.dilation_x;
  const int inner_inputs = order.depthwise ? 1 : micro_inputs;
  std::size_t at = 0;
  const auto next = [&] {
    if (at == decoded.size()) {
      throw stream_error("the weight stream has " + std::to_string(decoded.size()) +
                         " weights, fewer than the operation takes");
    }
    return decoded[at++];
  };
  // One micro-block of outputs and inputs for one element of the kernel.
  const auto micro_block = [&](int output, int limit, int y, int x, bool inside, int input) {
    for (int o = output; o < output + order.micro_depth; ++o) {
      for (int i = input; i < input + inner_inputs; ++i) {
        const std::int16_t weight = next();
        if (o < limit && i < order.inputs && inside) {
          result[((static_cast<std::size_t>(o) * static_cast<std::size_t>(order.kernel_height) +
                   static_cast<std::size_t>(y)) *
                      static_cast<std::size_t>(order.kernel_width) +
                  static_cast<std::size_t>(x)) *
                     static_cast<std::size_t>(order.inputs) +
                 static_cast<std::size_t>(i)] = weight;
        } else if (weight != 0) {
          throw stream_error("weight " + std::to_string(at - 1) +
                             " of the stream is padding and not 0");
        }
      }
    }
  };
  for (int block = 0; block < order.outputs; block += order.block_depth) {
    const int end = std::min(order.outputs, block + order.block_depth);
    for (int input = 0; input < order.inputs; input += input_step) {
      const int depth = order.depthwise     ? inner_inputs
                        : order.part_kernel ? std::min(input_step, order.inputs - input)
                                            : input_step;
      for (int sub_y = 0; sub_y < order.kernel_height; sub_y += window_y) {
        const int height = std::min(window_y, order.kernel_height - sub_y);
        for (int sub_x = 0; sub_x < order.kernel_width; sub_x += window_x) {
          const int width = std::min(window_x, order.kernel_width - sub_x);
          const bool padded = order.part_kernel || order.depthwise;
          const int elements =
              padded ? rounded_up(height * width, element_multiple) : height * width;
          const int outer_end = order.part_kernel ? depth : 1;
          const int inner_end = order.part_kernel ? 1 : depth;
          for (int outer = 0; outer < outer_end; outer += micro_inputs) {
            for (int output = block; output < end; output += order.micro_depth) {
              for (int element = 0; element < elements; ++element) {
                const int y = element / width;
                for (int inner = 0; inner < inner_end; inner += micro_inputs) {
                  micro_block(output, end, sub_y + y, sub_x + element % width, y < height,
                              input + outer + inner);
                }
              }
            }
          }
        }
      }
    }
  }
  if (at != decoded.size()) {
    throw stream_error("the weight stream has " + std::to_string(decoded.size()) +
                       " weights, the operation takes " + std::to_string(at));
  }
  return result;
}

scale_record read_scale(std::span<const std::byte> ten_bytes) {
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    low |= std::to_integer<std::uint64_t>(ten_bytes[i]) << (8 * i);
  }
  std::uint32_t multiplier = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    multiplier |= std::to_integer<std::uint32_t>(ten_bytes[5 + i]) << (8 * i);
  }
  constexpr std::uint64_t sign = std::uint64_t{1} << 39;
  const auto bias = static_cast<std::int64_t>((low ^ sign)) - static_cast<std::int64_t>(sign);
  return {bias, multiplier, std::to_integer<int>(ten_bytes[9] & std::byte{0x3F})};
}

} // namespace inlay::test::npu_model
