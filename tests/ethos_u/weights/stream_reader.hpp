// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

// Reads a stream of weights as an Ethos-U does, chunk by chunk; independent of what writes them.

namespace inlay::test {

class stream_reader {
public:
  explicit stream_reader(std::span<const unsigned char> stream) : stream_(stream) {}

  /// All weights of the stream; throws what is wrong with it.
  std::vector<int> read() {
    if (stream_.size() % 16 != 0) {
      throw std::runtime_error("the stream is no multiple of 16 bytes");
    }
    while (read_head()) {
      read_slice();
      emit();
    }
    for (; at_ < stream_.size() * 8; ++at_) {
      if ((stream_[at_ / 8] >> at_ % 8 & 1) == 0) {
        throw std::runtime_error("a zero after the stream's end, at bit " + std::to_string(at_));
      }
    }
    return weights_;
  }

  [[nodiscard]] int slices() const { return slices_; }

private:
  /// Symbols of which quotients are known, and remainders of some.
  struct sequence {
    std::size_t wanted = 0;
    std::vector<int> quotients;
    std::vector<int> values;
    int begun = 0;
    int bits = 0;

    void reset(std::size_t count, int remainder_bits) {
      *this = {};
      wanted = count;
      bits = remainder_bits;
    }
    void end_symbol() {
      quotients.push_back(begun);
      begun = 0;
    }
    [[nodiscard]] bool complete() const { return quotients.size() >= wanted; }
  };

  int get(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      if (at_ / 8 >= stream_.size()) {
        throw std::runtime_error("the stream ends within a slice");
      }
      value |= (stream_[at_ / 8] >> at_ % 8 & 1) << i;
    }
    return value;
  }

  bool read_head() {
    run_bits_ = get(3);
    if (run_bits_ == 7) {
      return false;
    }
    if (run_bits_ > 3 && run_bits_ != 6) {
      throw std::runtime_error("ZDIV is " + std::to_string(run_bits_));
    }
    const auto count = static_cast<std::size_t>(get(15)) + 1;
    const int weight_bits = get(3);
    truncates_ = get(1) != 0;
    has_palette_ = get(1) != 0;
    if (!has_palette_ && (slices_ == 0 || (run_bits_ == 6) != (last_run_bits_ == 6))) {
      throw std::runtime_error("a slice without the palette that it needs");
    }
    last_run_bits_ = run_bits_;
    if (has_palette_) {
      read_palette();
    }
    uncompressed_ = weight_bits == 7;
    if (weight_bits == 6) {
      throw std::runtime_error("WDIV is 6");
    }
    int bits = weight_bits;
    if (uncompressed_ && palette_.empty()) {
      bits = palette_bits_;
    } else if (uncompressed_) {
      for (bits = 0; (std::size_t{1} << bits) < palette_.size();) {
        ++bits;
      }
    }
    words_.reset(count, bits);
    runs_.reset(run_bits_ == 6 ? 0 : count + (has_palette_ ? 1 : 0), run_bits_);
    ++slices_;
    return true;
  }

  void read_palette() {
    first_ = get(5);
    const int size = get(5);
    palette_bits_ = get(3) + 2;
    palette_.clear();
    for (int i = 0; size > 0 && i <= size; ++i) {
      palette_.push_back(get(palette_bits_));
    }
  }

  void read_slice() {
    std::size_t word_remainders = 0; // of the last chunk
    std::size_t run_remainders = 0;
    bool going = true;
    while (going) {
      const auto ahead = static_cast<std::ptrdiff_t>(words_.quotients.size()) -
                         static_cast<std::ptrdiff_t>(runs_.quotients.size());
      const bool has_runs = run_bits_ != 6;
      const bool takes_words = !words_.complete() && (!has_runs || ahead < 8);
      const bool takes_runs = has_runs && !runs_.complete() && ahead >= 0;
      const int unary = takes_words && !uncompressed_ ? get(12) : 0;
      const std::size_t words_before = words_.quotients.size();
      const std::size_t runs_before = runs_.quotients.size();
      if (takes_runs) {
        take_runs();
      }
      if (takes_words) {
        take_words(unary);
      }
      read_remainders(words_, word_remainders);
      read_remainders(runs_, run_remainders);
      word_remainders = words_.quotients.size() - words_before;
      run_remainders = runs_.quotients.size() - runs_before;
      going = takes_words || takes_runs;
    }
    if (words_.values.size() != words_.wanted || runs_.values.size() != runs_.wanted) {
      throw std::runtime_error("a slice that never ends");
    }
  }

  void take_runs() {
    for (int left = run_bits_ == 3 ? 8 : 12; left > 0; --left) {
      if (get(1) != 0) {
        ++runs_.begun;
      } else {
        runs_.end_symbol();
      }
    }
  }

  void take_words(int unary) {
    const int most = uncompressed_ && words_.bits > 5 ? 8 : 12;
    for (int i = 0; i < most; ++i) {
      const int code = (unary >> i & 1) == 0 ? 0 : 1 + get(1);
      words_.begun += code;
      if (code < 2 || truncates_) {
        words_.end_symbol();
      }
    }
  }

  void read_remainders(sequence& symbols, std::size_t count) {
    for (; count > 0 && symbols.values.size() < symbols.wanted; --count) {
      const int quotient = symbols.quotients[symbols.values.size()];
      const int remainder = get(symbols.bits);
      symbols.values.push_back((quotient << symbols.bits) + remainder);
    }
  }

  void emit() {
    auto run = runs_.values.begin();
    const auto zeros = [&] {
      if (run != runs_.values.end()) {
        weights_.insert(weights_.end(), static_cast<std::size_t>(*run++), 0);
      }
    };
    if (has_palette_) {
      zeros();
    }
    for (const int index : words_.values) {
      const auto place = static_cast<std::size_t>(index);
      const int code = place < palette_.size() ? palette_[place]
                                               : index - static_cast<int>(palette_.size()) + first_;
      if (code > 511) {
        throw std::runtime_error("a weight of more than 9 bits");
      }
      weights_.push_back(code % 2 != 0 ? -(code / 2) : code / 2);
      zeros();
    }
  }

  std::span<const unsigned char> stream_;
  std::size_t at_ = 0;
  std::vector<int> weights_;
  int slices_ = 0;
  int run_bits_ = 6;
  int last_run_bits_ = 6;
  bool truncates_ = false;
  bool has_palette_ = false;
  bool uncompressed_ = false;
  int first_ = 0;
  int palette_bits_ = 0;
  std::vector<int> palette_;
  sequence words_;
  sequence runs_;
};

} // namespace inlay::test
