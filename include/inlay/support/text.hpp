// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace inlay {

/// A string of fixed capacity that can be put together in a constant expression; messages that
/// reach the user, at compile time and at run time, are made with it. What does not fit is cut.
class text {
public:
  static constexpr std::size_t capacity = 320;

  constexpr text() = default;

  constexpr text& operator<<(std::string_view characters) {
    for (char c : characters) {
      put(c);
    }
    return *this;
  }
  constexpr text& operator<<(const char* characters) {
    return *this << std::string_view(characters);
  }
  constexpr text& operator<<(const text& other) { return *this << other.view(); }

  template <std::integral Integer>
  constexpr text& operator<<(Integer value) {
    if constexpr (std::signed_integral<Integer>) {
      if (value < 0) {
        put('-');
        return put_digits(std::uint64_t{0} - static_cast<std::uint64_t>(value));
      }
    }
    return put_digits(static_cast<std::uint64_t>(value));
  }

  /// Seven significant digits, as many as tell two single-precision scales apart for a reader.
  constexpr text& operator<<(double value) {
    if (value != value) {
      return *this << "NaN";
    }
    if (value < 0) {
      put('-');
      value = -value;
    }
    if (value > 1.7e308) {
      return *this << "infinity";
    }
    int exponent = 0;
    while (value >= 10) {
      value /= 10;
      ++exponent;
    }
    while (value > 0 && value < 1) {
      value *= 10;
      --exponent;
    }
    const double scaled = value * 1e6;
    auto digits = static_cast<std::uint64_t>(scaled);
    digits += scaled - static_cast<double>(digits) >= 0.5 ? 1 : 0;
    if (digits >= 10'000'000) {
      digits /= 10;
      ++exponent;
    }
    return put_decimal(digits, exponent);
  }

  constexpr void put(char c) {
    if (size_ < capacity) {
      data_[size_++] = c;
    }
  }

  [[nodiscard]] constexpr std::string_view view() const { return {data_, size_}; }
  [[nodiscard]] constexpr std::size_t size() const { return size_; }

private:
  constexpr text& put_digits(std::uint64_t value) {
    if (value >= 10) {
      put_digits(value / 10);
    }
    put(static_cast<char>('0' + value % 10));
    return *this;
  }

  /// `digits` holds seven digits, the first of them with the weight 10^exponent.
  constexpr text& put_decimal(std::uint64_t digits, int exponent) {
    const bool scientific = exponent < -5 || exponent > 6;
    std::uint64_t weight = 1'000'000;
    if (!scientific && exponent < 0) {
      *this << "0.";
      for (int i = exponent + 1; i < 0; ++i) {
        put('0');
      }
    }
    const int whole_digits = scientific ? 1 : exponent + 1;
    for (int i = 0; weight > 0; ++i, weight /= 10) {
      if (i >= whole_digits && digits == 0) {
        break;
      }
      if (i == whole_digits && i > 0) {
        put('.');
      }
      put(static_cast<char>('0' + digits / weight));
      digits %= weight;
    }
    return scientific ? *this << "e" << exponent : *this;
  }

  char data_[capacity]{};
  std::size_t size_ = 0;
};

} // namespace inlay
