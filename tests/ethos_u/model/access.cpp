// SPDX-License-Identifier: Apache-2.0
#include "access.hpp"

#include <algorithm>

namespace inlay::test::npu_model {
namespace {

void append(intervals& to, const interval& next) {
  if (!to.empty() && to.back().region == next.region && to.back().end == next.begin) {
    to.back().end = next.end;
  } else {
    to.push_back(next);
  }
}

/// A row between two columns of one tile.
void append_columns(intervals& to, const feature_map& map, int y, int x, int end_x,
                    const box& part) {
  const auto add = [&](int column, int c, int columns, std::int64_t channels) {
    const std::int64_t at = map.address(y, column, c);
    const std::int64_t pitch =
        map.layout == tensor_layout::nhwc ? map.stride_x : std::int64_t{16} * map.element_bytes;
    append(to, {map.region, at, at + (columns - 1) * pitch + channels * map.element_bytes});
  };
  const int group = map.layout == tensor_layout::nhwc ? part.end_c : 16;
  for (int c = part.c; c < part.end_c; c = (c / group + 1) * group) {
    const int channels = std::min((c / group + 1) * group, part.end_c) - c;
    const bool dense = map.layout == tensor_layout::nhwc
                           ? map.stride_x == std::int64_t{channels} * map.element_bytes
                           : channels == 16;
    if (dense) {
      add(x, c, end_x - x, channels);
    } else {
      for (int column = x; column < end_x; ++column) {
        add(column, c, 1, channels);
      }
    }
  }
}

} // namespace

box whole(const feature_map& map) {
  return {0, 0, 0, map.height, map.width, map.depth};
}

intervals bytes_of(const feature_map& map, const box& part) {
  intervals result;
  for (int y = part.y; y < part.end_y; ++y) {
    const int split = std::clamp(map.width0, part.x, part.end_x);
    if (part.x < split) {
      append_columns(result, map, y, part.x, split, part);
    }
    if (split < part.end_x) {
      append_columns(result, map, y, split, part.end_x, part);
    }
  }
  return result;
}

intervals united(intervals some) {
  std::sort(some.begin(), some.end(), [](const interval& a, const interval& b) {
    return a.region != b.region ? a.region < b.region : a.begin < b.begin;
  });
  intervals result;
  for (const interval& next : some) {
    if (!result.empty() && result.back().region == next.region && next.begin <= result.back().end) {
      result.back().end = std::max(result.back().end, next.end);
    } else {
      result.push_back(next);
    }
  }
  return result;
}

bool meet(const intervals& a, const intervals& b) {
  auto one = a.begin();
  auto two = b.begin();
  while (one != a.end() && two != b.end()) {
    if (one->region == two->region && one->begin < two->end && two->begin < one->end) {
      return true;
    }
    const bool first =
        one->region != two->region ? one->region < two->region : one->end <= two->end;
    ++(first ? one : two);
  }
  return false;
}

accesses accesses_of(const operation& what, const machine& npu) {
  accesses result;
  if (what.kind == kind::dma) {
    const int to = what.into_shram() ? shram_region : what.target_region;
    what.each_row([&](std::int64_t source, std::int64_t target) {
      append(result.reads, {what.source_region, source, source + what.bytes});
      append(result.writes, {to, target, target + what.bytes});
    });
    result.reads = united(std::move(result.reads));
    result.writes = united(std::move(result.writes));
    return result;
  }
  if (!what.is_kernel()) {
    return result;
  }
  result.reads = bytes_of(what.ifm, whole(what.ifm));
  if (what.has_ifm2()) {
    const intervals more = bytes_of(what.ifm2, whole(what.ifm2));
    result.reads.insert(result.reads.end(), more.begin(), more.end());
  }
  if (what.has_weights()) {
    for (std::size_t core = 0; core < static_cast<std::size_t>(what.cores); ++core) {
      const range& weights = what.weights[core];
      const range& scales = what.scales[core];
      result.reads.push_back({what.weight_region, weights.base, weights.base + weights.bytes});
      result.reads.push_back({what.scale_region, scales.base, scales.base + scales.bytes});
    }
  }
  if (what.has_table()) {
    result.reads.push_back({shram_region, npu.tables_at(), npu.tables_at() + 2048});
  }
  result.writes = bytes_of(what.ofm, whole(what.ofm));
  result.writes.push_back({shram_region, 0, std::int64_t{npu.top(what.has_table())} * 1024});
  result.reads = united(std::move(result.reads));
  result.writes = united(std::move(result.writes));
  return result;
}

std::string describe(const interval& where) {
  return "bytes " + std::to_string(where.begin) + " to " + std::to_string(where.end) + " of " +
         (where.region == shram_region ? "SHRAM" : "region " + std::to_string(where.region));
}

} // namespace inlay::test::npu_model
