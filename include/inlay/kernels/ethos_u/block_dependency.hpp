// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/kernels/ethos_u/operation.hpp>

#include <array>
#include <cstdint>

// How far an operation may run into the one before. Blocks go through an NPU in order, from reading
// to writing, by channels, then columns, then rows; so an operation must wait for blocks that it
// reads, and for nothing else. (calc_blockdep in ethosu/vela/register_command_stream_util.py looks
// at channels and columns too; here a block is all of its rows, which is never too far.)

namespace inlay::ethos_u {

/// BLOCKDEP has two bits.
inline constexpr std::int32_t most_block_dependency = 3;

namespace detail {

/// Bytes [begin, end) of a region.
struct address_range {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  [[nodiscard]] constexpr bool meets(const address_range& other) const {
    return begin < other.end && other.begin < end;
  }
};

/// Rows [first, last) of a map, in its two tiles.
constexpr std::array<address_range, 2> ranges_of(const feature_map& map, std::int32_t first,
                                                 std::int32_t last) {
  const auto lesser = [](std::int32_t a, std::int32_t b) { return a < b ? a : b; };
  const std::int32_t end = lesser(last, map.height);
  const std::int32_t fold = map.first_rows;
  const auto rows = [&](std::int64_t base, std::int32_t from, std::int32_t to) {
    return from < to ? address_range{base + from * map.row_stride,
                                     base + (to - 1) * map.row_stride + map.row_bytes()}
                     : address_range{};
  };
  return {rows(map.base, first, lesser(end, fold)),
          rows(map.wrapped_base, first < fold ? 0 : first - fold, end - fold)};
}

constexpr bool meet(const std::array<address_range, 2>& some,
                    const std::array<address_range, 2>& others) {
  for (const address_range& one : some) {
    for (const address_range& other : others) {
      if (one.meets(other)) {
        return true;
      }
    }
  }
  return false;
}

/// The rows of an operation's output that its block `index` makes.
struct block_rows {
  std::int32_t first = 0;
  std::int32_t last = 0;
};
constexpr std::int32_t blocks_across(const operation& what) {
  const block& size = what.blocks.output;
  return static_cast<std::int32_t>(divided_up(what.output.width, size.width) *
                                   divided_up(what.output.depth, size.depth));
}
constexpr block_rows rows_of_block(const operation& what, std::int32_t index) {
  const std::int32_t height = what.blocks.output.height;
  const std::int32_t first = index / blocks_across(what) * height;
  return {first, first + height};
}

/// Whether the rows that a block reads meet some bytes.
constexpr bool reads(const operation& what, std::int32_t index,
                     const std::array<address_range, 2>& written) {
  const block_rows made = rows_of_block(what, index);
  if (what.kind == operation_kind::add) {
    return meet(ranges_of(what.input, made.first, made.last), written) ||
           meet(ranges_of(what.second, made.first, made.last), written);
  }
  const std::int32_t first = made.first * what.stride.height - what.padding.top;
  const std::int32_t last = (made.last - 1) * what.stride.height - what.padding.top +
                            (what.kernel.height - 1) * what.dilation.height + 1;
  return meet(ranges_of(what.input, first < 0 ? 0 : first, last), written);
}

} // namespace detail

/// How many blocks of `before` may be unfinished when `next` begins.
constexpr std::int32_t block_dependency(const operation& before, const operation& next) {
  const auto count = [](const operation& what) {
    return static_cast<std::int32_t>(
               detail::divided_up(what.output.height, what.blocks.output.height)) *
           detail::blocks_across(what);
  };
  const std::int32_t made = count(before);
  const std::int32_t to_make = count(next);
  // Blocks of operations before both are finished.
  std::int32_t allowed = made < most_block_dependency ? made : most_block_dependency;
  for (std::int32_t ahead = 0; ahead < allowed && ahead < to_make; ++ahead) {
    for (std::int32_t behind = 0; ahead + behind < allowed && behind < made; ++behind) {
      const detail::block_rows rows = detail::rows_of_block(before, made - 1 - behind);
      if (detail::reads(next, ahead, detail::ranges_of(before.output, rows.first, rows.last))) {
        allowed = ahead + behind;
      }
    }
  }
  return allowed;
}

} // namespace inlay::ethos_u
