// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"

#include <algorithm>

namespace inlay::test::npu_model {
namespace {

/// Rows or columns before padding, in units of the upscaled input.
int upscaled(int outputs, int stride, int window, int pads) {
  return (outputs - 1) * stride + window - pads;
}

numbers empty(int height, int width, int depth) {
  constexpr std::int64_t most = std::int64_t{1} << 27;
  if (std::int64_t{height} * width > most / depth) {
    throw stream_error("the padded input has more elements than the model takes");
  }
  numbers result{height, width, depth, {}};
  result.values.resize(static_cast<std::size_t>(height) * static_cast<std::size_t>(width) *
                       static_cast<std::size_t>(depth));
  return result;
}

/// Reads a run of channels, less the zero point.
void read_run(const feature_map& map, int count, std::int64_t offset, const context& where,
              std::int32_t* to) {
  const auto run =
      readable(where.regions, map.region, offset, std::int64_t{count} * map.element_bytes);
  for (int i = 0; i < count; ++i) {
    const std::int64_t value =
        load(run.data() + std::ptrdiff_t{i} * map.element_bytes, map.element_bytes, map.is_signed) -
        map.zero_point;
    to[i] = static_cast<std::int32_t>(std::clamp<std::int64_t>(value, INT32_MIN, INT32_MAX));
  }
}

struct limits {
  std::int64_t least;
  std::int64_t greatest;
};

/// What results are clamped to before they are stored or looked up.
limits clamp_of(const operation& what) {
  limits range{what.ofm.least(), what.ofm.greatest()};
  const int forced = what.activation >> 12;
  if (forced == 2) {
    range = {0, 255};
  } else if (forced == 3) {
    range = {-128, 127};
  } else if (forced == 5) {
    range = {-32768, 32767};
  } else if (forced != 0) {
    throw stream_error("ACTIVATION names a range that does not exist");
  } else if (what.ofm.element_bytes == 4) {
    return range; // MIN and MAX have 16 bits and do not count here
  }
  range.least = std::max<std::int64_t>(range.least, what.activation_min);
  range.greatest =
      std::min<std::int64_t>(range.greatest, what.ofm.is_signed || what.ofm.element_bytes != 2
                                                 ? what.activation_max
                                                 : static_cast<std::uint16_t>(what.activation_max));
  if (range.least > range.greatest) {
    throw stream_error("ACTIVATION_MIN is above ACTIVATION_MAX");
  }
  return range;
}

} // namespace

numbers plain_input(const feature_map& map, const context& where) {
  numbers result = empty(map.height, map.width, map.depth);
  each_run(map, [&](int y, int x, int c, int count, std::int64_t offset) {
    read_run(map, count, offset, where, result.values.data() + result.at(y, x) + c);
  });
  return result;
}

numbers padded_input(const operation& what, const context& where) {
  const feature_map& map = what.ifm;
  const int height = upscaled(what.ofm.height, what.stride_y, what.kernel_height, 0);
  const int width = upscaled(what.ofm.width, what.stride_x, what.kernel_width, 0);
  numbers result = empty(height, width, map.depth);
  const int factor = what.upscale == 0 ? 1 : 2;
  const int inner_height = height - what.pad_top - what.pad_bottom;
  const int inner_width = width - what.pad_left - what.pad_right;
  std::vector<std::int32_t> pixel(static_cast<std::size_t>(map.depth));
  const auto put = [&](int y, int x, int c, int count) {
    if (y < inner_height && x < inner_width) {
      std::copy_n(pixel.begin(), count,
                  result.values.begin() +
                      static_cast<std::ptrdiff_t>(result.at(y + what.pad_top, x + what.pad_left)) +
                      c);
    }
  };
  each_run(map, [&](int y, int x, int c, int count, std::int64_t offset) {
    read_run(map, count, offset, where, pixel.data());
    put(y * factor, x * factor, c, count);
    if (what.upscale == 1) {
      put(y * 2, x * 2 + 1, c, count);
      put(y * 2 + 1, x * 2, c, count);
      put(y * 2 + 1, x * 2 + 1, c, count);
    }
  });
  return result;
}

void store(const operation& what, const results& values, const context& where) {
  const feature_map& map = what.ofm;
  const limits range = clamp_of(what);
  if (!what.has_table() && !what.has_curve() && (what.activation & 0xFFF) != 0) {
    throw stream_error("there is no activation " + std::to_string(what.activation & 0xFFF) +
                       ": there are none (0), TANH (3), SIGMOID (4) and tables (16 to 23)");
  }
  const bool table = what.has_table();
  // Elements of 32 bits have no zero point, unless a range is forced on them.
  const int zero_point = map.element_bytes == 4 && what.activation >> 12 == 0 ? 0 : map.zero_point;
  std::size_t at = 0;
  each_run(map, [&](int, int, int, int count, std::int64_t offset) {
    const auto run =
        writable(where.regions, map.region, offset, std::int64_t{count} * map.element_bytes);
    for (int i = 0; i < count; ++i) {
      const std::int64_t result = what.has_curve() ? on_curve(what, values[at]) : values[at];
      ++at;
      std::int64_t value = std::clamp(result + zero_point, range.least, range.greatest);
      if (table) {
        value = looked_up(what, value, where);
      }
      save(run.data() + std::ptrdiff_t{i} * map.element_bytes, map.element_bytes, value);
    }
  });
}

} // namespace inlay::test::npu_model
