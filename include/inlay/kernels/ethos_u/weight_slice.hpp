// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/bit_writer.hpp>

#include <array>
#include <cstdint>

// A stream of weights is cut into slices, each with a head that says how its weights are coded.

namespace inlay::ethos_u {

/// Weights of a slice that are coded, zeros in runs not counted: the most that Vela writes.
inline constexpr std::int32_t most_weights_a_slice = 32767;

/// How weights become the numbers that are coded: those of the palette their place in it, others
/// their code (magnitude and sign) - first + size.
struct weight_palette {
  static constexpr int most = 32;
  /// Codes in [0, 512); their count is 0 or in [2, 32].
  std::array<std::uint16_t, most> codes{};
  int size = 0;
  /// Of the codes; without a palette of the weights that are not compressed. In [2, 9].
  int bits = 2;
  /// DIROFS.
  int first = 0;

  friend constexpr bool operator==(const weight_palette&, const weight_palette&) = default;
};

/// How the weights of a slice are coded.
struct slice_coding {
  static constexpr int no_runs = 6;
  static constexpr int end_of_stream = 7;
  static constexpr int uncompressed = 7;

  /// Bits of a remainder of a zero run, in [0, 3]; or no_runs.
  int run_bits = no_runs;
  /// Bits of a remainder of a weight, in [0, 5]; or uncompressed.
  int weight_bits = uncompressed;
  /// Quotients of weights are at most 2.
  bool truncates = false;

  friend constexpr bool operator==(const slice_coding&, const slice_coding&) = default;
};

inline constexpr int slice_head_bits = 3 + 15 + 3 + 1 + 1;
constexpr int palette_bits(const weight_palette& given) noexcept {
  return 5 + 5 + 3 + given.size * given.bits;
}

/// The code of a weight in [-255, 255].
constexpr std::uint32_t code_of(std::int32_t weight) noexcept {
  return weight < 0 ? static_cast<std::uint32_t>(-weight) << 1 | 1
                    : static_cast<std::uint32_t>(weight) << 1;
}

/// @param palette of the slices from here on; nullptr: that of the slices before
constexpr void put_slice_head(bit_writer& out, const slice_coding& coding, std::int32_t weights,
                              const weight_palette* palette) noexcept {
  const auto put = [&out](int value, int count) {
    out.put(static_cast<std::uint32_t>(value), count);
  };
  put(coding.run_bits, 3);
  put(weights - 1, 15);
  put(coding.weight_bits, 3);
  put(coding.truncates ? 1 : 0, 1);
  put(palette != nullptr ? 1 : 0, 1);
  if (palette != nullptr) {
    put(palette->first, 5);
    put(palette->size == 0 ? 0 : palette->size - 1, 5);
    put(palette->bits - 2, 3);
    for (int i = 0; i < palette->size; ++i) {
      out.put(palette->codes[static_cast<std::size_t>(i)], palette->bits);
    }
  }
}

/// The end of a stream; fills up its last 16 bytes.
constexpr void put_end(bit_writer& out) noexcept {
  out.put(slice_coding::end_of_stream, 3);
  out.fill_up();
}

} // namespace inlay::ethos_u
