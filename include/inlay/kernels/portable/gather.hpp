// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/portable/packed_convolution.hpp>

#include <cstring>

namespace inlay::kernels::portable {

/// Copies what the window of output pixel `x` sees; the zero point where it leaves the image.
inline void gather_window(const convolution_shape& shape, const unsigned char* const* rows,
                          std::int32_t x, unsigned char* out) noexcept {
  const auto channels = static_cast<std::size_t>(shape.in_channels);
  const std::int32_t left = x * shape.stride - shape.padding_left;
  const std::int32_t reach = (shape.kernel.width - 1) * shape.dilation;
  const auto fill = static_cast<unsigned char>(shape.input_zero_point);
  const std::size_t across = static_cast<std::size_t>(shape.kernel.width) * channels;
  for (std::int32_t ky = 0; ky < shape.kernel.height; ++ky) {
    const unsigned char* const row = rows[ky];
    if (row == nullptr) {
      std::memset(out, fill, across);
      out += across;
    } else if (shape.dilation == 1 && left >= 0 && left + reach < shape.in_width) {
      std::memcpy(out, row + left * shape.in_channels, across);
      out += across;
    } else {
      for (std::int32_t at = left; at <= left + reach; at += shape.dilation, out += channels) {
        if (at >= 0 && at < shape.in_width) {
          std::memcpy(out, row + at * shape.in_channels, channels);
        } else {
          std::memset(out, fill, channels);
        }
      }
    }
  }
}

} // namespace inlay::kernels::portable
