// SPDX-License-Identifier: Apache-2.0
#pragma once

#if __has_include(<xtensor/containers/xtensor.hpp>)
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xtensor.hpp>
#endif

#include <cstddef>
#include <cstdint>
#include <string>

namespace app {

/// A picture, {height, width, channels}, bytes from 0 to 255.
using picture = xt::xtensor<std::uint8_t, 3>;

/// Decodes a BMP, PNG or JPEG file to `channels` channels (1: gray, 3: red, green, blue).
/// Throws user_error.
picture read_picture(const std::string& path, int channels);

/// Resizes the whole picture, without keeping its proportions: bilinear with antialiasing, so that
/// every pixel of a picture that shrinks counts.
picture resize(const picture& from, std::size_t height, std::size_t width);

} // namespace app
