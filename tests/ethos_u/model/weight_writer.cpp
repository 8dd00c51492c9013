// SPDX-License-Identifier: Apache-2.0
#include "weight_writer.hpp"

#include "rounding.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace inlay::test::npu_model {
namespace {

class bit_writer {
public:
  void put(unsigned value, int count) {
    for (int i = 0; i < count; ++i) {
      if (at_ % 8 == 0) {
        bytes_.push_back(std::byte{0});
      }
      bytes_.back() |= static_cast<std::byte>((value >> i & 1) << (at_ % 8));
      ++at_;
    }
  }
  [[nodiscard]] std::vector<std::byte> finished() {
    put(7, 3);
    while (at_ % 128 != 0) {
      put(1, 1);
    }
    return bytes_;
  }

private:
  std::vector<std::byte> bytes_;
  std::size_t at_ = 0;
};

/// Quotients as the unary bits of chunks; a quotient may go on in the next chunk.
struct unary_writer {
  std::vector<int> symbols;
  int divisor = 0;
  std::size_t begun = 0;
  int rest = -1;         ///< of a quotient that has begun
  int counted = 0;       ///< symbols as a reader counts them, those behind the end too
  std::size_t ended = 0; ///< symbols whose remainders are due with the next chunk
  std::size_t written = 0;

  [[nodiscard]] bool more() const { return counted < static_cast<int>(symbols.size()); }
  int next() {
    if (rest < 0) {
      rest = begun < symbols.size() ? symbols[begun++] >> divisor : 0;
    }
    return rest;
  }
  void end_symbol() {
    rest = -1;
    ++counted;
  }
  void remainders(bit_writer& to) {
    for (; written < ended; ++written) {
      to.put(static_cast<unsigned>(symbols[written]), divisor);
    }
    ended = std::min(symbols.size(), static_cast<std::size_t>(counted));
  }
};

struct slice {
  unary_writer weights;
  unary_writer runs;
  bool with_runs = false;
  bool plain = false;
  bool truncated = false;

  void write_body(bit_writer& to) {
    bool any = true;
    while (any) {
      const int ahead = with_runs ? weights.counted - runs.counted : 0;
      const bool take_weights = ahead < 8 && weights.more();
      const bool take_runs = with_runs && ahead >= 0 && runs.more();
      chunk(to, take_weights, take_runs);
      any = take_weights || take_runs;
    }
  }

  void chunk(bit_writer& to, bool take_weights, bool take_runs) {
    unsigned unary = 0;
    unsigned extra = 0;
    int extra_count = 0;
    const int positions = plain && weights.divisor > 5 ? 8 : 12;
    for (int i = 0; take_weights && i < positions; ++i) {
      const int code = std::min(weights.next(), 2);
      if (code > 0) {
        unary |= 1U << i;
        extra |= static_cast<unsigned>(code - 1) << extra_count++;
      }
      weights.rest -= code;
      if (code < 2 || truncated) {
        weights.end_symbol();
      }
    }
    if (take_weights && !plain) {
      to.put(unary, 12);
    }
    const int length = runs.divisor == 3 ? 8 : 12;
    for (int i = 0; take_runs && i < length; ++i) {
      const bool goes_on = runs.next() > 0;
      to.put(goes_on ? 1 : 0, 1);
      --runs.rest;
      if (!goes_on) {
        runs.end_symbol();
      }
    }
    to.put(extra, extra_count);
    weights.remainders(to);
    runs.remainders(to);
  }
};

unsigned coded(int weight) {
  return static_cast<unsigned>(std::abs(weight)) << 1 | (weight < 0 ? 1U : 0U);
}

/// One slice with its own palette, of random parameters.
void write_slice(bit_writer& to, const std::int16_t* values, int count, bool compressed,
                 random_source& random) {
  slice body;
  std::vector<int> runs{0};
  std::vector<unsigned> symbols;
  body.with_runs = compressed && random.one_in(2) &&
                   std::any_of(values, values + count, [](int value) { return value != 0; });
  for (int i = 0; i < count; ++i) {
    if (body.with_runs && values[i] == 0) {
      ++runs.back();
    } else {
      symbols.push_back(coded(values[i]));
      runs.push_back(0);
    }
  }
  std::vector<unsigned> palette;
  unsigned offset = 0;
  const std::set<unsigned> distinct(symbols.begin(), symbols.end());
  if (compressed && distinct.size() >= 2 && distinct.size() <= 32 && random.one_in(2)) {
    palette.assign(distinct.begin(), distinct.end());
  } else if (compressed) {
    offset = std::min(31U, *distinct.begin());
  }
  for (unsigned& symbol : symbols) {
    const auto found = std::find(palette.begin(), palette.end(), symbol);
    symbol = palette.empty() ? symbol - offset : static_cast<unsigned>(found - palette.begin());
  }
  const unsigned greatest = *std::max_element(symbols.begin(), symbols.end());
  int bits = 0;
  while (palette.empty() ? greatest >> bits != 0 : (palette.size() - 1) >> bits != 0) {
    ++bits;
  }
  int palette_bits = 2;
  while (!palette.empty() && palette.back() >> palette_bits != 0) {
    ++palette_bits;
  }
  if (palette.empty()) {
    palette_bits = std::max(2, bits);
    bits = palette_bits;
  }
  body.plain = !compressed || random.one_in(3);
  const int divisor = static_cast<int>(random.between(0, 5));
  body.truncated = !body.plain && greatest >> divisor <= 2 && random.one_in(2);
  const int run_divisor = static_cast<int>(random.between(0, 3));
  body.weights.symbols.assign(symbols.begin(), symbols.end());
  body.weights.divisor = body.plain ? bits : divisor;
  body.runs.symbols = runs;
  body.runs.divisor = run_divisor;

  to.put(body.with_runs ? static_cast<unsigned>(run_divisor) : 6U, 3);
  to.put(static_cast<unsigned>(symbols.size() - 1), 15);
  to.put(body.plain ? 7U : static_cast<unsigned>(divisor), 3);
  to.put(body.truncated ? 1U : 0U, 1);
  to.put(1, 1);
  to.put(offset, 5);
  to.put(palette.empty() ? 0U : static_cast<unsigned>(palette.size() - 1), 5);
  to.put(static_cast<unsigned>(palette_bits - 2), 3);
  for (const unsigned color : palette) {
    to.put(color, palette_bits);
  }
  body.write_body(to);
}

} // namespace

