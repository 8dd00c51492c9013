// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"

#include "files.hpp"

#if __has_include(<xtensor/containers/xadapt.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/misc/xmanipulation.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xview.hpp>
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_BMP
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_MAX_DIMENSIONS 32768
#include <stb_image.h>

namespace app {

namespace {

/// The bytes that a BMP of this size needs. stb_image reads zeros where a file has ended.
std::int64_t bytes_of_bmp(const std::vector<unsigned char>& file, int width, int height) {
  const auto number = [&](std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = count; i-- > 0;) {
      value = value * 256 + file.at(at + i);
    }
    return value;
  };
  const bool is_old = number(14, 4) == 12; // OS/2: a header of 12 bytes
  const std::int64_t row_bits = number(is_old ? 24 : 28, 2) * width;
  // The last row may lack its padding.
  return number(10, 4) + (row_bits + 31) / 32 * 4 * (height - 1) + (row_bits + 7) / 8;
}

} // namespace

picture read_picture(const std::string& path, int channels) {
  const std::vector<unsigned char> file = read_file(path);
  if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw user_error(fmt::format("{}: has {} bytes, expected at most 2 GiB", path, file.size()));
  }
  int width = 0;
  int height = 0;
  int found_channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &width, &height,
                            &found_channels, channels),
      stbi_image_free);
  if (!pixels) {
    throw user_error(fmt::format("{}: is not a picture that can be decoded ({}), expected BMP, "
                                 "PNG or JPEG",
                                 path, stbi_failure_reason()));
  }
  if (file[0] == 'B' && file[1] == 'M') {
    if (const std::int64_t needed = bytes_of_bmp(file, width, height);
        static_cast<std::int64_t>(file.size()) < needed) {
      throw user_error(fmt::format("{}: is cut off: has {} bytes, expected {} for a BMP of {}x{}",
                                   path, file.size(), needed, width, height));
    }
  }
  const std::array extents{static_cast<std::size_t>(height), static_cast<std::size_t>(width),
                           static_cast<std::size_t>(channels)};
  return xt::adapt(pixels.get(), extents[0] * extents[1] * extents[2], xt::no_ownership(), extents);
}

namespace {

/// Resizes the first axis of {rows, columns, channels} to `rows`. Each new row is the mean of the
/// old ones near it, weighted by a triangle; where the picture shrinks, the triangle is as much
/// wider, so that every old row counts and nothing flickers between pixels.
template <class Expression>
xt::xtensor<float, 3> resize_rows(const Expression& from, std::size_t rows) {
  const auto old_rows = static_cast<double>(from.shape(0));
  const double step = old_rows / static_cast<double>(rows);
  const double reach = std::max(step, 1.0);
  xt::xtensor<float, 3> to({rows, from.shape(1), from.shape(2)}, 0.0F);
  for (std::size_t row = 0; row < rows; ++row) {
    const double center = (static_cast<double>(row) + 0.5) * step - 0.5;
    const auto first = static_cast<std::size_t>(std::max(std::ceil(center - reach), 0.0));
    const auto last = static_cast<std::size_t>(std::min(std::floor(center + reach), old_rows - 1));
    const xt::xtensor<double, 1> weights = xt::maximum(
        1 - xt::abs(xt::arange<double>(static_cast<double>(first), static_cast<double>(last) + 1) -
                    center) /
                reach,
        0.0);
    const double sum = xt::sum(weights)();
    auto next = xt::view(to, row, xt::all(), xt::all());
    for (std::size_t i = first; i <= last; ++i) {
      const auto weight = static_cast<float>(weights(i - first) / sum);
      xt::noalias(next) += weight * xt::cast<float>(xt::view(from, i, xt::all(), xt::all()));
    }
  }
  return to;
}

} // namespace

picture resize(const picture& from, std::size_t height, std::size_t width) {
  const xt::xtensor<float, 3> lower = resize_rows(from, height);
  const xt::xtensor<float, 3> turned = xt::transpose(lower, {1, 0, 2});
  const xt::xtensor<float, 3> resized = resize_rows(turned, width);
  return xt::cast<std::uint8_t>(
      xt::clip(xt::round(xt::transpose(resized, {1, 0, 2})), 0.0F, 255.0F));
}

} // namespace app
