// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

namespace inlay::test::npu_model {
namespace {

void expect_inside(std::span<const region> regions, int number, std::int64_t offset,
                   std::int64_t bytes) {
  if (number < 0 || static_cast<std::size_t>(number) >= regions.size()) {
    throw stream_error("region " + std::to_string(number) + " is used and not given");
  }
  const auto size =
      static_cast<std::int64_t>(regions[static_cast<std::size_t>(number)].bytes().size());
  if (offset < 0 || bytes < 0 || offset > size || bytes > size - offset) {
    throw stream_error("bytes " + std::to_string(offset) + " to " + std::to_string(offset + bytes) +
                       " of region " + std::to_string(number) + ", which has " +
                       std::to_string(size));
  }
}

} // namespace

std::span<const std::byte> readable(std::span<const region> regions, int number,
                                    std::int64_t offset, std::int64_t bytes) {
  expect_inside(regions, number, offset, bytes);
  return regions[static_cast<std::size_t>(number)].bytes().subspan(static_cast<std::size_t>(offset),
                                                                   static_cast<std::size_t>(bytes));
}

std::span<std::byte> writable(std::span<const region> regions, int number, std::int64_t offset,
                              std::int64_t bytes) {
  expect_inside(regions, number, offset, bytes);
  std::byte* const base = regions[static_cast<std::size_t>(number)].writable();
  if (base == nullptr) {
    throw stream_error("region " + std::to_string(number) + " is written and holds constants");
  }
  return {base + offset, static_cast<std::size_t>(bytes)};
}

void expect_sound(const feature_map& map, std::string_view name) {
  const auto fail = [&](const std::string& why) { throw stream_error(std::string(name) + why); };
  if (map.element_bytes != 1 && map.element_bytes != 2 && map.element_bytes != 4) {
    fail(": elements of this size do not exist");
  }
  if (map.height < 1 || map.width < 1 || map.depth < 1) {
    fail(" has the shape " + std::to_string(map.height) + "x" + std::to_string(map.width) + "x" +
         std::to_string(map.depth));
  }
  constexpr std::int64_t most = std::int64_t{1} << 26;
  if (std::int64_t{map.height} * map.width > most / map.depth) {
    fail(" has more elements than the model takes, " + std::to_string(most));
  }
}

std::vector<std::byte> tensor_bytes(const feature_map& tensor, std::span<const region> regions) {
  expect_sound(tensor, "the tensor");
  std::vector<std::byte> result;
  each_run(tensor, [&](int, int, int, int count, std::int64_t offset) {
    const auto run =
        readable(regions, tensor.region, offset, std::int64_t{count} * tensor.element_bytes);
    result.insert(result.end(), run.begin(), run.end());
  });
  return result;
}

feature_map dense_map(int region, std::int64_t base, tensor_layout how, int height, int width,
                      int depth, int element_bytes) {
  feature_map map;
  map.region = region;
  map.base = {base, 0, 0, 0};
  map.height = map.height0 = map.height1 = height;
  map.width = map.width0 = width;
  map.depth = depth;
  map.element_bytes = element_bytes;
  map.layout = how;
  if (how == tensor_layout::nhwc) {
    map.stride_c = element_bytes;
    map.stride_x = std::int64_t{depth} * element_bytes;
    map.stride_y = map.stride_x * width;
  } else {
    map.stride_x = std::int64_t{16} * element_bytes;
    map.stride_c = map.stride_x * width;
    map.stride_y = map.stride_c * ((depth + 15) / 16);
  }
  return map;
}

} // namespace inlay::test::npu_model
