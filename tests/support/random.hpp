// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace inlay::test {

/// Numbers that are the same on every run; a failure names its seed through SCOPED_TRACE.
class random_source {
public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}

  /// Both ends included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  bool one_in(int count) { return between(1, count) == 1; }
  double real(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(engine_);
  }
  std::uint64_t bits() { return engine_(); }

  /// A positive, finite double of any magnitude, subnormal ones included.
  double any_positive() {
    const auto exponent = static_cast<std::uint64_t>(between(0, 2046));
    const double value = std::bit_cast<double>(exponent << 52 | (bits() >> 12));
    return value > 0 ? value : 1;
  }

  /// An int32 that is often small, often extreme.
  std::int32_t any_int32() {
    static constexpr std::int32_t special[] = {INT32_MIN, INT32_MIN + 1, -1,        0,
                                               1,         INT32_MAX - 1, INT32_MAX, 1 << 30};
    if (one_in(4)) {
      return special[between(0, 7)];
    }
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(bits())) >> between(0, 31);
  }

  /// Bytes of which one in four is at an end of the range.
  std::vector<unsigned char> bytes(std::size_t count) {
    static constexpr unsigned char special[] = {0, 127, 128, 255};
    std::vector<unsigned char> result(count);
    for (unsigned char& byte : result) {
      byte = one_in(4) ? special[between(0, 3)] : static_cast<unsigned char>(bits());
    }
    return result;
  }

private:
  std::mt19937_64 engine_;
};

} // namespace inlay::test
