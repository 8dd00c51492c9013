// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/weight_layout.hpp>
#include <inlay/kernels/ethos_u/weight_slice.hpp>
#include <inlay/numerics/divide_up.hpp>

namespace inlay::ethos_u {

/// Bytes of a core's stream that is not compressed, a multiple of 16; 0 where it has no outputs.
constexpr std::int64_t uncompressed_bytes(const weight_layout& layout, int core) noexcept {
  const std::int64_t count = weight_count(layout, core);
  if (count == 0) {
    return 0;
  }
  const std::int64_t slices = divide_up(count, most_weights_a_slice);
  const std::int64_t head = slice_head_bits + palette_bits({});
  return divide_up(slices * head + count * layout.bits + 3, 128) * 16;
}

/// Writes a core's stream without compression.
/// @param weight as each_weight has it
/// @param out uncompressed_bytes(layout, core)
/// @return false if a weight has more bits than layout.bits; `out` is of no use then
template <class Weight>
constexpr bool write_uncompressed(const weight_layout& layout, int core, const Weight& weight,
                                  unsigned char* out) noexcept {
  bit_writer bits(out);
  weight_palette none;
  none.bits = layout.bits;
  std::int64_t left = weight_count(layout, core);
  std::int32_t left_of_slice = 0;
  bool fits = true;
  if (left == 0) {
    return true;
  }
  each_weight(layout, core, weight, [&](std::int32_t value) {
    if (left_of_slice == 0) {
      left_of_slice =
          left < most_weights_a_slice ? static_cast<std::int32_t>(left) : most_weights_a_slice;
      put_slice_head(bits, {}, left_of_slice, &none);
      left -= left_of_slice;
    }
    const std::uint32_t code = code_of(value);
    fits = fits && code >> layout.bits == 0;
    bits.put(fits ? code : 0, layout.bits);
    --left_of_slice;
  });
  put_end(bits);
  return fits;
}

} // namespace inlay::ethos_u
