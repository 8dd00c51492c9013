// SPDX-License-Identifier: Apache-2.0
#include <inlay/layers/window.hpp>

#include <gtest/gtest.h>

namespace {

using inlay::padding;
using inlay::slide;
using inlay::window_axis;

constexpr bool is(window_axis found, int positions, int before) {
  return found.positions == positions && found.padding_before == before;
}

/// The padding after the image: what the last window needs beyond it.
constexpr int padding_after(window_axis found, int image, int kernel, int stride, int dilation) {
  const int end =
      (found.positions - 1) * stride - found.padding_before + (kernel - 1) * dilation + 1;
  return end > image ? end - image : 0;
}

constexpr bool pads(int image, int before, int after) {
  const window_axis found = slide(image, 3, 2, 1, padding::same);
  return found.padding_before == before && padding_after(found, image, 3, 2, 1) == after;
}

// MobileNetV2's 3x3 kernels at stride 2 pad by (0, 1), those of 513-pixel models by (1, 1).
static_assert(pads(224, 0, 1) && pads(112, 0, 1) && pads(56, 0, 1) && pads(28, 0, 1) &&
              pads(14, 0, 1));
static_assert(pads(513, 1, 1) && pads(257, 1, 1) && pads(129, 1, 1) && pads(65, 1, 1));

static_assert(is(slide(224, 3, 2, 1, padding::same), 112, 0));
static_assert(is(slide(224, 3, 2, 1, padding::valid), 111, 0));
static_assert(is(slide(225, 3, 2, 1, padding::valid), 112, 0), "PAD by (0, 1), then VALID");
static_assert(is(slide(7, 7, 7, 1, padding::valid), 1, 0));
static_assert(is(slide(33, 3, 1, 2, padding::same), 33, 2));
static_assert(is(slide(2, 3, 1, 1, padding::valid), 0, 0), "no position fits");
static_assert(is(slide(1, 65536, 65536, 65536, padding::valid), 0, 0), "no overflow");
static_assert(is(slide(1, 9, 1, 1, padding::same), 1, 4));

/// VALID by trying every position; SAME by its definition: ceil(image / stride) positions, the
/// padding as even as can be, the odd one after.
TEST(slide, agrees_with_trying_every_position) {
  for (int image = 1; image <= 24; ++image) {
    for (int kernel = 1; kernel <= 7; ++kernel) {
      for (int stride = 1; stride <= 5; ++stride) {
        for (int dilation = 1; dilation <= 4; ++dilation) {
          const int reach = (kernel - 1) * dilation + 1;
          int fitting = 0;
          for (int start = 0; start + reach <= image; start += stride) {
            ++fitting;
          }
          const window_axis valid = slide(image, kernel, stride, dilation, padding::valid);
          ASSERT_TRUE(is(valid, fitting, 0)) << image << " " << kernel << " " << stride;

          const window_axis same = slide(image, kernel, stride, dilation, padding::same);
          int positions = 0;
          for (int start = 0; start < image; start += stride) {
            ++positions;
          }
          ASSERT_EQ(same.positions, positions);
          const int after = padding_after(same, image, kernel, stride, dilation);
          ASSERT_TRUE(same.padding_before == 0 || after - same.padding_before == 0 ||
                      after - same.padding_before == 1)
              << image << " " << kernel << " " << stride << " " << dilation;
          // No less padding would do: with one less the last window leaves the image unpadded.
          ASSERT_LE(same.padding_before, reach / 2);
          const int total = (positions - 1) * stride + reach - image;
          ASSERT_EQ(same.padding_before + after, total > 0 ? total : 0);
        }
      }
    }
  }
}

} // namespace
