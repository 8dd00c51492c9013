// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"

#include <array>
#include <cmath>
#include <cstdlib>

// What an NPU does to a result before it stores it: curves of its own, and tables.

namespace inlay::test::npu_model {
namespace {

/// 65536 / (1 + exp(-i / 24)), from which TensorFlow Lite's kernels of 16 bits interpolate. Between
/// two entries the straight line lies below the curve; half of that on top of each entry halves the
/// greatest error.
std::array<std::int32_t, 256> make_sigmoid_entries() {
  constexpr double step = 1.0 / 24;
  std::array<std::int32_t, 256> entries{};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const double value = 1 / (1 + std::exp(-step * static_cast<double>(i)));
    const double bend = value * (1 - value) * (1 - 2 * value); // the second derivative
    entries[i] = static_cast<std::int32_t>(std::lround(65536 * (value - step * step / 16 * bend)));
  }
  entries.back() = 65535;
  return entries;
}

/// 65536 times the sigmoid of a distance from 0, times 2^bits, by a straight line between entries
/// that are 2^bits apart; from the last entry on `end`.
std::int64_t interpolated(std::int64_t distance, int bits, std::int64_t end) {
  static const std::array<std::int32_t, 256> entries = make_sigmoid_entries();
  const std::int64_t index = distance >> bits;
  if (index >= 255) {
    return end;
  }
  const auto at = static_cast<std::size_t>(index);
  const std::int64_t part = distance & ((std::int64_t{1} << bits) - 1);
  return (std::int64_t{entries[at]} << bits) + part * (entries[at + 1] - entries[at]);
}

/// 2^15 times the sigmoid of value / 12288.
std::int64_t sigmoid(std::int64_t value) {
  const std::int64_t above = interpolated(std::abs(value), 9, std::int64_t{0x7FFF} << 10);
  const std::int64_t half = 1 << 9;
  return value >= 0 ? (above + half) >> 10 : ((std::int64_t{1} << 25) - above + half - 1) >> 10;
}

/// 2^15 times the hyperbolic tangent of value / 12288, which is 2 sigmoid(2 x) - 1.
std::int64_t hyperbolic_tangent(std::int64_t value) {
  const std::int64_t above =
      interpolated(std::abs(value), 8, std::int64_t{0xFFFF} << 8) - (std::int64_t{1} << 23);
  const std::int64_t half = 1 << 7;
  return value >= 0 ? (above + half) >> 8 : (-above + half - 1) >> 8;
}

} // namespace

std::int64_t on_curve(const operation& what, std::int64_t value) {
  if (what.ofm.element_bytes == 4) {
    throw stream_error("TANH and SIGMOID give 8 or 16 bits, and the output has 32");
  }
  const bool is_tanh = (what.activation & 0xFFF) == tanh_activation;
  const std::int64_t result = is_tanh ? hyperbolic_tangent(value) : sigmoid(value);
  if (what.ofm.element_bytes == 2) {
    return result;
  }
  const int bits = is_tanh ? 8 : 7; // the outputs' units are 1/128 and 1/256
  return (result + (std::int64_t{1} << (bits - 1))) >> bits;
}

std::int64_t looked_up(const operation& what, std::int64_t value, const context& where) {
  const bool interpolated = what.ofm.element_bytes == 2;
  const int entry_bytes = interpolated ? 4 : what.ofm.element_bytes;
  const int forced = what.activation >> 12;
  const bool is_signed = forced == 3 || (forced != 2 && what.ofm.is_signed);
  const std::int64_t index = interpolated ? (value + 32768) >> 7 : value + (is_signed ? 128 : 0);
  if (index < 0 || index >= (interpolated ? 512 : 256)) {
    throw stream_error("a look-up of " + std::to_string(value) + ", outside of the table");
  }
  const std::int64_t offset =
      where.npu.tables_at() + std::int64_t{what.table()} * 256 + index * entry_bytes;
  for (std::int64_t i = offset; i < offset + entry_bytes; ++i) {
    if (static_cast<std::size_t>(i) >= where.shram.bytes.size() ||
        !where.shram.loaded[static_cast<std::size_t>(i)]) {
      throw stream_error("the look-up table is not in SHRAM");
    }
  }
  const std::byte* const entry = where.shram.bytes.data() + offset;
  if (!interpolated) {
    return load(entry, entry_bytes, what.ofm.is_signed);
  }
  const std::int64_t base = load(entry, 2, true);
  const std::int64_t slope = load(entry + 2, 2, true);
  return base + ((slope * (value & 0x7F) + 64) >> 7);
}

} // namespace inlay::test::npu_model