std::vector<std::int16_t> in_stream_order(const std::vector<std::int16_t>& weights,
                                          const traversal& order) {
  std::vector<std::int16_t> result;
  const auto weight = [&](int o, int end, int y, int x, int i) -> std::int16_t {
    if (o >= end || y >= order.kernel_height || i >= order.inputs) {
      return 0;
    }
    return weights[static_cast<std::size_t>(
        ((o * order.kernel_height + y) * order.kernel_width + x) * order.inputs + i)];
  };
  const bool part = order.part_kernel;
  const int step = part || order.input_bits == 16 ? 16 : 32;
  const int deep = order.depthwise ? 1 : 8;
  for (int o0 = 0; o0 < order.outputs; o0 += order.block_depth) {
    const int o1 = std::min(o0 + order.block_depth, order.outputs);
    for (int i0 = 0; i0 < order.inputs; i0 += step) {
      for (int y0 = 0; y0 < order.kernel_height; y0 += 8 / order.dilation_y) {
        for (int x0 = 0; x0 < order.kernel_width; x0 += 8 / order.dilation_x) {
          const int tall = std::min(8 / order.dilation_y, order.kernel_height - y0);
          const int wide = std::min(8 / order.dilation_x, order.kernel_width - x0);
          const int multiple = part && order.input_bits == 16 ? 2 : 4;
          const int elements =
              part || order.depthwise ? rounded_up(tall * wide, multiple) : tall * wide;
          const int passes = part ? rounded_up(std::min(step, order.inputs - i0), 8) / 8 : 1;
          const int inner = part || order.depthwise ? 1 : step / 8;
          for (int pass = 0; pass < passes; ++pass) {
            for (int o = o0; o < o1; o += order.micro_depth) {
              for (int element = 0; element < elements * inner; ++element) {
                const int at = element / inner;
                const int y = at / wide < tall ? y0 + at / wide : order.kernel_height;
                const int i = i0 + (part ? pass : element % inner) * 8;
                for (int lane = 0; lane < order.micro_depth * deep; ++lane) {
                  result.push_back(weight(o + lane / deep, o1, y, x0 + at % wide, i + lane % deep));
                }
              }
            }
          }
        }
      }
    }
  }
  return result;
}

std::vector<std::byte> weight_stream(const std::vector<std::int16_t>& values, const coding& how,
                                     random_source& random) {
  bit_writer to;
  std::size_t at = 0;
  while (at < values.size()) {
    const auto left = static_cast<std::int64_t>(values.size() - at);
    const auto count = std::min<std::int64_t>(left, random.between(1, how.longest_slice));
    write_slice(to, values.data() + at, static_cast<int>(count), how.compressed, random);
    at += static_cast<std::size_t>(count);
  }
  return to.finished();
}

void append_scale(std::vector<std::byte>& to, const scale_record& record) {
  for (int i = 0; i < 5; ++i) {
    to.push_back(static_cast<std::byte>(record.bias >> (8 * i)));
  }
  for (int i = 0; i < 4; ++i) {
    to.push_back(static_cast<std::byte>(record.multiplier >> (8 * i)));
  }
  to.push_back(static_cast<std::byte>(record.shift));
}

} // namespace inlay::test::npu_model
