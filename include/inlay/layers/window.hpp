// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/support/diagnosis.hpp>
#include <inlay/tensor/shape.hpp>

#include <cstdint>

namespace inlay {

/// How a window treats the border: `same` keeps ceil(extent / stride) positions and pads what
/// that needs, half of it (rounded down) before; `valid` stays inside the image.
enum class padding : std::uint8_t { same, valid };

constexpr std::string_view name_of(padding scheme) {
  return scheme == padding::same ? "SAME" : "VALID";
}

/// How a kernel moves over an image.
struct window {
  extent stride{};
  extent dilation{};
  inlay::padding padding = inlay::padding::same;

  friend constexpr bool operator==(const window&, const window&) = default;
};

/// One axis of a window over an image: how many positions it has and the padding before it.
struct window_axis {
  std::int32_t positions = 0;
  std::int32_t padding_before = 0;
};

/// TFLite's ComputeOutSize and ComputePadding (tensorflow/lite/kernels/padding.h).
constexpr window_axis slide(std::int32_t image, std::int32_t kernel, std::int32_t stride,
                            std::int32_t dilation, padding scheme) {
  const std::int64_t reach = (std::int64_t{kernel} - 1) * dilation + 1;
  if (scheme == padding::valid) {
    const std::int64_t rest = image - reach;
    return {rest < 0 ? 0 : static_cast<std::int32_t>(rest / stride + 1), 0};
  }
  const std::int32_t positions = (image - 1) / stride + 1;
  const std::int64_t total = (std::int64_t{positions} - 1) * stride + reach - image;
  return {positions, total > 0 ? static_cast<std::int32_t>(total / 2) : 0};
}

/// The most rows or columns that a dilated kernel may span; keeps positions within 32 bits.
inline constexpr std::int64_t max_reach = std::int64_t{1} << 20;

/// The shape {positions down, positions across, channels} of `kernel` over `image`.
constexpr bool infer_window(const window& moved, extent kernel, const shape& image,
                            std::int32_t channels, shape& out, diagnosis& found) {
  const auto positive = [](extent e) { return e.height >= 1 && e.width >= 1; };
  if (!found.expect(positive(kernel), "the kernel is ", kernel, ", expected at least 1x1") ||
      !found.expect(positive(moved.stride), "the stride is ", moved.stride,
                    ", expected at least 1x1") ||
      !found.expect(positive(moved.dilation), "the dilation is ", moved.dilation,
                    ", expected at least 1x1")) {
    return false;
  }
  const auto reach = [](std::int32_t taps, std::int32_t dilation) {
    return (std::int64_t{taps} - 1) * dilation + 1;
  };
  if (!found.expect(reach(kernel.height, moved.dilation.height) <= max_reach &&
                        reach(kernel.width, moved.dilation.width) <= max_reach,
                    "a ", kernel, " kernel with dilation ", moved.dilation,
                    " reaches too far, expected at most ", max_reach, " rows and columns")) {
    return false;
  }
  const window_axis down = slide(image.height(), kernel.height, moved.stride.height,
                                 moved.dilation.height, moved.padding);
  const window_axis across =
      slide(image.width(), kernel.width, moved.stride.width, moved.dilation.width, moved.padding);
  if (!found.expect(down.positions >= 1 && across.positions >= 1, "a ", kernel,
                    " kernel (dilation ", moved.dilation, ") does not fit into the input ", image,
                    " without padding")) {
    return false;
  }
  out = shape{down.positions, across.positions, channels};
  return true;
}

} // namespace inlay
