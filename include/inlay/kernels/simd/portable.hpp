// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/simd/unroll.hpp>
#include <inlay/numerics/fixed_point.hpp>
#include <inlay/numerics/rounding_bounds.hpp>
#include <inlay/tensor/bytes.hpp>

#include <cstring>
#include <string_view>

namespace inlay::kernels::simd {

/// What the kernels of this folder are written in: an architecture is a type with these members.
/// This one is plain C++ for any processor; it says what the members mean and lets every machine
/// test the kernels.
///
/// A vector has `lanes` numbers, lanes / 4 blocks of four. Activations are unsigned: what a tensor
/// holds, counted from the lowest value of its type.
struct portable {
  static constexpr std::string_view name = "portable";
  static constexpr int lanes = 4;
  /// Vector registers, of which a tile uses all that it can.
  static constexpr int registers = 16;
  static constexpr bool fused_multiply_add = true;
  /// What to_ints() does.
  static constexpr conversion rounding = conversion::truncate;

  using ints = std::int32_t __attribute__((vector_size(16)));
  using floats = float __attribute__((vector_size(16)));
  using bytes = unsigned char __attribute__((vector_size(16)));

  static ints load(const void* from) noexcept {
    ints result;
    std::memcpy(&result, from, sizeof result);
    return result;
  }
  /// The same for a vector with several uses, which is to stay in a register.
  static ints load_kept(const unsigned char* from) noexcept { return load(from); }
  static void store(void* to, bytes values) noexcept { std::memcpy(to, &values, sizeof values); }
  static ints broadcast(std::int32_t value) noexcept { return ints{} + value; }
  /// The same four bytes in each lane.
  static ints broadcast_four(const unsigned char* from) noexcept {
    return broadcast(inlay::load<std::int32_t>(from));
  }

  /// In how many steps four products are summed. Where there is no dot product of bytes but one of
  /// 16-bit pairs, there are two: weights are packed widened, and activations that tiles read lie
  /// in memory as 16 bits.
  static constexpr int slices = 1;
  /// Weights of one, for a slice.
  static constexpr std::int32_t ones = 0x01010101;
  /// What one slice of four bytes multiplies: the first and the third, or the others.
  template <int>
  static ints slice(ints four) noexcept {
    return four;
  }
  /// Writes a vector of activations as tiles read them, 4 * lanes * slices bytes.
  static void store_activations(unsigned char* to, bytes values) noexcept { store(to, values); }
  /// Where there are two slices, load_widened() makes a vector of 16-bit weights from bytes, and
  /// store_levels<Low, High>() writes two vectors of levels within [Low, High] as 16 bits, four of
  /// each in turn.
  ///
  /// To each lane of a sum the dot product of a slice of activations, which are unsigned, with one
  /// of weights, which are signed.
  ///
  /// Where kept_weights is declared, a tile keeps so many vectors of weights in registers and gives
  /// dot() the addresses of the others.
  static ints dot(ints sum, ints activations, ints weights) noexcept {
    const auto unsigned_bytes = reinterpret_cast<bytes>(activations);
    const auto signed_bytes = reinterpret_cast<bytes>(weights);
    for (int i = 0; i < 4 * lanes; ++i) {
      sum[i / 4] += unsigned_bytes[i] * static_cast<signed char>(signed_bytes[i]);
    }
    return sum;
  }

  static floats to_floats(ints values) noexcept { return __builtin_convertvector(values, floats); }
  /// To the next integer towards zero; a number too large becomes the lowest.
  static ints to_ints(floats values) noexcept {
    ints result{};
    for (int i = 0; i < lanes; ++i) {
      const float value = values[i];
      result[i] = value >= -2147483648.0F && value < 2147483648.0F
                      ? static_cast<std::int32_t>(value)
                      : std::numeric_limits<std::int32_t>::min();
    }
    return result;
  }
  /// a * b + c, rounded once.
  static floats multiply_add(floats a, floats b, floats c) noexcept {
    for (int i = 0; i < lanes; ++i) {
      c[i] = __builtin_fmaf(a[i], b[i], c[i]);
    }
    return c;
  }
  /// Magnitudes, which are not negative, with the signs of others.
  static floats with_sign(floats magnitudes, floats signs) noexcept {
    for (int i = 0; i < lanes; ++i) {
      magnitudes[i] = __builtin_copysignf(magnitudes[i], signs[i]);
    }
    return magnitudes;
  }
  static ints clamp(ints values, std::int32_t low, std::int32_t high) noexcept {
    for (int i = 0; i < lanes; ++i) {
      values[i] = inlay::clamp(values[i], low, high);
    }
    return values;
  }
  /// inlay::multiply lane by lane.
  static ints multiply(ints values, ints mantissas, ints shifts) noexcept {
    for (int i = 0; i < lanes; ++i) {
      values[i] = inlay::multiply(values[i], {mantissas[i], shifts[i]});
    }
    return values;
  }

  /// Four vectors, saturated to [0, 255]: four bytes (a block) of each in turn.
  static bytes narrow(ints a, ints b, ints c, ints d) noexcept {
    bytes result{};
    const ints rows[] = {a, b, c, d};
    for (int i = 0; i < 4 * lanes; ++i) {
      result[i] =
          static_cast<unsigned char>(inlay::clamp(rows[i / 4 % 4][i / 16 * 4 + i % 4], 0, 255));
    }
    return result;
  }
  /// From four bytes of each row in turn, as narrow() has it, to one byte of each row in turn: the
  /// four rows of a channel become one dword.
  static bytes interleave(bytes rows) noexcept {
    bytes result{};
    for (int i = 0; i < 4 * lanes; ++i) {
      result[i] = rows[i / 16 * 16 + i % 4 * 4 + i / 4 % 4];
    }
    return result;
  }
  /// In each four bytes the first two of `next`, then the last two of `current`.
  static bytes splice(bytes current, bytes next) noexcept {
    for (int i = 0; i < 4 * lanes; ++i) {
      current[i] = i % 4 < 2 ? next[i] : current[i];
    }
    return current;
  }
  static bytes clamp_bytes(bytes values, unsigned char low, unsigned char high) noexcept {
    for (int i = 0; i < 4 * lanes; ++i) {
      values[i] = static_cast<unsigned char>(inlay::clamp(values[i], low, high));
    }
    return values;
  }

  /// From what narrow() gives to one row after the other.
  static bytes transpose(bytes rows) noexcept { return rows; }
  /// Writes the first channels of one row of what transpose() gives.
  template <int Row, int Channels = lanes>
  static void store_row(bytes rows, unsigned char* to) noexcept {
    for (int i = 0; i < Channels; ++i) {
      to[i] = rows[Row * lanes + i];
    }
  }
  /// The first channels of four rows, in the order of narrow().
  template <int Channels = lanes>
  static bytes load_rows(const unsigned char* a, const unsigned char* b, const unsigned char* c,
                         const unsigned char* d) noexcept {
    bytes rows{};
    const unsigned char* from[] = {a, b, c, d};
    for (int i = 0; i < 4 * Channels; ++i) {
      rows[i / Channels * 4 + i % Channels] = from[i / Channels][i % Channels];
    }
    return rows;
  }
};

} // namespace inlay::kernels::simd
