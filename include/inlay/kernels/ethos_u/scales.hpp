// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/weight_layout.hpp>
#include <inlay/numerics/divide_up.hpp>
#include <inlay/numerics/fixed_point.hpp>

#include <cstdint>

// What an Ethos-U reads for each output channel besides weights: bias, multiplier and shift, in 10
// bytes (encode_bias in ethosu/vela/weight_compressor.py).

namespace inlay::ethos_u {

inline constexpr std::int32_t scale_record_bytes = 10;

/// An output is (sum + bias) * multiplier / 2^shift.
struct scale_record {
  /// 40 bits.
  std::int64_t bias = 0;
  std::uint32_t multiplier = 0;
  /// 6 bits.
  std::int32_t shift = 0;

  friend constexpr bool operator==(const scale_record&, const scale_record&) = default;
};

constexpr scale_record scale_record_of(std::int64_t bias, quantized_multiplier by) noexcept {
  return {bias, static_cast<std::uint32_t>(by.mantissa), by.mantissa == 0 ? 0 : 31 - by.shift};
}

/// Whether every part of a record has its bits.
constexpr bool is_representable(const scale_record& given) noexcept {
  constexpr std::int64_t bias_limit = std::int64_t{1} << 39;
  return given.bias >= -bias_limit && given.bias < bias_limit && given.shift >= 0 &&
         given.shift < 64;
}

/// @param out scale_record_bytes
constexpr void store(const scale_record& given, unsigned char* out) noexcept {
  const auto bias = static_cast<std::uint64_t>(given.bias);
  for (int i = 0; i < 5; ++i) {
    out[i] = static_cast<unsigned char>(bias >> 8 * i);
  }
  for (int i = 0; i < 4; ++i) {
    out[5 + i] = static_cast<unsigned char>(given.multiplier >> 8 * i);
  }
  out[9] = static_cast<unsigned char>(given.shift);
}

/// Bytes of the records of one core, a multiple of 16.
constexpr std::int64_t scales_bytes(const weight_layout& layout, int core) noexcept {
  const std::int64_t bytes = std::int64_t{layout.outputs_of(core)} * scale_record_bytes;
  return round_up(bytes, 16);
}

} // namespace inlay::ethos_u
