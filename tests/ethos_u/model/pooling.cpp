// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"
#include "scaling.hpp"

#include <algorithm>

namespace inlay::test::npu_model {
namespace {

/// Where a window meets the input, in padded coordinates.
struct window {
  int first_y;
  int first_x;
  int end_y;
  int end_x;
};

window window_at(const operation& what, const numbers& input, int y, int x) {
  const int top = y * what.stride_y;
  const int left = x * what.stride_x;
  return {std::max(top, what.pad_top), std::max(left, what.pad_left),
          std::min(top + what.kernel_height, input.height - what.pad_bottom),
          std::min(left + what.kernel_width, input.width - what.pad_right)};
}

template <class Each>
void over(const numbers& input, const window& where, int channel, Each each) {
  for (int y = where.first_y; y < where.end_y; ++y) {
    for (int x = where.first_x; x < where.end_x; ++x) {
      each(input.values[input.at(y, x) + static_cast<std::size_t>(channel)]);
    }
  }
}

std::int64_t maximum_of(const operation& what, const numbers& input, const window& area, int c) {
  std::int64_t value = INT64_MIN;
  over(input, area, c, [&](std::int32_t one) { value = std::max<std::int64_t>(value, one); });
  return what.global_scale ? scaled(value, what.ofm_scale, what.rounding) : value;
}

/// With a scale for all the padding counts, else only what lies inside is averaged.
std::int64_t average_of(const operation& what, const numbers& input, const window& area, int c) {
  std::int64_t sum = 0;
  over(input, area, c, [&](std::int32_t one) { sum += one; });
  if (what.global_scale) {
    return scaled(sum, what.ofm_scale, what.rounding);
  }
  const std::int64_t count = std::int64_t{area.end_y - area.first_y} * (area.end_x - area.first_x);
  return divided(sum, count, what.rounding);
}

std::int64_t sum_of(const operation& what, const numbers& input, const window& area) {
  std::int64_t sum = 0;
  for (int c = 0; c < what.ifm.depth; ++c) {
    over(input, area, c, [&](std::int32_t one) { sum += one; });
  }
  return what.global_scale ? scaled(sum, what.ofm_scale, what.rounding) : sum;
}

} // namespace

results pooled(const operation& what, const context& where) {
  if (what.parameter > 2) {
    throw stream_error("the pooling mode " + std::to_string(what.parameter) + " does not exist");
  }
  const bool reduces = what.pool_mode() == pooling::reduce_sum;
  const int depth = reduces ? 1 : what.ifm.depth;
  if (what.ofm.depth != depth) {
    throw stream_error("the output of this pool has " + std::to_string(depth) +
                       " channels, OFM_DEPTH_M1 gives " + std::to_string(what.ofm.depth));
  }
  if (what.upscale == 2) {
    throw stream_error("pools do not insert zeros (IFM_UPSCALE 2)");
  }
  const numbers input = padded_input(what, where);
  results values;
  for (int y = 0; y < what.ofm.height; ++y) {
    for (int x = 0; x < what.ofm.width; ++x) {
      const window area = window_at(what, input, y, x);
      if (area.first_y >= area.end_y || area.first_x >= area.end_x) {
        throw stream_error("a window of this pool lies in the padding");
      }
      for (int c = 0; c < depth; ++c) {
        values.push_back(reduces                                ? sum_of(what, input, area)
                         : what.pool_mode() == pooling::maximum ? maximum_of(what, input, area, c)
                                                                : average_of(what, input, area, c));
      }
    }
  }
  return values;
}

} // namespace inlay::test::npu_model
