// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/packed_convolution.hpp>
#include <inlay/kernels/portable/words.hpp>

#include <cstring>

namespace inlay::kernels::portable {

/// Copies a few bytes, without the call that std::memcpy would be.
struct copy_few {
  [[gnu::always_inline]] void operator()(unsigned char* to, const unsigned char* from,
                                         std::int32_t count) const noexcept {
    if (count >= 4) {
      // The last four bytes may overlap with those before.
      for (std::int32_t i = 0; i < count - 4; i += 4) {
        store_word(to + i, load_word(from + i));
      }
      store_word(to + count - 4, load_word(from + count - 4));
      return;
    }
    for (std::int32_t i = 0; i < count; ++i) {
      to[i] = from[i];
    }
  }
};

/// Copies what the window of output pixel `x` sees; the zero point where it leaves the image.
template <class Copy = copy_few>
void gather_window(const convolution_shape& shape, const unsigned char* const* rows, std::int32_t x,
                   unsigned char* out) noexcept {
  constexpr Copy copy;
  const std::int32_t channels = shape.in_channels;
  const std::int32_t left = x * shape.stride - shape.padding_left;
  const std::int32_t reach = (shape.kernel.width - 1) * shape.dilation;
  const std::int32_t across = shape.kernel.width * channels;
  const auto fill = static_cast<unsigned char>(shape.input_zero_point);
  const bool inside = shape.dilation == 1 && left >= 0 && left + reach < shape.in_width;
  const unsigned char* const* const end = rows + shape.kernel.height;
  for (; rows != end; ++rows) {
    const unsigned char* const row = *rows;
    if (row == nullptr) {
      std::memset(out, fill, static_cast<std::size_t>(across));
      out += across;
    } else if (inside) {
      copy(out, row + left * channels, across);
      out += across;
    } else {
      for (std::int32_t at = left; at <= left + reach; at += shape.dilation, out += channels) {
        if (at >= 0 && at < shape.in_width) {
          copy(out, row + at * channels, channels);
        } else {
          std::memset(out, fill, static_cast<std::size_t>(channels));
        }
      }
    }
  }
}

} // namespace inlay::kernels::portable
